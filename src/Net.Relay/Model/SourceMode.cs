namespace Net.Relay;

/// <summary>Which source address a relayed packet leaves with.</summary>
public enum SourceMode : byte
{
    /// <summary>The one it came with.</summary>
    Keep,

    /// <summary>The output interface's own.</summary>
    Interface,

    /// <summary>One the rule names.</summary>
    Fixed,
}
