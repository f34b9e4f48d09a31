namespace Net.Relay;

/// <summary>Why a packet was not relayed. The numbers are indexes of counters, in the kernel's maps too: new reasons go to the end.</summary>
public enum RelayDrop : byte
{
    /// <summary>The lengths in its headers contradict each other or the frame, or a group is its source.</summary>
    Malformed,

    /// <summary>It is a fragment: only the first one has the ports a rule asks for.</summary>
    Fragment,

    /// <summary>Its time to live would reach 0.</summary>
    Ttl,

    /// <summary>Its source is not one of those allowed.</summary>
    Source,

    /// <summary>It is one of ours that came back.</summary>
    Loop,

    /// <summary>The output's rate limit is used up.</summary>
    Rate,

    /// <summary>It is larger than the output's MTU, and the rule does not say to fragment.</summary>
    TooBig,

    /// <summary>The output does not exist now, or cannot carry the packet's address family.</summary>
    NoOutput,

    /// <summary>The link-layer address of a unicast destination is not known.</summary>
    NoNeighbor,

    /// <summary>The output is paused, as nobody there wants the group.</summary>
    Paused,

    /// <summary>Another source had delivered it before.</summary>
    Duplicate,

    /// <summary>It came from the source that stands by.</summary>
    Standby,

    /// <summary>The output's send buffer was full.</summary>
    Queue,

    /// <summary>The checksum of its IPv4 header is wrong, or it has no UDP checksum where IPv6 demands one (RFC 8200 section 8.1).</summary>
    Checksum,

    /// <summary>The output's interface was down.</summary>
    InterfaceDown,

    /// <summary>The ring of the input had no room for it.</summary>
    Ring,
}
