using System.Runtime.Versioning;
using Net.Platform.Linux.Relay;
using Net.Relay;
using Net.Relay.Bytecode;

namespace Net.Engine.Relay.Kernel;

/// <summary>One of the kernel's engines: brings its maps to what flows ask for, entry by entry. An entry that changes gets new targets beside the old ones and is then replaced as a whole, so
/// a packet meets the old rule or the new one and never half of each.</summary>
[SupportedOSPlatform("linux")]
internal sealed partial class KernelEngine : IDisposable
{
    private readonly KernelRelayOptions _options;
    private readonly TimeProvider _time;
    private readonly KernelPins _pins;
    private readonly Dictionary<KernelKey, LoadedEntry> _loaded = [];
    private readonly HashSet<KernelKey> _sources = [];
    private readonly Dictionary<int, BpfLink> _links = [];
    private readonly CounterSlots _slots = new();
    private readonly TargetRuns _runs;

    // Counters that had another point before and are not set to zero yet.
    private readonly List<int> _reused = [];
    private KernelMapSet? _set;
    private List<RelayFlow> _flows = [];

    internal KernelEngine(RelayEngineKind kind, KernelRelayOptions options, TimeProvider time)
    {
        Kind = kind;
        _options = options;
        _time = time;
        _pins = new KernelPins(options.PinFolder, kind == RelayEngineKind.Xdp ? "xdp" : "tcx");
        _runs = new TargetRuns(0, time);
        Adopt();
    }

    /// <summary>Which engine it is.</summary>
    internal RelayEngineKind Kind { get; }

    /// <summary>What is loaded; null when nothing is. It stays this engine's.</summary>
    internal KernelMapSet? Set => _set;

    /// <summary>Why it does not go on without us, as a clause; null when it does.</summary>
    internal string? WhyNotPinned => _pins.WhyNot;

    /// <summary>Loads flows in place of those before.</summary>
    /// <param name="flows">What is relayed.</param>
    /// <param name="dropped">What is dropped early.</param>
    /// <returns>Flows that were not taken.</returns>
    /// <exception cref="BpfException">The kernel refused to make maps or to load programs.</exception>
    internal IReadOnlyList<KernelRefusal> Apply(IReadOnlyList<RelayFlow> flows, IReadOnlyList<RelayFlow> dropped)
    {
        var table = new KernelTable(Kind, flows, dropped);
        var refusals = new List<KernelRefusal>(table.Refusals);
        if (_set is null && table.Entries.Count == 0)
        {
            _flows = [];
            Connect([], refusals);
            return refusals;
        }

        var refused = new HashSet<int>(refusals.Select(refusal => refusal.RuleId));
        _flows = [.. flows.Where(flow => !refused.Contains(flow.RuleId))];
        HashSet<(int RuleId, int Output)> points = PointsOf(_flows);
        Prepare(table, points.Count(point => !_slots.Slots.ContainsKey(point)));
        WriteSources(table);
        WriteEntries(table);
        DeleteEntries(table);
        DeleteSources(table);
        Connect(InterfacesOf(flows, dropped), refusals);
        _slots.Retain(points);
        return refusals;
    }

    /// <summary>Takes everything off the interfaces, out of the kernel and off the file system.</summary>
    internal void Remove()
    {
        foreach ((int index, BpfLink link) in _links)
        {
            Disconnect(index, link);
        }

        _links.Clear();
        _loaded.Clear();
        _sources.Clear();
        _flows = [];
        _slots.Retain([]);
        _set?.Dispose();
        _set = null;
        _pins.Remove();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (BpfLink link in _links.Values)
        {
            link.Dispose();
        }

        _links.Clear();
        _set?.Dispose();
        _set = null;
    }

    private static HashSet<int> InterfacesOf(IReadOnlyList<RelayFlow> flows, IReadOnlyList<RelayFlow> dropped) =>
        [.. flows.Concat(dropped).Select(flow => flow.Input.InterfaceIndex)];

    private static HashSet<(int RuleId, int Output)> PointsOf(IReadOnlyList<RelayFlow> flows)
    {
        var points = new HashSet<(int RuleId, int Output)>();
        foreach (RelayFlow flow in flows)
        {
            for (int output = RelayCounters.Input; output < flow.Targets.Length; output++)
            {
                points.Add((flow.RuleId, output));
            }
        }

        return points;
    }

    // Maps with room for the old and the new entries together.
    private void Prepare(KernelTable table, int points)
    {
        int entries = Math.Max(CountUnion(table, KernelTableKind.Exact4), CountUnion(table, KernelTableKind.Exact6));
        entries = Math.Max(entries, Math.Max(CountUnion(table, KernelTableKind.Prefix4), CountUnion(table, KernelTableKind.Prefix6)));
        int targets = table.Entries.Values.Sum(entry => entry.Outputs.Count);
        if (_set is null)
        {
            KernelMapSet set = KernelMapSet.Create(Kind, Capacity(_options.InitialEntries, entries), Capacity(_options.InitialTargets, Math.Max(targets, (points + 1) / 2)));
            _runs.Capacity = set.TargetCapacity;
            Install(set);
        }
        else if (entries > _set.EntryCapacity || _slots.Exceeds(points, _set.CounterCapacity))
        {
            Grow(entries, Math.Max(targets, (_slots.High + points + 1) / 2));
        }
    }

    private int CountUnion(KernelTable table, KernelTableKind kind)
    {
        int count = 0;
        foreach (KernelKey key in table.Entries.Keys)
        {
            count += key.Table == kind ? 1 : 0;
        }

        foreach (KernelKey key in _loaded.Keys)
        {
            count += key.Table == kind && !table.Entries.ContainsKey(key) ? 1 : 0;
        }

        return count;
    }

    private static int Capacity(int initial, int needed)
    {
        int capacity = initial;
        while (capacity < needed)
        {
            capacity *= 4;
        }

        return capacity;
    }

    // A larger set takes over everything, with all numbers as they were; then the links' programs are exchanged, each at one moment. What was counted meanwhile is added.
    private void Grow(int entries, int targets)
    {
        KernelMapSet old = _set!;
        KernelMapSet larger = KernelMapSet.Create(Kind, Capacity(old.EntryCapacity, entries), Capacity(old.TargetCapacity, targets));
        larger.CopyFrom(old, _runs.High, _slots.High);
        CopyDevices(larger);
        byte[] before = ReadCounterArray(larger, _slots.High);
        Install(larger);
        foreach (BpfLink link in _links.Values)
        {
            link.Replace(larger.Program);
        }

        AddMissed(old, before);
        _runs.Capacity = larger.TargetCapacity;
        old.Dispose();
    }

    // Links of an engine of another version keep relaying by its maps until they get our program, see Connect.
    private void Install(KernelMapSet set)
    {
        string? folder = _pins.Pin(set);
        _set = set;
        _pins.UnpinSets(folder);
    }
}
