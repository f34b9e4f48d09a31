using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Net.Packets;

namespace Net.Relay.Membership;

/// <summary>Messages of IGMP: version 1 (RFC 1112), 2 (RFC 2236) and 3 (RFC 9776, which replaces RFC 3376).</summary>
public static class IgmpMessage
{
    /// <summary>The number of IGMP among the protocols of IPv4.</summary>
    public const byte Protocol = 2;

    private const byte QueryType = 0x11;
    private const byte ReportV1Type = 0x12;
    private const byte ReportV2Type = 0x16;
    private const byte LeaveType = 0x17;
    private const byte ReportV3Type = 0x22;

    // Type, response code, checksum, group: all there is of versions 1 and 2.
    private const int ShortBytes = 8;

    // RFC 9776 4.1: then flags, QQIC and the number of sources.
    private const int QueryV3Bytes = 12;
    private const int AddressBytes = 4;
    private static readonly TimeSpan CodeUnit = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads a message.</summary>
    /// <param name="data">The payload of the IP packet; whatever follows a message of version 1 or 2 is ignored, as RFC 2236 section 2.5 demands.</param>
    /// <param name="message">The message.</param>
    /// <returns>False when it is cut off, its checksum is wrong, or its type is not known.</returns>
    public static bool TryParse(ReadOnlySpan<byte> data, [NotNullWhen(true)] out MembershipMessage? message)
    {
        message = null;
        if (data.Length < ShortBytes || !InternetChecksum.IsValid(data))
        {
            return false;
        }

        switch (data[0])
        {
            case QueryType:
                return TryParseQuery(data, out message);
            case ReportV1Type:
            case ReportV2Type:
                message = MembershipMessage.Tell(data[0] == ReportV1Type ? 1 : 2, GroupRecord.Joined(ReadGroup(data)));
                return true;
            case LeaveType:
                message = new MembershipMessage { Kind = MembershipMessageKind.Leave, Version = 2, Records = [GroupRecord.Left(ReadGroup(data))] };
                return true;
            case ReportV3Type:
                if (!GroupRecordCodec.TryRead(data[ShortBytes..], BinaryPrimitives.ReadUInt16BigEndian(data[6..]), AddressBytes, out List<GroupRecord>? records))
                {
                    return false;
                }

                message = MembershipMessage.Tell(3, records);
                return true;
            default:
                return false;
        }
    }

    /// <summary>How long a message is on the wire.</summary>
    /// <param name="message">The message.</param>
    /// <returns>Bytes.</returns>
    public static int Measure(MembershipMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message switch
        {
            { Version: < 3 } => ShortBytes,
            { Kind: MembershipMessageKind.Query } => QueryV3Bytes + (message.Query!.Sources.Count * AddressBytes),
            _ => ShortBytes + GroupRecordCodec.Measure(message.Records, AddressBytes),
        };
    }

    /// <summary>Writes a message with its checksum.</summary>
    /// <param name="destination">Room for it.</param>
    /// <param name="message">The message. Of versions 1 and 2, only the group of the first record is written.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">There is not enough room, or an address is not IPv4.</exception>
    public static int Write(Span<byte> destination, MembershipMessage message)
    {
        int length = Measure(message);
        if (destination.Length < length)
        {
            throw new ArgumentException($"A message of {length} bytes does not fit into {destination.Length}.", nameof(destination));
        }

        Span<byte> data = destination[..length];
        data.Clear();
        switch (message)
        {
            case { Kind: MembershipMessageKind.Query }:
                WriteQuery(data, message.Version, message.Query!);
                break;
            case { Kind: MembershipMessageKind.Report, Version: 3 }:
                data[0] = ReportV3Type;
                BinaryPrimitives.WriteUInt16BigEndian(data[6..], checked((ushort)message.Records.Count));
                GroupRecordCodec.Write(data[ShortBytes..], message.Records, AddressBytes);
                break;
            default:
                data[0] = message.Kind == MembershipMessageKind.Leave ? LeaveType : message.Version == 1 ? ReportV1Type : ReportV2Type;
                GroupRecordCodec.WriteAddress(data[4..], message.Records[0].Group, AddressBytes);
                break;
        }

        BinaryPrimitives.WriteUInt16BigEndian(data[2..], InternetChecksum.Compute(data));
        return length;
    }

    private static IPAddress ReadGroup(ReadOnlySpan<byte> data) => new(data.Slice(4, AddressBytes));

    private static void WriteQuery(Span<byte> data, int version, MembershipQuery query)
    {
        int code = (int)Math.Min(query.MaxResponseTime / CodeUnit, int.MaxValue);
        data[0] = QueryType;

        // A code of 0 would make it a query of version 1. In version 2 the code is a plain number.
        data[1] = version switch
        {
            1 => 0,
            2 => (byte)Math.Clamp(code, 1, byte.MaxValue),
            _ => MembershipTimeCode.Encode8(code),
        };
        GroupRecordCodec.WriteAddress(data[4..], query.Group, AddressBytes);
        if (version < 3)
        {
            return;
        }

        MembershipQueryTail.Write(data[ShortBytes..], query);
        for (int i = 0; i < query.Sources.Count; i++)
        {
            GroupRecordCodec.WriteAddress(data[(QueryV3Bytes + (i * AddressBytes))..], query.Sources[i], AddressBytes);
        }
    }

    private static bool TryParseQuery(ReadOnlySpan<byte> data, [NotNullWhen(true)] out MembershipMessage? message)
    {
        message = null;
        IPAddress group = ReadGroup(data);
        var query = new MembershipQuery { Group = group.Equals(IPAddress.Any) ? null : group };

        // RFC 9776 7.1: the length tells the versions apart; a length between them is to be ignored.
        if (data.Length == ShortBytes)
        {
            message = MembershipMessage.Ask(data[1] == 0 ? 1 : 2, query with { MaxResponseTime = data[1] * CodeUnit });
            return true;
        }

        if (data.Length < QueryV3Bytes || !MembershipQueryTail.TryRead(data[ShortBytes..], AddressBytes, ref query))
        {
            return false;
        }

        message = MembershipMessage.Ask(3, query with { MaxResponseTime = MembershipTimeCode.Decode8(data[1]) * CodeUnit });
        return true;
    }
}
