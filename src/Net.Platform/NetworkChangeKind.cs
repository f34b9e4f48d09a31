namespace Net.Platform;

/// <summary>What happened to an object of the network.</summary>
public enum NetworkChangeKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It was there and is different now.</summary>
    Changed,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>Events were lost; everything was read anew and the differences were published.</summary>
    Overrun,
}
