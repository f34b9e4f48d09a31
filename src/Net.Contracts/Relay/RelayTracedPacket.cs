namespace Net.Contracts;

/// <summary>A packet of a traced rule, as it came in.</summary>
public sealed record RelayTracedPacket
{
    /// <summary>The rule.</summary>
    public required string Rule { get; init; }

    /// <summary>Its number in this trace, from 1.</summary>
    public long Number { get; set; }

    /// <summary>When it came in.</summary>
    public DateTimeOffset Time { get; set; }

    /// <summary>The interface it came in by.</summary>
    public required string InterfaceAlias { get; init; }

    /// <summary>Its source, with the port where it has one: <c>192.0.2.1:5000</c>, <c>[2001:db8::1]:5000</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Its destination, with the port where it has one.</summary>
    public required string Destination { get; init; }

    /// <summary>Its TTL (hop limit) as it came in.</summary>
    public int Ttl { get; set; }

    /// <summary>Its DSCP as it came in.</summary>
    public int Dscp { get; set; }

    /// <summary>Its length in bytes from the IP header on.</summary>
    public int LengthBytes { get; set; }

    /// <summary>Places in the rule's list, from 0, of the outputs it was sent by; null where the engine in use cannot tell (Xdp, Tcx).</summary>
    public int[]? Outputs { get; set; }

    /// <summary>Why it was not sent by every output; null when it was, or the engine in use cannot tell.</summary>
    public RelayDropReason? Drop { get; set; }

    /// <summary>Its first bytes from the IP header on, in base64.</summary>
    public string Data { get; set; } = "";

    /// <summary>Packets before this one that the trace missed because they came faster than they could be told.</summary>
    public long Missed { get; set; }
}
