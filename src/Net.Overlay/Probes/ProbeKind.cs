namespace Net.Overlay.Probes;

/// <summary>What a probe is.</summary>
public enum ProbeKind : byte
{
    /// <summary>A question: does this path work?</summary>
    Ping = 1,

    /// <summary>The answer to a ping.</summary>
    Pong = 2,
}
