using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Net.Firewall;

/// <summary>An address of IEEE 802, 48 bits.</summary>
/// <param name="Value">The bits; the first byte on the wire is the highest of the 48.</param>
public readonly record struct MacAddress(ulong Value)
{
    private const int Bytes = 6;

    /// <summary>Reads "02:00:5e:10:00:01", with colons or hyphens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out MacAddress address)
    {
        address = default;
        if (text is null || text.Length != (Bytes * 3) - 1)
        {
            return false;
        }

        ulong value = 0;
        for (int place = 0; place < Bytes; place++)
        {
            ReadOnlySpan<char> octet = text.AsSpan(place * 3, 2);
            bool isSeparated = place == Bytes - 1 || (text[(place * 3) + 2] is ':' or '-' && text[(place * 3) + 2] == text[2]);
            if (!isSeparated || !byte.TryParse(octet, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte number))
            {
                return false;
            }

            value = (value << 8) | number;
        }

        address = new(value);
        return true;
    }

    /// <summary>Lower-case hexadecimal with colons.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(byte)(Value >> 40):x2}:{(byte)(Value >> 32):x2}:{(byte)(Value >> 24):x2}:{(byte)(Value >> 16):x2}:{(byte)(Value >> 8):x2}:{(byte)Value:x2}");
}
