namespace Net.Firewall;

/// <summary>How a statement leaves the packets that match it.</summary>
internal enum ImportOutcome
{
    /// <summary>Some of them go on with the next statement.</summary>
    Next,

    /// <summary>They go back to the caller.</summary>
    Returned,

    /// <summary>None of them goes on.</summary>
    Closed,
}
