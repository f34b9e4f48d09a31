namespace Net.Platform;

/// <summary>What happens to tracked connections.</summary>
[Flags]
public enum ConnectionEventKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A connection began.</summary>
    New = 1,

    /// <summary>Its state, status or mark changed.</summary>
    Updated = 2,

    /// <summary>It ended or was removed.</summary>
    Destroyed = 4,

    /// <summary>All three.</summary>
    All = New | Updated | Destroyed,

    /// <summary>Events were lost in this place; never asked for, always told.</summary>
    Overrun = 8,
}
