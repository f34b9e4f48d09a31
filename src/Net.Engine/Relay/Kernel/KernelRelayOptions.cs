namespace Net.Engine.Relay.Kernel;

/// <summary>How the kernel's relays are loaded.</summary>
internal sealed record KernelRelayOptions
{
    /// <summary>Where a BPF file system is usually mounted.</summary>
    internal const string UsualFolder = "/sys/fs/bpf";

    /// <summary>The folder, in a BPF file system, where maps, programs and links are pinned, so that they go on while the engine restarts; it is made if its parent exists. Names may
    /// have no dots. Null to pin nothing.</summary>
    public string? PinFolder { get; init; } = UsualFolder + "/netmod";

    /// <summary>Entries the maps have room for at first; they grow by four.</summary>
    public int InitialEntries { get; init; } = 256;

    /// <summary>Targets the maps have room for at first; they grow by four.</summary>
    public int InitialTargets { get; init; } = 1024;
}
