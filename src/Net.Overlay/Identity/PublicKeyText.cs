using System.Diagnostics.CodeAnalysis;

namespace Net.Overlay.Identity;

/// <summary>An Ed25519 public key as the text users copy to add a peer or to name a network: "nmk1" and 58 characters with a checksum (Bech32m).</summary>
public static class PublicKeyText
{
    /// <summary>The prefix of the text.</summary>
    public const string TextPrefix = "nmk";

    private const string What = "a public key";

    /// <summary>Writes a key as text.</summary>
    /// <param name="publicKey">32 bytes.</param>
    public static string Format(ReadOnlySpan<byte> publicKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(publicKey.Length, NodeId.PublicKeyBytes);
        return Bech32.Encode(TextPrefix, publicKey);
    }

    /// <summary>Reads a key.</summary>
    /// <param name="text">The text.</param>
    /// <param name="publicKey">32 bytes.</param>
    /// <param name="problem">What is wrong with the text, or null.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out byte[]? publicKey, [NotNullWhen(false)] out string? problem)
    {
        if (!Bech32.TryDecode(text, TextPrefix, What, out publicKey, out problem))
        {
            return false;
        }

        if (publicKey.Length != NodeId.PublicKeyBytes)
        {
            problem = $"{What} has 62 characters, this text has {text.AsSpan().Trim().Length}";
            publicKey = null;
            return false;
        }

        return true;
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="FormatException">The text is no public key; the message says why.</exception>
    public static byte[] Parse(string text) => TryParse(text, out byte[]? publicKey, out string? problem) ? publicKey : throw new FormatException(problem);
}
