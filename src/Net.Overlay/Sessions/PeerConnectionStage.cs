namespace Net.Overlay.Sessions;

/// <summary>How far a connection has come.</summary>
internal enum PeerConnectionStage
{
    /// <summary>The handshake is under way.</summary>
    Dialing,

    /// <summary>The handshake is confirmed, the hellos are not through.</summary>
    Greeting,

    /// <summary>It can carry packets.</summary>
    Established,

    /// <summary>Another one carries packets; it only receives what is on its way.</summary>
    Retired,
}
