namespace Net.Relay;

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
