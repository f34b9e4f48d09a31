namespace Net.Overlay.Flows;

/// <summary>What happens to a packet.</summary>
public enum FlowVerdict : byte
{
    /// <summary>It passes.</summary>
    Allow,

    /// <summary>A rule, or the default, forbids it.</summary>
    Deny,

    /// <summary>It is no packet: lengths do not fit, a header is missing.</summary>
    Malformed,

    /// <summary>A fragment whose first part was not seen, so that nobody knows its ports.</summary>
    UnknownFragment,
}
