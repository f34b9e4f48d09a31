using System.Net;

namespace Net.Engine.Relay.Membership;

/// <summary>A group on an interface as it stands now.</summary>
internal sealed record GroupStatus
{
    /// <summary>Index of the interface.</summary>
    public required int InterfaceIndex { get; init; }

    /// <summary>The group.</summary>
    public required IPAddress Group { get; init; }

    /// <summary>The sources that are received; empty for all, or for all but <see cref="ExcludedSources"/>.</summary>
    public IReadOnlyList<IPAddress> Sources { get; init; } = [];

    /// <summary>Sources that no receiver wants; only for <see cref="GroupRole.Receiver"/>.</summary>
    public IReadOnlyList<IPAddress> ExcludedSources { get; init; } = [];

    /// <summary>Why it is known.</summary>
    public required GroupRole Role { get; init; }

    /// <summary>Since when it is joined, or since when there are receivers. For a join that fails, since when it is wanted.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The host that reported it last; null for a join of ours, and for a host that has no address yet.</summary>
    public IPAddress? Reporter { get; init; }

    /// <summary>When it is forgotten unless a host reports it again; null for a join of ours.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Why the join failed, one sentence; null while it stands, and for receivers.</summary>
    public string? Reason { get; init; }
}
