namespace Net.Overlay.Control;

/// <summary>What a node can do beyond the control stream itself. What both can is used. Bits that are not known are kept and ignored.</summary>
[Flags]
public enum OverlayCapabilities : long
{
    /// <summary>Nothing but the control stream.</summary>
    None = 0,

    /// <summary>IP packets in DATAGRAM frames (RFC 9221).</summary>
    Datagrams = 1,

    /// <summary>Packets in fragments where a path takes no whole ones.</summary>
    Fragments = 2,

    /// <summary>Routes are exchanged.</summary>
    Routes = 4,

    /// <summary>Applications may open streams of their own.</summary>
    ApplicationStreams = 8,

    /// <summary>Sealed path probes.</summary>
    Probes = 16,

    /// <summary>Names of peers are resolved.</summary>
    Names = 32,

    /// <summary>IP packets on a stream, for where there are no DATAGRAM frames.</summary>
    PacketStreams = 64,

    /// <summary>The sender is no member yet: a request to join follows its hello.</summary>
    Joins = 128,
}
