using System.Net.Sockets;

namespace Net.Platform;

/// <summary>A connection in the kernel's connection tracking table, as it was when it was read.</summary>
public sealed record TrackedConnection
{
    /// <summary>Address family.</summary>
    public required AddressFamily Family { get; init; }

    /// <summary>IP protocol number.</summary>
    public required byte Protocol { get; init; }

    /// <summary>The direction of the first packet.</summary>
    public required ConnectionTuple Original { get; init; }

    /// <summary>The direction of the answers, as they arrive here: translated addresses are what differs from <see cref="Original"/> turned round.</summary>
    public required ConnectionTuple Reply { get; init; }

    /// <summary>State as the kernel names it for TCP and SCTP ("SYN_SENT", "ESTABLISHED"); for other protocols "UNREPLIED" until an answer was
    /// seen, then "REPLIED", and "ASSURED" once it is kept when the table is full. Events that leave the state out give the state last known to them: "NONE" for TCP and SCTP.</summary>
    public required string State { get; init; }

    /// <summary>What the kernel knows about it.</summary>
    public ConnectionStatus Status { get; init; }

    /// <summary>Connection mark; 0 when none was set.</summary>
    public uint Mark { get; init; }

    /// <summary>Connection tracking zone of the original direction; 0 is the ordinary one.</summary>
    public ushort Zone { get; init; }

    /// <summary>The kernel's number of this entry, unique while it lives; a later entry with the same tuple may have it again.</summary>
    public uint Id { get; init; }

    /// <summary>Time until the entry is forgotten when no more packets come; null in events of its end.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What was counted in the original direction; null when accounting was off when the connection began.</summary>
    public CounterValue? OriginalCounter { get; init; }

    /// <summary>What was counted in the direction of the answers; null when accounting was off when the connection began.</summary>
    public CounterValue? ReplyCounter { get; init; }

    /// <summary>When it began; null when the kernel kept no times when it began (net.netfilter.nf_conntrack_timestamp).</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it ended; only in events of its end, and only when times were kept.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Whether its source or destination is translated.</summary>
    public bool IsTranslated => (Status & (ConnectionStatus.SourceNat | ConnectionStatus.DestinationNat)) != 0;
}
