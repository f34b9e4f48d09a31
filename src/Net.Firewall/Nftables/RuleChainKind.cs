namespace Net.Firewall;

/// <summary>What a chain of one rule is for.</summary>
internal enum RuleChainKind
{
    /// <summary>What the rule does.</summary>
    Effects,

    /// <summary>The limits it asks.</summary>
    State,

    /// <summary>Its alternatives, of which the first that holds counts.</summary>
    Alternatives,
}
