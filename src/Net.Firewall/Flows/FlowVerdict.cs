using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>What the rules make of a packet.</summary>
public sealed class FlowVerdict
{
    /// <summary>Allow, Block or Reject.</summary>
    public required RuleAction Action { get; init; }

    /// <summary>The rule that decided; null when none did and the packet passes.</summary>
    public Rule? Rule { get; init; }

    /// <summary>Whether the packet passes because its connection stood before the firewall (<see cref="FirewallModel.KeptSessions"/>), without any rule being asked.</summary>
    public bool IsKeptSession { get; init; }

    /// <summary>The mark afterwards.</summary>
    public uint Mark { get; init; }

    /// <summary>The code point afterwards.</summary>
    public byte Dscp { get; init; }

    /// <summary>The time to live or hop limit a rule gave the packet; null when none did.</summary>
    public byte? Ttl { get; init; }

    /// <summary>The highest TCP segment size a rule lets the packet offer, 0 for what the route takes; null when none does. Always null but for a TCP SYN.</summary>
    public ushort? MaxSegmentSize { get; init; }

    /// <summary>Rules that matched and left the decision to later ones, in order.</summary>
    public ImmutableArray<Rule> Continued { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What was taken for granted, in the order of the rules.</summary>
    public ImmutableArray<FlowAssumption> Assumptions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Whether the packet passes.</summary>
    public bool IsAllowed => Action == RuleAction.Allow;

    /// <summary>Rules that matched, in order: those that continued, then the one that decided.</summary>
    public ImmutableArray<Rule> Matched => Rule is null ? Continued : Continued.Add(Rule);

    /// <summary>Rules that write the packet to the log, in order.</summary>
    public ImmutableArray<Rule> Logged => [.. Matched.Where(static rule => rule.Effects is { Log: true })];

    /// <summary>Ids of the dynamic lists its source is put into, in order.</summary>
    public ImmutableArray<long> AddedTo => [.. Matched.Select(static rule => rule.Effects?.AddSourceTo).OfType<long>()];
}
