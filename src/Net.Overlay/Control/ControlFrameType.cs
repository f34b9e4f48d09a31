namespace Net.Overlay.Control;

/// <summary>What a frame of the control stream is. Odd types must be understood: a peer that does not know one ends the connection. Even ones are skipped.</summary>
public enum ControlFrameType
{
    /// <summary>No frame.</summary>
    None = 0,

    /// <summary>The first frame each way: versions, capabilities, who and what the node is.</summary>
    Hello = 1,

    /// <summary>A sign of life.</summary>
    KeepAlive = 2,

    /// <summary>The answer to a hello that cannot be agreed with; the connection ends after it.</summary>
    HelloRefused = 3,

    /// <summary>The largest inner packet the sender takes on this path.</summary>
    PathMtu = 4,

    /// <summary>Prefixes the sender forwards to.</summary>
    Routes = 5,

    /// <summary>The hash of the sender's policy.</summary>
    PolicyHash = 6,

    /// <summary>A request to join the network.</summary>
    JoinRequest = 7,

    /// <summary>A newer revocation list.</summary>
    RevocationUpdate = 8,

    /// <summary>The answer to a request to join.</summary>
    JoinReply = 9,

    /// <summary>The endpoint the sender sees the receiver at.</summary>
    PathChanged = 10,

    /// <summary>Something went wrong that does not end the connection by itself.</summary>
    Error = 11,

    /// <summary>A request for a fresh connection, made before this one goes.</summary>
    RenewConnection = 12,

    /// <summary>The sender ends the connection on purpose.</summary>
    Goodbye = 13,
}
