using Net.Relay;
using Net.Relay.Bytecode;

namespace Net.Engine.Relay.Kernel;

/// <summary>The engines in the kernel. Calls come from one thread at a time. What they load lies in the network namespace of the calling thread.</summary>
internal interface IKernelRelay : IDisposable
{
    /// <summary>Tries which engines this host allows, by loading and attaching something of each kind. Only <see cref="EngineAvailability.Xdp"/> and
    /// <see cref="EngineAvailability.Tcx"/> are found out; the others are given as available.</summary>
    EngineAvailability Probe();

    /// <summary>What becomes of relaying when the engine ends: a sentence that says that it goes on until the next start, or why it cannot.</summary>
    string Continuity { get; }

    /// <summary>Loads flows in place of those loaded before; only what differs is written, and packets of other flows pass undisturbed.</summary>
    /// <param name="kind"><see cref="RelayEngineKind.Xdp"/> or <see cref="RelayEngineKind.Tcx"/>.</param>
    /// <param name="flows">All flows of the engine.</param>
    /// <returns>Flows that were not taken, with the reason; all others are loaded.</returns>
    IReadOnlyList<KernelRefusal> Apply(RelayEngineKind kind, IReadOnlyList<RelayFlow> flows);

    /// <summary>Counters of all loaded flows, at their inputs and outputs.</summary>
    RelayCounters[] ReadCounters();

    /// <summary>The fingerprint of what the maps hold: that of <see cref="RelayTable"/> over the loaded flows as long as nobody else changed anything.</summary>
    /// <param name="kind">Which engine's.</param>
    ulong ReadFingerprint(RelayEngineKind kind);

    /// <summary>Looks for what others changed and puts it right: programs taken off an interface, entries changed in maps.</summary>
    /// <returns>What was found, a sentence each; empty when nothing was wrong.</returns>
    IReadOnlyList<string> Repair();

    /// <summary>Sets which packets are dropped before the IP stack sees them, since a packet worker takes them from a ring. Nothing happens where tcx is not available: the stack then
    /// drops them itself, a little later.</summary>
    /// <param name="flows">All flows of packet workers.</param>
    void SetDropped(IReadOnlyList<RelayFlow> flows);

    /// <summary>Takes everything off the interfaces and out of the kernel, as when the relay is switched off for good. Without it, what was loaded goes on relaying
    /// after <see cref="IDisposable.Dispose"/> where <see cref="Continuity"/> says so.</summary>
    void Remove();
}
