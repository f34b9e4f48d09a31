namespace Net.Relay;

/// <summary>What a frame turned out to be.</summary>
public enum ParseResult : byte
{
    /// <summary>A whole UDP or ESP packet: every field of the view is valid.</summary>
    Packet,

    /// <summary>Something no rule can ask for, like ARP, TCP, or IPv6 with extension headers other than a fragment's: not counted, the view is empty.</summary>
    Other,

    /// <summary>Headers that contradict each other or the frame; the view is empty.</summary>
    Malformed,

    /// <summary>A fragment: addresses, protocol and offsets are valid, ports are 0.</summary>
    Fragment,

    /// <summary>A wrong IPv4 header checksum, or a UDP checksum of zero in IPv6; the view is empty.</summary>
    Checksum,
}
