namespace Net.Overlay.Probes;

/// <summary>What probes say about an endpoint of a peer.</summary>
public enum ProbedPathState
{
    /// <summary>Nothing was sent there yet.</summary>
    Unknown,

    /// <summary>Probes are on their way; nothing else is sent there.</summary>
    Validating,

    /// <summary>The peer answered from there.</summary>
    Validated,

    /// <summary>It did not answer, or does not any more.</summary>
    Failed,
}
