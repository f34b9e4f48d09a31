using System.Net;

namespace Net.Relay.Membership;

/// <summary>A group with receivers on a link, at one moment.</summary>
public sealed record ReceiverInfo
{
    /// <summary>The group.</summary>
    public required IPAddress Group { get; init; }

    /// <summary>Whether every source is wanted but <see cref="Excluded"/>; otherwise only <see cref="Included"/> are.</summary>
    public required bool IsAnySource { get; init; }

    /// <summary>Sources that are wanted. While every source is wanted: those that some host asked for by name.</summary>
    public required IReadOnlyList<IPAddress> Included { get; init; }

    /// <summary>Sources that no host wants.</summary>
    public required IReadOnlyList<IPAddress> Excluded { get; init; }

    /// <summary>Since when there are receivers.</summary>
    public required TimeSpan Since { get; init; }

    /// <summary>When they are forgotten unless reported again.</summary>
    public required TimeSpan Expires { get; init; }

    /// <summary>Who reported last.</summary>
    public required IPAddress Reporter { get; init; }

    /// <summary>The version the group is kept by: the oldest that one of its hosts speaks.</summary>
    public required int HostVersion { get; init; }
}
