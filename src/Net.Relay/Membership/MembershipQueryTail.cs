using System.Buffers.Binary;

namespace Net.Relay.Membership;

/// <summary>What IGMPv3 and MLDv2 add to a query: S flag and robustness, query interval, sources; RFC 9776 sections 4.1.5 to 4.1.9, RFC 3810 sections 5.1.7 to 5.1.11.</summary>
internal static class MembershipQueryTail
{
    /// <summary>Bytes before the sources.</summary>
    public const int HeadBytes = 4;

    private const int SuppressFlag = 0x08;
    private const int RobustnessMask = 0x07;

    /// <summary>Reads it.</summary>
    /// <param name="data">At least <see cref="HeadBytes"/>.</param>
    /// <param name="addressBytes">4 or 16.</param>
    /// <param name="query">What was read before; filled in.</param>
    /// <returns>False when the sources are cut off.</returns>
    public static bool TryRead(ReadOnlySpan<byte> data, int addressBytes, ref MembershipQuery query)
    {
        int sources = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        if (data.Length - HeadBytes < sources * addressBytes)
        {
            return false;
        }

        query = query with
        {
            SuppressRouterProcessing = (data[0] & SuppressFlag) != 0,
            Robustness = data[0] & RobustnessMask,
            QueryInterval = TimeSpan.FromSeconds(MembershipTimeCode.Decode8(data[1])),
            Sources = GroupRecordCodec.ReadAddresses(data[HeadBytes..], sources, addressBytes),
        };
        return true;
    }

    /// <summary>Writes all but the sources.</summary>
    /// <param name="data">At least <see cref="HeadBytes"/>.</param>
    /// <param name="query">The question.</param>
    public static void Write(Span<byte> data, MembershipQuery query)
    {
        // A robustness above 7 does not fit and is sent as 0; RFC 9776 4.1.6.
        data[0] = (byte)((query.SuppressRouterProcessing ? SuppressFlag : 0) | (query.Robustness is > 0 and <= RobustnessMask ? query.Robustness : 0));
        data[1] = MembershipTimeCode.Encode8((int)Math.Min(query.QueryInterval.TotalSeconds, int.MaxValue));
        BinaryPrimitives.WriteUInt16BigEndian(data[2..], checked((ushort)query.Sources.Count));
    }
}
