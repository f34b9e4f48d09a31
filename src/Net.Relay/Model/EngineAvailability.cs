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

/// <summary>Which engines can run on this host, with the reason where one cannot.</summary>
public sealed record EngineAvailability
{
    /// <summary>eBPF in drivers.</summary>
    public required EngineState Xdp { get; init; }

    /// <summary>eBPF at ingress.</summary>
    public required EngineState Tcx { get; init; }

    /// <summary>Packet workers.</summary>
    public required EngineState Packet { get; init; }

    /// <summary>Socket workers.</summary>
    public required EngineState Socket { get; init; }

    /// <summary>The state of one engine.</summary>
    /// <param name="engine">Which.</param>
    public EngineState this[RelayEngineKind engine] => engine switch
    {
        RelayEngineKind.Xdp => Xdp,
        RelayEngineKind.Tcx => Tcx,
        RelayEngineKind.Packet => Packet,
        _ => Socket,
    };
}
