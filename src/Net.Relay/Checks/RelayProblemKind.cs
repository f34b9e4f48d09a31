namespace Net.Relay;

/// <summary>What is wrong with a rule.</summary>
public enum RelayProblemKind : byte
{
    /// <summary>Its parts do not fit together.</summary>
    Invalid,

    /// <summary>Its packets would come back to it.</summary>
    Loop,

    /// <summary>It would carry packets beyond the scope of their group.</summary>
    Scope,

    /// <summary>The engine it asks for cannot do what it needs.</summary>
    Engine,

    /// <summary>Another rule takes the same packets, or two outputs send the same: both deliver, which may be meant. A warning.</summary>
    Overlap,
}
