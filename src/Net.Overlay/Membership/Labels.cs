using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Net.Overlay.Membership;

/// <summary>Names of nodes and groups: a DNS label (RFC 1123, 2.1) in lower case, because a node's name is also its name in the name service.</summary>
public static class Labels
{
    /// <summary>The longest label (RFC 1035, 2.3.4).</summary>
    public const int MaxCharacters = 63;

    /// <summary>Whether a text is 1 to 63 lower case letters, digits and hyphens, without a hyphen at either end.</summary>
    public static bool IsLabel([NotNullWhen(true)] string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxCharacters || text[0] == '-' || text[^1] == '-')
        {
            return false;
        }

        foreach (char character in text)
        {
            if (!char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '-')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads a label from bytes.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? label)
    {
        label = bytes.Length is > 0 and <= MaxCharacters ? Encoding.Latin1.GetString(bytes) : null;
        if (IsLabel(label))
        {
            return true;
        }

        label = null;
        return false;
    }

    /// <summary>Throws unless a text is a label.</summary>
    internal static void ThrowUnlessLabel(string text, string what)
    {
        if (!IsLabel(text))
        {
            throw new MembershipFormatException($"{what} '{text}' is no label of 1 to 63 lower case letters, digits and hyphens");
        }
    }
}
