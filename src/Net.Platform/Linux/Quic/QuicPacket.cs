using System.Buffers.Binary;
using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Linux;

/// <summary>What a QUIC packet shows before it is decrypted (RFC 8999 and RFC 9000 17): by this the connection is found that it belongs to. Valid as long as the packet's memory.</summary>
public readonly ref struct QuicPacket
{
    private QuicPacket(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> destinationId, ReadOnlySpan<byte> sourceId, uint version, bool isLong)
    {
        FirstByte = packet[0];
        DestinationId = destinationId;
        SourceId = sourceId;
        Version = version;
        IsLongHeader = isLong;
    }

    /// <summary>Whether it has the long header of handshakes; short ones are all others.</summary>
    public bool IsLongHeader { get; }

    /// <summary>The version of a long header; 0 is version negotiation, and what short ones have.</summary>
    public uint Version { get; }

    /// <summary>Connection id of the receiver: in a short header the 8 bytes that all ids of ours have, in a long one up to 255 for versions we do not know.</summary>
    public ReadOnlySpan<byte> DestinationId { get; }

    /// <summary>Connection id of the sender; empty in a short header.</summary>
    public ReadOnlySpan<byte> SourceId { get; }

    /// <summary>The destination as a number when it has 8 bytes, as ours do, in either header; otherwise 0.</summary>
    public ulong ShortDestinationId => DestinationId.Length == QuicConnectionId.Bytes ? BinaryPrimitives.ReadUInt64BigEndian(DestinationId) : 0;

    /// <summary>Whether it is an Initial packet of a version we speak: bits 0x30 of the first byte are 0 (RFC 9000 17.2.2).</summary>
    public bool IsInitial => IsLongHeader && IsSupportedVersion && (FirstByte & 0x30) == 0;

    /// <summary>Whether we speak its version: 1 (RFC 9000). Short headers have none and are of a connection whose version was agreed on.</summary>
    public bool IsSupportedVersion => !IsLongHeader || Version == NGTCP2_PROTO_VER_V1;

    private byte FirstByte { get; }

    /// <summary>Reads the parts that no version may change.</summary>
    /// <param name="packet">The UDP payload, whose first packet is looked at.</param>
    /// <param name="parsed">What it shows.</param>
    /// <returns>False when it is no QUIC packet for us: too short, or its connection ids do not fit.</returns>
    public static bool TryParse(ReadOnlySpan<byte> packet, out QuicPacket parsed)
    {
        const int shortBytes = 1 + QuicConnectionId.Bytes;
        parsed = default;
        if (packet.Length < shortBytes)
        {
            return false;
        }

        if ((packet[0] & 0x80) == 0)
        {
            parsed = new QuicPacket(packet, packet[1..shortBytes], default, 0, isLong: false);
            return true;
        }

        // First byte, version, length and bytes of the destination's id, length and bytes of the source's (RFC 8999 5.1).
        uint version = BinaryPrimitives.ReadUInt32BigEndian(packet[1..]);
        int destinationLength = packet[5];
        ReadOnlySpan<byte> rest = packet[6..];
        if (rest.Length <= destinationLength)
        {
            return false;
        }

        ReadOnlySpan<byte> destination = rest[..destinationLength];
        int sourceLength = rest[destinationLength];
        rest = rest[(destinationLength + 1)..];
        if (rest.Length < sourceLength || (version == NGTCP2_PROTO_VER_V1 && (destinationLength > NGTCP2_MAX_CIDLEN || sourceLength > NGTCP2_MAX_CIDLEN)))
        {
            return false;
        }

        parsed = new QuicPacket(packet, destination, rest[..sourceLength], version, isLong: true);
        return true;
    }
}
