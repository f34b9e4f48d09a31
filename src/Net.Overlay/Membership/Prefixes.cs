using System.Net;

namespace Net.Overlay.Membership;

/// <summary>Prefixes as bytes: the length in bits (one byte), then 4 or 16 bytes of address whose host bits are zero.</summary>
internal static class Prefixes
{
    /// <summary>Writes a prefix.</summary>
    public static byte[] ToBytes(IPNetwork prefix) => [(byte)prefix.PrefixLength, .. prefix.BaseAddress.GetAddressBytes()];

    /// <summary>Reads a prefix.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IPNetwork prefix)
    {
        prefix = default;
        if (bytes.Length is not (5 or 17) || bytes[0] > (bytes.Length - 1) * 8 || HasHostBits(bytes[1..], bytes[0]))
        {
            return false;
        }

        prefix = new IPNetwork(new IPAddress(bytes[1..]), bytes[0]);
        return true;
    }

    private static bool HasHostBits(ReadOnlySpan<byte> address, int length)
    {
        int whole = length / 8;
        if (whole == address.Length)
        {
            return false;
        }

        return (address[whole] & (0xff >> (length % 8))) != 0 || address[(whole + 1)..].ContainsAnyExcept((byte)0);
    }
}
