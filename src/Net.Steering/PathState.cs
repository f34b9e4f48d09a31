namespace Net.Steering;

/// <summary>What is known about whether packets get through on a path.</summary>
public enum PathState
{
    /// <summary>Nothing was tried yet.</summary>
    Unknown,

    /// <summary>Probes are on their way, or the path recovers and has not replied often enough yet.</summary>
    Validating,

    /// <summary>Probes are replied to.</summary>
    Validated,

    /// <summary>Probes get no reply, or the link cannot carry packets.</summary>
    Failed,
}
