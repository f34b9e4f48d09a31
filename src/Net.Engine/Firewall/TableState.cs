namespace Net.Engine.Firewall;

/// <summary>What a look at our table found.</summary>
internal enum TableState
{
    /// <summary>It cannot be read now.</summary>
    Unreadable,

    /// <summary>It holds exactly what was written last.</summary>
    Ours,

    /// <summary>It is not there, and should be.</summary>
    Removed,

    /// <summary>It holds something else than what was written last.</summary>
    Changed,

    /// <summary>Somebody else's transaction came together with ours before the table was read once, and nobody told which tables it was about.</summary>
    Unknown,
}
