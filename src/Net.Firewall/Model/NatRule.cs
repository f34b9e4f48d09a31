using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>One NAT rule. It looks at the first packet of a connection; the first rule that matches decides for the whole connection, one for the destination and one for the source.</summary>
public sealed record NatRule
{
    /// <summary>Number of the rule, out of the same numbers as <see cref="Rule.Id"/>. It names the rule's counter.</summary>
    public required long Id { get; init; }

    /// <summary>Name the user gave. It never reaches the datapath.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the rule is in force.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What it does.</summary>
    public required NatKind Kind { get; init; }

    /// <summary>Whether an <see cref="NatKind.Exempt"/> rule keeps the source (after routing) rather than the destination (before routing).</summary>
    public bool ExemptsSource { get; init; }

    /// <summary>IP version; Any with addresses of one version only is that version.</summary>
    public RuleAddressFamily AddressFamily { get; init; }

    /// <summary>Transport protocol; ports take TCP, UDP or SCTP.</summary>
    public RuleProtocol Protocol { get; init; }

    /// <summary>Source addresses.</summary>
    public ImmutableArray<AddressRange> SourceAddresses { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Destination addresses.</summary>
    public ImmutableArray<AddressRange> DestinationAddresses { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Source ports.</summary>
    public ImmutableArray<PortRange> SourcePorts { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Destination ports.</summary>
    public ImmutableArray<PortRange> DestinationPorts { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Interfaces the packet came in by; only before routing (Destination, DestinationPrefix, Redirect).</summary>
    public ImmutableArray<string> InputInterfaces { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Interfaces the packet leaves by; only after routing (Masquerade, Source, SourcePrefix).</summary>
    public ImmutableArray<string> OutputInterfaces { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Whether the destination must be an address of this host, whatever it is at the moment (fib daddr type local).</summary>
    public bool IsToThisHost { get; init; }

    /// <summary>Whether packets this host itself sends are translated as well; only for the destination.</summary>
    public bool IncludesOwnPackets { get; init; }

    /// <summary>The new addresses, or the new prefix; null with Masquerade, Redirect and Exempt.</summary>
    public AddressRange? ToAddresses { get; init; }

    /// <summary>The new ports; null keeps them.</summary>
    public PortRange? ToPorts { get; init; }

    /// <summary>Whether source ports are chosen at random.</summary>
    public bool IsRandom { get; init; }

    /// <summary>Whether a source always gets the same of several addresses.</summary>
    public bool IsPersistent { get; init; }

    /// <summary>Compares by value, lists by their content and order.</summary>
    public bool Equals(NatRule? other) => ReferenceEquals(this, other)
        || (other is not null && Id == other.Id && Name == other.Name && Enabled == other.Enabled && Kind == other.Kind && ExemptsSource == other.ExemptsSource
            && AddressFamily == other.AddressFamily && Protocol == other.Protocol
            && SourceAddresses.AsSpan().SequenceEqual(other.SourceAddresses.AsSpan())
            && DestinationAddresses.AsSpan().SequenceEqual(other.DestinationAddresses.AsSpan())
            && SourcePorts.AsSpan().SequenceEqual(other.SourcePorts.AsSpan())
            && DestinationPorts.AsSpan().SequenceEqual(other.DestinationPorts.AsSpan())
            && InputInterfaces.AsSpan().SequenceEqual(other.InputInterfaces.AsSpan())
            && OutputInterfaces.AsSpan().SequenceEqual(other.OutputInterfaces.AsSpan())
            && IsToThisHost == other.IsToThisHost && IncludesOwnPackets == other.IncludesOwnPackets
            && ToAddresses == other.ToAddresses && ToPorts == other.ToPorts && IsRandom == other.IsRandom && IsPersistent == other.IsPersistent);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Name, Enabled, Kind, Protocol, ToAddresses, ToPorts);
}
