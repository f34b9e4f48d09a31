using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>
/// One rule. Everything it matches on is in the rule itself; an empty list matches everything. All lists must match, one
/// value of each list suffices.
/// </summary>
public sealed record Rule
{
    /// <summary>The highest id a user's rule may have.</summary>
    public const long MaxId = (1L << 52) - 1;

    /// <summary>The first id of rules that profile, zones and port forwards imply; the last is 2^53, what a JSON number carries exactly.</summary>
    public const long FirstGeneratedId = MaxId + 1;

    /// <summary>The highest id of all.</summary>
    public const long LastGeneratedId = 1L << 53;

    /// <summary>The longest name, in UTF-16 characters. Lists and logs show names in one line.</summary>
    public const int MaxNameLength = 128;

    /// <summary>Number of the rule, assigned once and never reused; 1 to <see cref="MaxId"/>, or above for what the engine adds. It names the rule's counter.</summary>
    public required long Id { get; init; }

    /// <summary>Name the user gave; unique without regard to case. It never reaches the datapath.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the rule is in force. A disabled rule keeps its place and its counter.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Which packets are looked at.</summary>
    public required RuleDirection Direction { get; init; }

    /// <summary>What happens to a packet that matches.</summary>
    public required RuleAction Action { get; init; }

    /// <summary>Transport protocol.</summary>
    public RuleProtocol Protocol { get; init; }

    /// <summary>IP version. Any with addresses of one version only is that version.</summary>
    public RuleAddressFamily AddressFamily { get; init; }

    /// <summary>Source addresses.</summary>
    public ImmutableArray<AddressRange> SourceAddresses { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Destination addresses.</summary>
    public ImmutableArray<AddressRange> DestinationAddresses { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Source ports; only with TCP, UDP or SCTP.</summary>
    public ImmutableArray<PortRange> SourcePorts { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Destination ports; only with TCP, UDP or SCTP.</summary>
    public ImmutableArray<PortRange> DestinationPorts { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Interfaces the packet came in by; a trailing * stands for any ending. Not with Outbound.</summary>
    public ImmutableArray<string> InputInterfaces { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Interfaces the packet leaves by; a trailing * stands for any ending. Not with Inbound.</summary>
    public ImmutableArray<string> OutputInterfaces { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What else a packet must be; null asks nothing more.</summary>
    public RuleConditions? Conditions { get; init; }

    /// <summary>What else is done to a packet; null for nothing.</summary>
    public RuleEffects? Effects { get; init; }

    /// <summary>Whether the engine added it for profile, zones or port forwards.</summary>
    public bool IsGenerated => Id > MaxId;

    /// <summary>Compares by value, lists by their content and order.</summary>
    public bool Equals(Rule? other) => ReferenceEquals(this, other)
        || (other is not null && Id == other.Id && Name == other.Name && Enabled == other.Enabled && MatchesAndActsLike(other));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Name, Enabled, Direction, Action, Protocol, AddressFamily);

    /// <summary>Whether the datapath would hold the same for both: everything but the name.</summary>
    internal bool EmitsLike(Rule other) => ReferenceEquals(this, other)
        || (Id == other.Id && Enabled == other.Enabled && (!Enabled || MatchesAndActsLike(other)));

    private bool MatchesAndActsLike(Rule other) =>
        Direction == other.Direction
        && Action == other.Action
        && Conditions == other.Conditions
        && Effects == other.Effects
        && Protocol == other.Protocol
        && AddressFamily == other.AddressFamily
        && SourceAddresses.AsSpan().SequenceEqual(other.SourceAddresses.AsSpan())
        && DestinationAddresses.AsSpan().SequenceEqual(other.DestinationAddresses.AsSpan())
        && SourcePorts.AsSpan().SequenceEqual(other.SourcePorts.AsSpan())
        && DestinationPorts.AsSpan().SequenceEqual(other.DestinationPorts.AsSpan())
        && InputInterfaces.AsSpan().SequenceEqual(other.InputInterfaces.AsSpan())
        && OutputInterfaces.AsSpan().SequenceEqual(other.OutputInterfaces.AsSpan());
}
