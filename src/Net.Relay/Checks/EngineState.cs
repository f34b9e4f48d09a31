namespace Net.Relay;

/// <summary>Whether an engine can run on this host.</summary>
/// <param name="IsAvailable">Whether it can.</param>
/// <param name="Reason">Why not, as a clause that stands after the engine's name; empty when it can.</param>
public readonly record struct EngineState(bool IsAvailable, string Reason)
{
    /// <summary>One that can run.</summary>
    public static EngineState Available { get; } = new(true, "");

    /// <summary>One that cannot.</summary>
    /// <param name="reason">Why not, like "kernel 6.1 has no tcx: it needs 6.6".</param>
    public static EngineState Missing(string reason) => new(false, reason);
}
