using System.Net;
using System.Security;

namespace Net.PowerShell.Requests;

/// <summary>The one place where a secret becomes readable, just before it goes to the engine.</summary>
internal static class SecretText
{
    /// <summary>The text of <paramref name="secret"/>. Never put it into a message.</summary>
    public static string Reveal(SecureString secret) => new NetworkCredential(string.Empty, secret).Password;
}
