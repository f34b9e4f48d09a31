using System.Diagnostics.CodeAnalysis;

namespace Net.Overlay.Identity;

/// <summary>Bytes as text that can be copied, read out and typed: Bech32m (BIP 173 with the constant of BIP 350), without the limit of 90 characters. A text is a
/// prefix that says what it is, "1", base32 digits, and six digits of checksum. The checksum finds every change of up to four characters in the first 89
/// and misses one in 2^30 of other mistakes; what is longer (certificates, invitations) carries a signature or a secret of its own.</summary>
internal static class Bech32
{
    /// <summary>Digits of checksum at the end.</summary>
    public const int ChecksumCharacters = 6;

    /// <summary>The longest text that is read, in characters: a certificate of the largest size.</summary>
    public const int MaxCharacters = 32 * 1024;

    private const string Digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    // What the checksum of a right text comes to (BIP 350).
    private const uint FinalConstant = 0x2bc830a3;

    /// <summary>Writes bytes as text.</summary>
    /// <param name="prefix">Lower case letters that say what the bytes are, such as "nm".</param>
    /// <param name="data">The bytes.</param>
    public static string Encode(string prefix, ReadOnlySpan<byte> data)
    {
        int digits = ((data.Length * 8) + 4) / 5;
        char[] text = new char[prefix.Length + 1 + digits + ChecksumCharacters];
        prefix.CopyTo(text);
        text[prefix.Length] = '1';
        uint checksum = ChecksumOfPrefix(prefix);
        int at = prefix.Length + 1;
        uint bits = 0;
        int count = 0;
        foreach (byte value in data)
        {
            bits = (bits << 8) | value;
            count += 8;
            while (count >= 5)
            {
                count -= 5;
                Put((bits >> count) & 31);
            }
        }

        if (count > 0)
        {
            Put((bits << (5 - count)) & 31);
        }

        for (int index = 0; index < ChecksumCharacters; index++)
        {
            checksum = Step(checksum);
        }

        checksum ^= FinalConstant;
        for (int index = 0; index < ChecksumCharacters; index++)
        {
            text[at++] = Digits[(int)((checksum >> (5 * (ChecksumCharacters - 1 - index))) & 31)];
        }

        return new string(text);

        void Put(uint digit)
        {
            checksum = Step(checksum) ^ digit;
            text[at++] = Digits[(int)digit];
        }
    }

    /// <summary>Reads text.</summary>
    /// <param name="text">The text; all lower or all upper case; spaces around it do not matter.</param>
    /// <param name="prefix">The prefix it must have.</param>
    /// <param name="what">What it should be, for the sentence about a problem: "a node id".</param>
    /// <param name="data">The bytes.</param>
    /// <param name="problem">What is wrong with the text, as a sentence without a full stop, or null.</param>
    public static bool TryDecode(string? text, string prefix, string what, [NotNullWhen(true)] out byte[]? data, [NotNullWhen(false)] out string? problem)
    {
        data = null;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            problem = $"{what} is missing: it starts with {prefix}1";
            return false;
        }

        if (rest.Length > MaxCharacters)
        {
            problem = $"{what} has at most {MaxCharacters} characters, this text has {rest.Length}";
            return false;
        }

        int separator = rest.IndexOf('1');
        if (separator != prefix.Length || !rest[..separator].Equals(prefix, StringComparison.OrdinalIgnoreCase))
        {
            problem = $"this is not {what}: {what} starts with {prefix}1{Known(rest, separator)}";
            return false;
        }

        if (rest.ContainsAnyInRange('a', 'z') && rest.ContainsAnyInRange('A', 'Z'))
        {
            problem = $"{what} is written in lower case or in upper case, not mixed";
            return false;
        }

        ReadOnlySpan<char> digits = rest[(separator + 1)..];
        if (digits.Length < ChecksumCharacters)
        {
            problem = $"{what} is cut off after {rest.Length} characters";
            return false;
        }

        byte[] decoded = new byte[(digits.Length - ChecksumCharacters) * 5 / 8];
        uint checksum = ChecksumOfPrefix(prefix);
        uint bits = 0;
        int count = 0;
        int at = 0;
        for (int index = 0; index < digits.Length; index++)
        {
            int digit = Digits.IndexOf(char.ToLowerInvariant(digits[index]), StringComparison.Ordinal);
            if (digit < 0)
            {
                problem = $"character {separator + 2 + index} of {what}, '{Printable(digits[index])}', is none that is used there (1, b, i and o are left out because they are misread)";
                return false;
            }

            checksum = Step(checksum) ^ (uint)digit;
            if (index < digits.Length - ChecksumCharacters)
            {
                bits = (bits << 5) | (uint)digit;
                count += 5;
                if (count >= 8)
                {
                    count -= 8;
                    decoded[at++] = (byte)(bits >> count);
                }
            }
        }

        if (checksum != FinalConstant)
        {
            problem = $"the checksum of {what} does not match: a character was changed, lost or added on the way";
            return false;
        }

        // What is left over from the last digit is less than one digit and zero, so that each text has one meaning and each meaning one text.
        if (count >= 5 || (bits & ((1u << count) - 1)) != 0)
        {
            problem = $"{what} has a length that no encoder makes";
            return false;
        }

        data = decoded;
        problem = null;
        return true;
    }

    private static string Known(ReadOnlySpan<char> text, int separator) => separator < 0 ? string.Empty : text[..separator] switch
    {
        "nm" => "; this is a node id",
        "nmk" => "; this is a public key",
        "nmc" => "; this is a membership certificate",
        "nmi" => "; this is an invitation",
        "nms" => "; this is a key succession",
        _ => string.Empty,
    };

    private static char Printable(char character) => char.IsControl(character) ? '?' : character;

    private static uint ChecksumOfPrefix(string prefix)
    {
        uint checksum = 1;
        foreach (char character in prefix)
        {
            checksum = Step(checksum) ^ ((uint)character >> 5);
        }

        checksum = Step(checksum);
        foreach (char character in prefix)
        {
            checksum = Step(checksum) ^ ((uint)character & 31);
        }

        return checksum;
    }

    // One step of the BCH code over GF(32): the generator of BIP 173.
    private static uint Step(uint checksum)
    {
        uint top = checksum >> 25;
        uint next = (checksum & 0x1ffffff) << 5;
        next ^= (top & 1) != 0 ? 0x3b6a57b2u : 0;
        next ^= (top & 2) != 0 ? 0x26508e6du : 0;
        next ^= (top & 4) != 0 ? 0x1ea119fau : 0;
        next ^= (top & 8) != 0 ? 0x3d4233ddu : 0;
        next ^= (top & 16) != 0 ? 0x2a1462b3u : 0;
        return next;
    }
}
