namespace Net.Relay.Membership;

/// <summary>The floating-point codes of times in queries: small values as they are, large ones as a mantissa and an exponent.</summary>
public static class MembershipTimeCode
{
    /// <summary>The largest value of a code of 8 bits: 31 shifted left by 10.</summary>
    public const int Largest8 = 0x1f << 10;

    /// <summary>The largest value of a code of 16 bits: 8191 shifted left by 10.</summary>
    public const int Largest16 = 0x1fff << 10;

    /// <summary>Reads a code of 8 bits: Max Resp Code and QQIC of RFC 9776 sections 4.1.1 and 4.1.7, QQIC of RFC 3810 section 5.1.9.</summary>
    /// <param name="code">The code.</param>
    /// <returns>Its value, in the unit of its field.</returns>
    public static int Decode8(byte code) => code < 0x80 ? code : ((code & 0xf) | 0x10) << (((code >> 4) & 7) + 3);

    /// <summary>Reads a code of 16 bits: Maximum Response Code of RFC 3810 section 5.1.3.</summary>
    /// <param name="code">The code.</param>
    /// <returns>Its value in milliseconds.</returns>
    public static int Decode16(ushort code) => code < 0x8000 ? code : ((code & 0xfff) | 0x1000) << (((code >> 12) & 7) + 3);

    /// <summary>Writes a code of 8 bits.</summary>
    /// <param name="value">The value; below 0 counts as 0.</param>
    /// <returns>The code of the largest value that can be written and is not above it.</returns>
    public static byte Encode8(int value)
    {
        if (value < 0x80)
        {
            return (byte)Math.Max(value, 0);
        }

        value = Math.Min(value, Largest8);
        int exponent = 0;
        while (value >> (exponent + 3) > 0x1f)
        {
            exponent++;
        }

        return (byte)(0x80 | (exponent << 4) | ((value >> (exponent + 3)) & 0xf));
    }

    /// <summary>Writes a code of 16 bits.</summary>
    /// <param name="value">The value in milliseconds; below 0 counts as 0.</param>
    /// <returns>The code of the largest value that can be written and is not above it.</returns>
    public static ushort Encode16(int value)
    {
        if (value < 0x8000)
        {
            return (ushort)Math.Max(value, 0);
        }

        value = Math.Min(value, Largest16);
        int exponent = 0;
        while (value >> (exponent + 3) > 0x1fff)
        {
            exponent++;
        }

        return (ushort)(0x8000 | (exponent << 12) | ((value >> (exponent + 3)) & 0xfff));
    }
}
