namespace Net.Platform;

/// <summary>Operational state of a link, RFC 2863.</summary>
public enum LinkOperationalState
{
    /// <summary>The driver does not say; treat as up when the carrier is there (loopback, TUN).</summary>
    Unknown = 0,

    /// <summary>The device is not present.</summary>
    NotPresent = 1,

    /// <summary>Down.</summary>
    Down = 2,

    /// <summary>A lower device is down.</summary>
    LowerLayerDown = 3,

    /// <summary>In a test mode.</summary>
    Testing = 4,

    /// <summary>Waits for an event, such as authentication.</summary>
    Dormant = 5,

    /// <summary>Up.</summary>
    Up = 6,
}
