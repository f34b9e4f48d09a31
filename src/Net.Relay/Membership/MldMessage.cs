using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Net.Relay.Membership;

/// <summary>Messages of MLD, which are ICMPv6: version 1 (RFC 2710) and 2 (RFC 3810). The checksum, which covers the packet's addresses, is <see cref="MembershipPacket"/>'s business.</summary>
public static class MldMessage
{
    /// <summary>The number of ICMPv6 among the protocols of IPv6.</summary>
    public const byte Protocol = 58;

    private const byte QueryType = 130;
    private const byte ReportV1Type = 131;
    private const byte DoneType = 132;
    private const byte ReportV2Type = 143;

    // Type, code, checksum, response code, reserved, group: all there is of version 1.
    private const int ShortBytes = 24;
    private const int QueryV2Bytes = 28;
    private const int GroupOffset = 8;
    private const int ReportHeadBytes = 8;
    private const int AddressBytes = 16;

    /// <summary>Reads a message, whose checksum was found right.</summary>
    /// <param name="data">The ICMPv6 message.</param>
    /// <param name="message">The message.</param>
    /// <returns>False when it is cut off, or no message of MLD.</returns>
    public static bool TryParse(ReadOnlySpan<byte> data, [NotNullWhen(true)] out MembershipMessage? message)
    {
        message = null;
        if (data.Length < ReportHeadBytes || (data[0] != ReportV2Type && data.Length < ShortBytes))
        {
            return false;
        }

        switch (data[0])
        {
            case QueryType:
                return TryParseQuery(data, out message);
            case ReportV1Type:
                message = MembershipMessage.Tell(1, GroupRecord.Joined(ReadGroup(data)));
                return true;
            case DoneType:
                message = new MembershipMessage { Kind = MembershipMessageKind.Leave, Version = 1, Records = [GroupRecord.Left(ReadGroup(data))] };
                return true;
            case ReportV2Type:
                if (!GroupRecordCodec.TryRead(data[ReportHeadBytes..], BinaryPrimitives.ReadUInt16BigEndian(data[6..]), AddressBytes, out List<GroupRecord>? records))
                {
                    return false;
                }

                message = MembershipMessage.Tell(2, records);
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
            { Version: < 2 } => ShortBytes,
            { Kind: MembershipMessageKind.Query } => QueryV2Bytes + (message.Query!.Sources.Count * AddressBytes),
            _ => ReportHeadBytes + GroupRecordCodec.Measure(message.Records, AddressBytes),
        };
    }

    /// <summary>Writes a message with a checksum of zero.</summary>
    /// <param name="destination">Room for it.</param>
    /// <param name="message">The message. Of version 1, only the group of the first record is written.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">There is not enough room, or an address is not IPv6.</exception>
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
            case { Kind: MembershipMessageKind.Report, Version: 2 }:
                data[0] = ReportV2Type;
                BinaryPrimitives.WriteUInt16BigEndian(data[6..], checked((ushort)message.Records.Count));
                GroupRecordCodec.Write(data[ReportHeadBytes..], message.Records, AddressBytes);
                break;
            default:
                data[0] = message.Kind == MembershipMessageKind.Leave ? DoneType : ReportV1Type;
                GroupRecordCodec.WriteAddress(data[GroupOffset..], message.Records[0].Group, AddressBytes);
                break;
        }

        return length;
    }

    private static IPAddress ReadGroup(ReadOnlySpan<byte> data) => new(data.Slice(GroupOffset, AddressBytes));

    private static void WriteQuery(Span<byte> data, int version, MembershipQuery query)
    {
        int milliseconds = (int)Math.Min(query.MaxResponseTime.TotalMilliseconds, int.MaxValue);
        data[0] = QueryType;

        // In version 1 the field is a plain number.
        BinaryPrimitives.WriteUInt16BigEndian(data[4..], version == 1 ? (ushort)Math.Clamp(milliseconds, 0, ushort.MaxValue) : MembershipTimeCode.Encode16(milliseconds));
        GroupRecordCodec.WriteAddress(data[GroupOffset..], query.Group, AddressBytes);
        if (version == 1)
        {
            return;
        }

        MembershipQueryTail.Write(data[ShortBytes..], query);
        for (int i = 0; i < query.Sources.Count; i++)
        {
            GroupRecordCodec.WriteAddress(data[(QueryV2Bytes + (i * AddressBytes))..], query.Sources[i], AddressBytes);
        }
    }

    private static bool TryParseQuery(ReadOnlySpan<byte> data, [NotNullWhen(true)] out MembershipMessage? message)
    {
        message = null;
        IPAddress group = ReadGroup(data);
        ushort code = BinaryPrimitives.ReadUInt16BigEndian(data[4..]);
        var query = new MembershipQuery { Group = group.Equals(IPAddress.IPv6Any) ? null : group };

        // RFC 3810 8.1: the length tells the versions apart; a length between them is to be ignored.
        if (data.Length == ShortBytes)
        {
            message = MembershipMessage.Ask(1, query with { MaxResponseTime = TimeSpan.FromMilliseconds(code) });
            return true;
        }

        if (data.Length < QueryV2Bytes || !MembershipQueryTail.TryRead(data[ShortBytes..], AddressBytes, ref query))
        {
            return false;
        }

        message = MembershipMessage.Ask(2, query with { MaxResponseTime = TimeSpan.FromMilliseconds(MembershipTimeCode.Decode16(code)) });
        return true;
    }
}
