namespace Net.Overlay.Probes;

/// <summary>What came of opening a probe.</summary>
public enum ProbeOpenResult
{
    /// <summary>It is the peer's and new.</summary>
    Ok,

    /// <summary>Its form is not that of a probe.</summary>
    Malformed,

    /// <summary>It is not authentic.</summary>
    NotAuthentic,

    /// <summary>It came before, or is too old to know.</summary>
    Replayed,
}
