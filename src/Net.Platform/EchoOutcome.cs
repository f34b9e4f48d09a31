namespace Net.Platform;

/// <summary>How a probe ended.</summary>
public enum EchoOutcome
{
    /// <summary>The destination answered.</summary>
    Reply,

    /// <summary>Nothing came back in time.</summary>
    Timeout,

    /// <summary>A router or the destination said that it cannot be reached.</summary>
    DestinationUnreachable,

    /// <summary>The hop limit was used up on the way.</summary>
    TtlExceeded,

    /// <summary>The probe could not be sent.</summary>
    SendFailed,
}
