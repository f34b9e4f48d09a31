namespace Net.Overlay.Sessions;

/// <summary>What is to be done for a peer.</summary>
public enum PeerActionKind
{
    /// <summary>Start a QUIC connection as TLS client to the endpoint of the action's index; -1 is the endpoint selected at present.</summary>
    Dial,

    /// <summary>Send a hello on the connection, with the action's ordinal.</summary>
    SendHello,

    /// <summary>Send inner packets on this connection from now on; keep receiving on the others.</summary>
    Use,

    /// <summary>Send a keepalive on the connection.</summary>
    SendKeepAlive,

    /// <summary>Say goodbye on the connection and close it. It is forgotten already: nothing more is to be told of it.</summary>
    Close,
}
