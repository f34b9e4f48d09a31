using System.Buffers.Binary;
using System.Text;
using static Net.Platform.Linux.Interop.NftablesApi;
using static Net.Platform.Linux.Interop.PacketLogApi;

namespace Net.Platform.Linux.Netfilter;

/// <summary>Reads messages of the packet log. Whatever bytes arrive, nothing is thrown.</summary>
internal static unsafe class PacketLogParser
{
    // The kernel copies no longer prefix (NF_LOG_PREFIXLEN, net/netfilter/nf_log.h).
    private const int MaxPrefixBytes = 128;
    private const int MaxHardwareAddressBytes = 8;

    /// <summary>Whether a message is a logged packet.</summary>
    /// <param name="message">The message.</param>
    /// <returns>True when it is.</returns>
    public static bool IsPacket(in NetlinkMessage message) => message.Type == ((NFNL_SUBSYS_ULOG << 8) | NFULNL_MSG_PACKET);

    /// <summary>Reads a logged packet.</summary>
    /// <param name="message">The message.</param>
    /// <param name="now">Time of a packet that carries none.</param>
    /// <param name="maxPayloadBytes">Bytes of the packet that are kept.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="sequence">Its number within the group; null when it carries none.</param>
    /// <returns>False when the message is none, or makes no sense.</returns>
    public static bool TryParse(in NetlinkMessage message, DateTimeOffset now, int maxPayloadBytes, out LoggedPacket packet, out uint? sequence)
    {
        packet = null!;
        sequence = null;
        if (!IsPacket(message) || message.Payload.Length < sizeof(nfgenmsg))
        {
            return false;
        }

        var family = (FirewallFamily)message.Payload[0];
        DateTimeOffset time = now;
        string prefix = "";
        byte hook = byte.MaxValue;
        uint mark = 0;
        int? input = null;
        int? output = null;
        int? physicalInput = null;
        int? physicalOutput = null;
        uint? user = null;
        uint? group = null;
        byte[] hardwareAddress = [];
        byte[] payload = [];
        bool isSound = true;
        bool hasHeader = false;
        NetlinkReader attributes = message.Attributes<nfgenmsg>();
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case NFULA_PACKET_HDR:
                    hasHeader = attribute.TryRead(out nfulnl_msg_packet_hdr header);
                    hook = header.hook;
                    break;
                case NFULA_MARK:
                    isSound &= attribute.TryGet(ref mark);
                    break;
                case NFULA_TIMESTAMP:
                    time = ReadTime(attribute) ?? now;
                    break;
                case NFULA_IFINDEX_INDEV:
                    isSound &= TryReadIndex(attribute, out input);
                    break;
                case NFULA_IFINDEX_OUTDEV:
                    isSound &= TryReadIndex(attribute, out output);
                    break;
                case NFULA_IFINDEX_PHYSINDEV:
                    isSound &= TryReadIndex(attribute, out physicalInput);
                    break;
                case NFULA_IFINDEX_PHYSOUTDEV:
                    isSound &= TryReadIndex(attribute, out physicalOutput);
                    break;
                case NFULA_HWADDR when attribute.TryRead(out nfulnl_msg_packet_hw address):
                    int length = Math.Min((int)BigEndian(address.hw_addrlen), MaxHardwareAddressBytes);
                    hardwareAddress = new ReadOnlySpan<byte>(address.hw_addr, length).ToArray();
                    break;
                case NFULA_PREFIX:
                    prefix = ReadPrefix(attribute.Value);
                    break;
                case NFULA_UID:
                    isSound &= TryReadNumber(attribute, out user);
                    break;
                case NFULA_GID:
                    isSound &= TryReadNumber(attribute, out group);
                    break;
                case NFULA_SEQ:
                    isSound &= TryReadNumber(attribute, out sequence);
                    break;
                case NFULA_PAYLOAD:
                    payload = attribute.Value[..Math.Min(attribute.Value.Length, maxPayloadBytes)].ToArray();
                    break;
            }
        }

        if (!hasHeader || !isSound)
        {
            return false;
        }

        packet = new LoggedPacket
        {
            Time = time,
            Prefix = prefix,
            Hook = NftablesParser.ToHook(family, hook),
            Family = family,
            Mark = mark,
            InputInterface = input,
            OutputInterface = output,
            PhysicalInputInterface = physicalInput,
            PhysicalOutputInterface = physicalOutput,
            HardwareAddress = hardwareAddress,
            UserId = user,
            GroupId = group,
            Payload = payload,
            Packet = family == FirewallFamily.Arp ? null : PacketTupleParser.Parse(payload),
        };
        return true;
    }

    private static ushort BigEndian(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static ulong BigEndian(ulong value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static bool TryReadNumber(in NetlinkAttribute attribute, out uint? number)
    {
        uint value = 0;
        bool isRead = attribute.TryGet(ref value);
        number = isRead ? value : null;
        return isRead;
    }

    private static bool TryReadIndex(in NetlinkAttribute attribute, out int? index)
    {
        bool isRead = TryReadNumber(attribute, out uint? number);
        index = (int?)number;
        return isRead;
    }

    private static string ReadPrefix(ReadOnlySpan<byte> value)
    {
        value = value.Length > MaxPrefixBytes ? value[..MaxPrefixBytes] : value;
        int end = value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? value : value[..end]);
    }

    private static DateTimeOffset? ReadTime(in NetlinkAttribute attribute)
    {
        const ulong microsecondsPerSecond = 1_000_000;

        // The last second of the year 9999, beyond which no time can be said.
        const ulong maxSeconds = 253_402_300_799;
        if (!attribute.TryRead(out nfulnl_msg_packet_timestamp time))
        {
            return null;
        }

        ulong seconds = BigEndian(time.sec);
        ulong microseconds = BigEndian(time.usec);
        return seconds is 0 or > maxSeconds || microseconds >= microsecondsPerSecond
            ? null
            : DateTimeOffset.UnixEpoch.AddTicks(((long)seconds * TimeSpan.TicksPerSecond) + ((long)microseconds * TimeSpan.TicksPerMicrosecond));
    }
}
