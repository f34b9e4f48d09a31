using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>What NAT makes of the destination or the source of a connection's first packet.</summary>
public sealed record FlowTranslation
{
    /// <summary>The rule that matched; null when none did.</summary>
    public NatRule? Rule { get; init; }

    /// <summary>The packet afterwards. Where the kernel chooses among several addresses or ports it has the first of them; where it takes the address of an interface
    /// that is not known, the address it had.</summary>
    public required FlowPacket Packet { get; init; }

    /// <summary>The addresses the kernel chooses from; null when the address is certain or kept.</summary>
    public AddressRange? PossibleAddresses { get; init; }

    /// <summary>The ports the kernel chooses from; null when the port is certain or kept.</summary>
    public PortRange? PossiblePorts { get; init; }

    /// <summary>The interface whose address is taken and is not known; null otherwise.</summary>
    public string? AddressOfInterface { get; init; }

    /// <summary>What cannot be known beforehand, each in a sentence.</summary>
    public ImmutableArray<string> Notes { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Whether a rule matched that translates; false for none and for exceptions.</summary>
    public bool IsTranslated => Rule is not null && Rule.Kind != NatKind.Exempt;
}
