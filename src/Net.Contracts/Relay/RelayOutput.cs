namespace Net.Contracts;

/// <summary>One way packets of a rule leave. What is left out stays as it came in, except the TTL. Its text, as plans and tables show it and the command line
/// takes it, is the interface and then the members that are set: <c>br1,destination=239.2.2.2,port=6000,ttl=4</c>; see <see cref="RelayOutputText"/>.</summary>
public sealed record RelayOutput
{
    /// <summary>The interface packets leave by. An interface that does not exist yet is waited for.</summary>
    public required string InterfaceAlias { get; init; }

    /// <summary>The destination, a group or a unicast address; null keeps the packet's. A destination of the other family of IP needs the Socket engine.</summary>
    public string? Destination { get; set; }

    /// <summary>The destination port, 1 to 65535; null keeps the packet's.</summary>
    public int? Port { get; set; }

    /// <summary>The TTL (hop limit) packets leave with, 1 to 255; null takes one off the packet's, and drops a packet that would leave with 0.</summary>
    public int? Ttl { get; set; }

    /// <summary>The source address packets leave with: <c>keep</c> (the packet's), <c>interface</c> (this host's on the interface, followed when it
    /// changes), or an address of this host.</summary>
    public string Source { get; set; } = "keep";

    /// <summary>The source port packets leave with, 1 to 65535; null keeps the packet's.</summary>
    public int? SourcePort { get; set; }

    /// <summary>The DSCP packets leave with, 0 to 63 (RFC 2474); null keeps the packet's.</summary>
    public int? Dscp { get; set; }

    /// <summary>Packets per second, 1 to 100,000,000, beyond which packets are dropped and counted; null for no limit.</summary>
    public long? RateLimit { get; set; }

    /// <summary>Bits per second, from the IP header on, 1,000 to 1,000,000,000,000, beyond which packets are dropped and counted; null for no limit.</summary>
    public long? BitRateLimit { get; set; }

    /// <summary>What happens to a packet larger than the interface's MTU.</summary>
    public RelayOversize Oversize { get; set; }

    /// <summary>Whether nothing is sent while no receiver of the group is known on the interface by IGMP or MLD. For outputs to a group.</summary>
    public bool PauseWithoutReceivers { get; set; }

    /// <summary>Reads the text of an output.</summary>
    /// <exception cref="FormatException">It is none; the message says which part.</exception>
    public static RelayOutput Parse(string text) => RelayOutputText.Read(text);

    /// <inheritdoc />
    public override string ToString() => RelayOutputText.Write(this);
}
