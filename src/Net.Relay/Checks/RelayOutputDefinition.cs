using System.Net;
using System.Net.Sockets;

namespace Net.Relay;

/// <summary>An output as the document has it; null and 0 keep what the packet has.</summary>
public sealed record RelayOutputDefinition
{
    /// <summary>The output interface.</summary>
    public required string Interface { get; init; }

    /// <summary>Destination.</summary>
    public IPAddress? Destination { get; init; }

    /// <summary>Destination port.</summary>
    public int Port { get; init; }

    /// <summary>TTL; null takes one from the packet's.</summary>
    public int? Ttl { get; init; }

    /// <summary>Which source address.</summary>
    public SourceMode SourceMode { get; init; }

    /// <summary>The address, for <see cref="SourceMode.Fixed"/>.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>Source port.</summary>
    public int SourcePort { get; init; }

    /// <summary>DSCP.</summary>
    public int? Dscp { get; init; }

    /// <summary>Packets a second; 0 for no limit.</summary>
    public long PacketsPerSecond { get; init; }

    /// <summary>Bits a second; 0 for no limit.</summary>
    public long BitsPerSecond { get; init; }

    /// <summary>What becomes of packets beyond the MTU.</summary>
    public OversizeAction Oversize { get; init; }

    /// <summary>Whether it pauses without receivers.</summary>
    public bool PauseWithoutReceivers { get; init; }

    /// <summary>Where packets of a rule go by this output.</summary>
    /// <param name="rule">The rule.</param>
    internal AddressPrefix DestinationFor(RelayRuleDefinition rule) => Destination is null ? rule.Destination : AddressPrefix.Of(Destination);

    /// <summary>Whether packets change their address family.</summary>
    /// <param name="rule">The rule.</param>
    internal bool ChangesFamily(RelayRuleDefinition rule) => Destination is not null && Destination.AddressFamily == AddressFamily.InterNetworkV6 != rule.Destination.IsIPv6;
}
