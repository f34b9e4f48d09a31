namespace Net.Overlay.Control;

/// <summary>The state of a request to join.</summary>
public enum JoinStatus
{
    /// <summary>It waits for approval; the reply comes again when that is decided, on this connection or on one made later.</summary>
    Pending = 0,

    /// <summary>The certificate is in the reply.</summary>
    Granted = 1,

    /// <summary>It is refused.</summary>
    Refused = 2,
}
