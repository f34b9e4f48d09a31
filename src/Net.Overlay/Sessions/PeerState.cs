namespace Net.Overlay.Sessions;

/// <summary>Where a node stands with a peer.</summary>
public enum PeerState
{
    /// <summary>There is no connection, and none is wanted at present.</summary>
    Idle,

    /// <summary>Handshakes are under way.</summary>
    Connecting,

    /// <summary>TLS has proven who the peer is; hellos are exchanged.</summary>
    Authenticating,

    /// <summary>Packets go through.</summary>
    Up,

    /// <summary>Nothing worked; the next try has a time.</summary>
    Backoff,

    /// <summary>One side does not want the other; it is asked again soon at first, then seldom.</summary>
    Refused,

    /// <summary>Switched off by the administrator.</summary>
    Disabled,
}
