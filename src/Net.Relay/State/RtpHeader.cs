using System.Buffers.Binary;

namespace Net.Relay;

/// <summary>What of an RTP header is needed to count (RFC 3550 section 5.1).</summary>
/// <param name="Ssrc">The synchronization source.</param>
/// <param name="Sequence">The sequence number.</param>
internal readonly record struct RtpHeader(uint Ssrc, ushort Sequence)
{
    private const int Bytes = 12;
    private const int VersionMask = 0xC0;
    private const int Version2 = 0x80;

    /// <summary>Reads what may be one: nothing in a payload proves that it is RTP, only numbers that follow each other do.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="header">The header, when it returns true.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, out RtpHeader header)
    {
        header = default;
        if (payload.Length < Bytes || (payload[0] & VersionMask) != Version2)
        {
            return false;
        }

        // Payload types 64 to 95 are those RTCP's packet types look like (RFC 5761 section 4).
        int payloadType = payload[1] & 0x7F;
        header = new RtpHeader(BinaryPrimitives.ReadUInt32BigEndian(payload[8..]), BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        return payloadType is < 64 or > 95;
    }
}
