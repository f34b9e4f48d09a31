namespace Net.Platform;

/// <summary>What a policy routing rule does.</summary>
public enum RuleAction
{
    /// <summary>Unspecified.</summary>
    Unspecified = 0,

    /// <summary>Looks into a table.</summary>
    ToTable = 1,

    /// <summary>Goes on at another rule.</summary>
    GoTo = 2,

    /// <summary>Does nothing.</summary>
    Nop = 3,

    /// <summary>Drops silently.</summary>
    Blackhole = 6,

    /// <summary>Refuses with "destination unreachable".</summary>
    Unreachable = 7,

    /// <summary>Refuses with "administratively prohibited".</summary>
    Prohibit = 8,
}
