namespace Net.Overlay.Control;

/// <summary>Why something is refused, is wrong or ends; also the application error code of the QUIC connection's close.</summary>
public enum ControlErrorCode
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>The sender has no reason of this list.</summary>
    Unspecified = 1,

    /// <summary>The peer's protocol version is too old.</summary>
    VersionTooOld = 2,

    /// <summary>The peer's protocol version is too new.</summary>
    VersionTooNew = 3,

    /// <summary>The peer's key or certificate is not trusted.</summary>
    NotTrusted = 4,

    /// <summary>The peer's certificate has expired or is not valid yet.</summary>
    CertificateExpired = 5,

    /// <summary>The peer or its certificate was revoked.</summary>
    Revoked = 6,

    /// <summary>The peer is switched off here by its administrator.</summary>
    Disabled = 7,

    /// <summary>A capability is missing without which nothing works.</summary>
    CapabilityMissing = 8,

    /// <summary>A frame breaks the rules of the protocol.</summary>
    ProtocolViolation = 9,

    /// <summary>A frame is larger, or there are more of something, than is allowed.</summary>
    LimitExceeded = 10,

    /// <summary>A frame came that must be understood and is not.</summary>
    UnknownCriticalFrame = 11,

    /// <summary>There was no traffic for the agreed time.</summary>
    Idle = 12,

    /// <summary>The engine, the overlay or its worker stops.</summary>
    Stopping = 13,

    /// <summary>Another connection to the same peer takes over.</summary>
    Replaced = 14,

    /// <summary>An overlay address the peer claims is not its own.</summary>
    AddressConflict = 15,

    /// <summary>There are too many peers or too much work already.</summary>
    Busy = 16,
}
