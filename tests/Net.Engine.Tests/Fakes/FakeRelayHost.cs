using System.Collections.Concurrent;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Net.Contracts;
using Net.Engine.Relay.Host;
using Net.Engine.Relay.Kernel;
using Net.Engine.Relay.Membership;
using Net.Engine.Tests.Relay.Membership;
using Net.Relay;
using Net.Relay.Bytecode;
using Net.Workers;
using EngineState = Net.Relay.EngineState;

namespace Net.Engine.Tests;

/// <summary>A host whose kernel, rings and workers are objects tests speak with.</summary>
internal sealed class FakeRelayHost : IRelayHost, IWorkerLauncher, IKernelRelay
{
    private readonly Lock _gate = new();
    private bool _isDriftSeen;
    private readonly Dictionary<RelayEngineKind, IReadOnlyList<RelayFlow>> _loaded = [];

    public EngineState PacketEngine { get; set; } = EngineState.Available;

    public EngineState Xdp { get; set; } = EngineState.Available;

    public EngineState Tcx { get; set; } = EngineState.Available;

    public string? WorkerRemark => null;

    public IReadOnlyList<int> Cores { get; set; } = [0, 1];

    public long MonotonicNanoseconds => 1_000_000_000;

    public string Continuity => "They go on.";

    /// <summary>Why rings of an interface cannot be had, by its index.</summary>
    public ConcurrentDictionary<int, string> RingRefusals { get; } = new();

    /// <summary>Why the kernel does not take a rule, by its id.</summary>
    public ConcurrentDictionary<int, string> KernelRefusals { get; } = new();

    /// <summary>What the next look at the kernel finds.</summary>
    public ConcurrentQueue<string> Findings { get; } = new();

    /// <summary>What the kernel counted.</summary>
    public RelayCounters[] Counters { get; set; } = [];

    /// <summary>Neighbours that were asked for.</summary>
    public ConcurrentQueue<(string Device, IPAddress Address)> Asked { get; } = new();

    public IReadOnlyList<RelayFlow> Dropped { get; private set; } = [];

    public int KernelWrites { get; private set; }

    public bool IsRemoved { get; private set; }

    /// <summary>Added to what the kernel's tables hash to, as if somebody had changed them.</summary>
    public ulong Drift { get; set; }

    public FakeMulticastSockets Sockets { get; } = new();

    /// <summary>Rings in the order they were opened.</summary>
    public ConcurrentQueue<RingRequest> Rings { get; } = new();

    /// <summary>Workers in the order they were started.</summary>
    public BlockingCollection<FakeRelayWorker> Workers { get; } = [];

    public IReadOnlyList<RelayFlow> Loaded(RelayEngineKind kind)
    {
        lock (_gate)
        {
            return _loaded.GetValueOrDefault(kind, []);
        }
    }

    public FakeRelayWorker NextWorker() => Workers.TryTake(out FakeRelayWorker? worker, TimeSpan.FromSeconds(30)) ? worker : throw new TimeoutException("no worker was started");

    /// <summary>Whether the drivers of all interfaces have native XDP.</summary>
    public bool NativeXdp { get; set; }

    public IKernelRelay CreateKernel() => this;

    public IMulticastSockets CreateMulticastSockets() => Sockets;

    /// <summary>As of the host; read when the engine is made.</summary>
    public TimeSpan? SpareAfter { get; set; }

    public IWorkerLauncher CreateLauncher() => this;

    public IWorkerLink Launch() => new FakeRelayWorker(Workers);

    public RingHandle OpenRing(RingRequest request)
    {
        if (RingRefusals.TryGetValue(request.InterfaceIndex, out string? reason))
        {
            throw new IOException(reason);
        }

        Rings.Enqueue(request);
        return new RingHandle(Handle(), 4096, 1, 2048);
    }

    public SafeHandle OpenPacketSender(int interfaceIndex) => Handle();

    public SafeHandle OpenUdpReceiver(string device, IPEndPoint local) => Handle();

    /// <summary>What datagrams are joined for now, by device and group.</summary>
    public ConcurrentDictionary<(string Device, IPEndPoint Local), SafeHandle> Joiners { get; } = new();

    /// <summary>Why nothing can be joined; null when it can.</summary>
    public string? JoinerRefusal { get; set; }

    public SafeHandle OpenJoiner(string device, IPEndPoint local) =>
        JoinerRefusal is { } reason ? throw new IOException(reason) : Joiners[(device, local)] = Handle();

    public SafeHandle OpenUdpSender(UdpSenderRequest request) => Handle();

    public void AskNeighbor(string device, IPAddress address) => Asked.Enqueue((device, address));

    public bool HasNativeXdp(string device) => NativeXdp;

    public IReadOnlyList<int> CoresNear(string device) => [];

    public int? NodeOf(int core) => null;

    public IAsyncEnumerable<RelayMeasurement> MeasureAsync(MeasureRelayPath request, CancellationToken cancellationToken) => throw new IOException("nothing to measure with");

    public EngineAvailability Probe() => new() { Xdp = Xdp, Tcx = Tcx, Packet = EngineState.Available, Socket = EngineState.Available };

    public IReadOnlyList<KernelRefusal> Apply(RelayEngineKind kind, IReadOnlyList<RelayFlow> flows)
    {
        lock (_gate)
        {
            KernelWrites++;
            _loaded[kind] = [.. flows.Where(flow => !KernelRefusals.ContainsKey(flow.RuleId))];
            Drift = kind == RelayEngineKind.Tcx && _isDriftSeen ? 0 : Drift;
            return [.. flows.Where(flow => KernelRefusals.ContainsKey(flow.RuleId)).Select(flow => new KernelRefusal(flow.RuleId, KernelRefusals[flow.RuleId]))];
        }
    }

    public RelayCounters[] ReadCounters() => Counters;

    public ulong ReadFingerprint(RelayEngineKind kind)
    {
        lock (_gate)
        {
            // Writing what did not change leaves what somebody else did; only who saw it writes everything.
            ulong drift = kind == RelayEngineKind.Tcx ? Drift : 0;
            _isDriftSeen |= drift != 0;
            return RelayFingerprint.Of(_loaded.GetValueOrDefault(kind, [])) + drift;
        }
    }

    public IReadOnlyList<string> Repair() => Findings.TryDequeue(out string? found) ? [found] : [];

    public void SetDropped(IReadOnlyList<RelayFlow> flows) => Dropped = flows;

    public void Remove() => IsRemoved = true;

    public void Dispose()
    {
    }

    private static SafeFileHandle Handle() => new(-1, ownsHandle: false);
}
