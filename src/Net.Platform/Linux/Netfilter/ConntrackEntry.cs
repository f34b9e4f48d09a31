using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Netfilter;

/// <summary>An entry as the kernel sent it, in numbers: it is filtered and counted in this form, and becomes a record only when somebody wants it. IPv4 addresses fill the low 32 bits.</summary>
internal struct ConntrackEntry
{
    /// <summary>Protocol number of ICMP.</summary>
    public const byte Icmp = Libc.IPPROTO_ICMP;

    /// <summary>Protocol number of ICMPv6.</summary>
    public const byte IcmpV6 = Libc.IPPROTO_ICMPV6;

    /// <summary>AF_INET or AF_INET6.</summary>
    public byte Family;

    /// <summary>IP protocol number.</summary>
    public byte Protocol;

    /// <summary>State number of TCP or SCTP; 0 when the message has none.</summary>
    public byte ProtocolState;

    /// <summary>Whether the counters of the original direction are there.</summary>
    public bool HasOriginalCounter;

    /// <summary>Whether the counters of the answers are there.</summary>
    public bool HasReplyCounter;

    /// <summary>Whether the timeout is there.</summary>
    public bool HasTimeout;

    /// <summary>Zone of the original direction.</summary>
    public ushort Zone;

    /// <summary>IPS_ bits.</summary>
    public uint Status;

    /// <summary>Connection mark.</summary>
    public uint Mark;

    /// <summary>The kernel's number.</summary>
    public uint Id;

    /// <summary>Seconds until it is forgotten.</summary>
    public uint TimeoutSeconds;

    /// <summary>The direction of the first packet.</summary>
    public ConntrackTuple Original;

    /// <summary>The direction of the answers.</summary>
    public ConntrackTuple Reply;

    /// <summary>What was counted in the original direction.</summary>
    public CounterValue OriginalCounter;

    /// <summary>What was counted in the direction of the answers.</summary>
    public CounterValue ReplyCounter;

    /// <summary>When it began, in nanoseconds since 1970; 0 when not known.</summary>
    public ulong StartNanoseconds;

    /// <summary>When it ended, in nanoseconds since 1970; 0 when not known.</summary>
    public ulong StopNanoseconds;

    /// <summary>Whether its tuples carry ICMP numbers in place of ports.</summary>
    public readonly bool IsIcmp => Protocol is Icmp or IcmpV6;

    /// <summary>Its state in words; always the same string object for the same state.</summary>
    public readonly string State => ConntrackStates.NameOf(Protocol, ProtocolState, Status);

    /// <summary>Takes the numbers of a record, as far as they are needed to find the entry again.</summary>
    /// <param name="connection">The record.</param>
    /// <returns>The numbers.</returns>
    public static ConntrackEntry Of(TrackedConnection connection) => new()
    {
        Family = ToKernel(connection.Family),
        Protocol = connection.Protocol,
        Original = ConntrackTuple.Of(connection.Original),
        Zone = connection.Zone,
        Id = connection.Id,
    };

    /// <summary>AF_ number of an address family.</summary>
    /// <param name="family">The family.</param>
    /// <returns>The number; AF_UNSPEC for all others.</returns>
    public static byte ToKernel(AddressFamily? family) => family switch
    {
        AddressFamily.InterNetwork => Libc.AF_INET,
        AddressFamily.InterNetworkV6 => Libc.AF_INET6,
        _ => Libc.AF_UNSPEC,
    };

    /// <summary>An address as a number.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The number; IPv4 fills the low 32 bits.</returns>
    public static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Makes the record.</summary>
    /// <returns>The record.</returns>
    public readonly TrackedConnection ToConnection()
    {
        IPAddress originalSource = ToAddress(Original.Source);
        IPAddress originalDestination = ToAddress(Original.Destination);

        // Without translation both directions have the same two addresses: half the objects.
        IPAddress replySource = Reply.Source == Original.Destination ? originalDestination : ToAddress(Reply.Source);
        IPAddress replyDestination = Reply.Destination == Original.Source ? originalSource : ToAddress(Reply.Destination);
        return new TrackedConnection
        {
            Family = Family == Libc.AF_INET ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6,
            Protocol = Protocol,
            Original = Original.ToTuple(originalSource, originalDestination, IsIcmp),
            Reply = Reply.ToTuple(replySource, replyDestination, IsIcmp),
            State = State,
            Status = (ConnectionStatus)Status,
            Mark = Mark,
            Zone = Zone,
            Id = Id,
            Timeout = HasTimeout ? TimeSpan.FromSeconds((long)TimeoutSeconds) : null,
            OriginalCounter = HasOriginalCounter ? OriginalCounter : null,
            ReplyCounter = HasReplyCounter ? ReplyCounter : null,
            StartTime = ToTime(StartNanoseconds),
            EndTime = ToTime(StopNanoseconds),
        };
    }

    private static DateTimeOffset? ToTime(ulong nanoseconds)
    {
        const ulong nanosecondsPerTick = 100;
        ulong ticks = nanoseconds / nanosecondsPerTick;
        return nanoseconds != 0 && ticks <= (ulong)(DateTimeOffset.MaxValue.Ticks - DateTimeOffset.UnixEpoch.Ticks)
            ? DateTimeOffset.UnixEpoch.AddTicks((long)ticks)
            : null;
    }

    private readonly IPAddress ToAddress(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (Family == Libc.AF_INET)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)number);
            return new IPAddress(bytes[..4]);
        }

        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
