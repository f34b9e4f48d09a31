using System.Runtime.Versioning;
using Net.Platform.Linux.Relay;
using Net.Relay;
using Net.Relay.Bytecode;

namespace Net.Engine.Relay.Kernel;

/// <summary>The kernel's engines of this host.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelRelay : IKernelRelay
{
    private readonly KernelEngine _xdp;
    private readonly KernelEngine _tcx;
    private IReadOnlyList<RelayFlow> _tcxFlows = [];
    private IReadOnlyList<RelayFlow> _dropped = [];

    // Flows of an engine before us go on until we are told what to relay: setting drops alone must not end them.
    private bool _knowsTcxFlows;
    private EngineAvailability? _availability;

    /// <summary>Takes over what an engine before us left pinned; nothing of it changes until <see cref="Apply"/>.</summary>
    /// <param name="options">How things are loaded.</param>
    /// <param name="time">The clock.</param>
    internal KernelRelay(KernelRelayOptions options, TimeProvider time)
    {
        _xdp = new KernelEngine(RelayEngineKind.Xdp, options, time);
        _tcx = new KernelEngine(RelayEngineKind.Tcx, options, time);
        _knowsTcxFlows = !_tcx.IsAdopted;
        Continuity = _tcx.WhyNotPinned is string reason
            ? $"Relays in the kernel end with the engine, as {reason}."
            : $"Relays in the kernel go on while the engine restarts: they are pinned in {options.PinFolder}.";
    }

    /// <inheritdoc />
    public string Continuity { get; }

    /// <inheritdoc />
    public EngineAvailability Probe() => _availability ??= KernelProbe.Run();

    /// <inheritdoc />
    public IReadOnlyList<KernelRefusal> Apply(RelayEngineKind kind, IReadOnlyList<RelayFlow> flows)
    {
        ArgumentNullException.ThrowIfNull(flows);
        try
        {
            if (EngineOf(kind) == _xdp)
            {
                return _xdp.Apply(flows, []);
            }

            _tcxFlows = flows;
            _knowsTcxFlows = true;
            return _tcx.Apply(flows, _dropped);
        }
        catch (BpfException exception)
        {
            return [.. flows.Select(flow => new KernelRefusal(flow.RuleId, exception.Message))];
        }
    }

    /// <inheritdoc />
    public void SetDropped(IReadOnlyList<RelayFlow> flows)
    {
        ArgumentNullException.ThrowIfNull(flows);
        bool isSame = _dropped.SequenceEqual(flows);
        _dropped = flows;
        if (isSame || !_knowsTcxFlows || !Probe().Tcx.IsAvailable)
        {
            return;
        }

        try
        {
            _tcx.Apply(_tcxFlows, flows);
        }
        catch (BpfException)
        {
            // Early drops save work and decide nothing: the stack drops these packets itself.
        }
    }

    /// <inheritdoc />
    public RelayCounters[] ReadCounters()
    {
        var result = new List<RelayCounters>();
        _xdp.ReadCounters(result);
        _tcx.ReadCounters(result);
        return [.. result];
    }

    /// <inheritdoc />
    public ulong ReadFingerprint(RelayEngineKind kind) => EngineOf(kind).ReadFingerprint();

    /// <inheritdoc />
    public IReadOnlyList<string> Repair()
    {
        var found = new List<string>();
        _xdp.Repair(found);
        _tcx.Repair(found);
        return found;
    }

    /// <inheritdoc />
    public void Remove()
    {
        _xdp.Remove();
        _tcx.Remove();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _xdp.Dispose();
        _tcx.Dispose();
    }

    private KernelEngine EngineOf(RelayEngineKind kind) => kind switch
    {
        RelayEngineKind.Xdp => _xdp,
        RelayEngineKind.Tcx => _tcx,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not an engine of the kernel"),
    };
}
