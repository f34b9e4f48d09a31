namespace Net.Overlay.Control;

/// <summary>Bounds of the control stream. A peer is authenticated before it can send any of this; the bounds keep one that is broken or hostile from costing memory.</summary>
public static class ControlLimits
{
    /// <summary>The largest body of a frame in bytes: four fields of a <see cref="Hello"/> at their limits fit.</summary>
    public const int MaxBodyBytes = 48 * 1024;

    /// <summary>The largest body of a <see cref="RevocationUpdate"/> in bytes.</summary>
    public const int MaxRevocationBytes = Membership.RevocationList.MaxBytes;

    /// <summary>The largest body of a frame that is skipped because its type is not known, in bytes.</summary>
    public const int MaxSkippedBytes = 1024 * 1024;

    /// <summary>The longest sentence in bytes of UTF-8. Longer ones are cut.</summary>
    public const int MaxReasonBytes = 512;

    /// <summary>The largest body of a type in bytes.</summary>
    public static int MaxBytesOf(ControlFrameType type) => type == ControlFrameType.RevocationUpdate ? MaxRevocationBytes : MaxBodyBytes;
}
