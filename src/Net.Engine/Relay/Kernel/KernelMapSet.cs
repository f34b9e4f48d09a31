using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Packets;
using Net.Packets.Bytecode;
using Net.Platform.Linux.Relay;
using Net.Relay;
using Net.Relay.Bytecode;

namespace Net.Engine.Relay.Kernel;

/// <summary>The maps and programs of one of the kernel's engines, of one capacity. Owns them.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelMapSet : IDisposable
{
    private const string ProgramFile = "program";
    private const string DeviceFile = "device";
    private static readonly Lazy<bool> CoarseClock = new(FindCoarseClock);
    private readonly Dictionary<string, BpfMap> _maps = [];

    private KernelMapSet(RelayEngineKind kind) => Kind = kind;

    /// <summary>Which engine's.</summary>
    internal RelayEngineKind Kind { get; }

    /// <summary>Entries each map of exact entries holds.</summary>
    internal int EntryCapacity => this[KernelTableKind.Exact4].MaxEntries;

    /// <summary>Targets there is room for.</summary>
    internal int TargetCapacity => Targets.MaxEntries;

    /// <summary>Counters there is room for.</summary>
    internal int CounterCapacity => Counters.MaxEntries;

    /// <summary>The program of input interfaces.</summary>
    internal BpfProgram Program { get; private set; } = null!;

    /// <summary>The program of output interfaces; XDP alone has one.</summary>
    internal BpfProgram? DeviceProgram { get; private set; }

    /// <summary>Allowed sources.</summary>
    internal BpfMap Sources => _maps["sources"];

    /// <summary>Targets.</summary>
    internal BpfMap Targets => _maps["targets"];

    /// <summary>Counters, by CPU.</summary>
    internal BpfMap Counters => _maps["counters"];

    /// <summary>Drops.</summary>
    internal BpfMap Drops => _maps["drops"];

    /// <summary>Rate limits.</summary>
    internal BpfMap Rates => _maps["rates"];

    /// <summary>Devices single targets are redirected to; XDP alone.</summary>
    internal BpfMap Devices => _maps["devices"];

    /// <summary>Device maps of entries with several targets; XDP alone.</summary>
    internal BpfMap Broadcasts => _maps["broadcasts"];

    /// <summary>A map of entries.</summary>
    /// <param name="table">Which.</param>
    internal BpfMap this[KernelTableKind table] => _maps[NameOf(table)];

    /// <summary>Makes maps and loads programs.</summary>
    /// <param name="kind">Which engine's.</param>
    /// <param name="entries">Entries each map of exact entries holds.</param>
    /// <param name="targets">Targets there is room for.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    internal static KernelMapSet Create(RelayEngineKind kind, int entries, int targets)
    {
        var set = new KernelMapSet(kind);
        try
        {
            // Every target can need a counter of its own, and another one for the input of its rule.
            int counters = targets * 2;
            set.Add("exact4", BpfMapKind.Hash, KernelLayout.Key4Bytes, KernelLayout.EntryBytes, entries);
            set.Add("exact6", BpfMapKind.Hash, KernelLayout.Key6Bytes, KernelLayout.EntryBytes, entries);
            set.Add("prefix4", BpfMapKind.LongestPrefix, KernelLayout.Prefix4Bytes, KernelLayout.EntryBytes, entries);
            set.Add("prefix6", BpfMapKind.LongestPrefix, KernelLayout.Prefix6Bytes, KernelLayout.EntryBytes, entries);

            // Memory is taken as entries come, so there may be many.
            set.Add("sources", BpfMapKind.LongestPrefix, KernelLayout.SourceBytes, sizeof(int), 1 << 20);
            set.Add("targets", BpfMapKind.Array, sizeof(int), KernelLayout.TargetBytes, targets);
            set.Add("counters", BpfMapKind.PerCpuArray, sizeof(int), KernelLayout.CounterBytes, counters);
            set.Add("drops", BpfMapKind.Array, sizeof(int), KernelLayout.DropBytes, counters);
            set.Add("rates", BpfMapKind.Array, sizeof(int), KernelLayout.RateBytes, counters);
            set.Add("meta", BpfMapKind.Array, sizeof(int), KernelLayout.MetaBytes, 1);
            if (kind == RelayEngineKind.Xdp)
            {
                // The value without a program: the index of the interface alone.
                set.Add("devices", BpfMapKind.DeviceHash, sizeof(int), sizeof(int), entries);
                using BpfMap inner = NewBroadcast();
                set._maps.Add("broadcasts", BpfMap.Create(BpfMapKind.HashOfMaps, sizeof(int), sizeof(int), entries, "netmod_bcast", inner));
            }

            set.Load();
            Span<byte> meta = stackalloc byte[KernelLayout.MetaBytes];
            set.WriteMeta(meta);
            set._maps["meta"].Write(stackalloc byte[sizeof(int)], meta);
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>A map for the devices of one entry.</summary>
    internal static BpfMap NewBroadcast() => BpfMap.Create(BpfMapKind.DeviceArray, sizeof(int), sizeof(long), KernelLayout.MaxTargets, "netmod_devices");

    /// <summary>Opens what another engine pinned.</summary>
    /// <param name="kind">Which engine's.</param>
    /// <param name="folder">Where.</param>
    /// <returns>The set; null when it is not complete, or of another version of this program.</returns>
    internal static KernelMapSet? TryOpen(RelayEngineKind kind, string folder)
    {
        var set = new KernelMapSet(kind);
        try
        {
            foreach (string name in NamesFor(kind))
            {
                set._maps.Add(name, BpfMap.OpenPinned(Path.Combine(folder, name)));
            }

            set.Program = BpfProgram.OpenPinned(Path.Combine(folder, ProgramFile));
            set.DeviceProgram = kind == RelayEngineKind.Xdp ? BpfProgram.OpenPinned(Path.Combine(folder, DeviceFile)) : null;
            Span<byte> expected = stackalloc byte[KernelLayout.MetaBytes];
            Span<byte> found = stackalloc byte[KernelLayout.MetaBytes];
            set.WriteMeta(expected);
            BpfMap meta = set._maps["meta"];
            if (meta.ValueBytes == KernelLayout.MetaBytes && meta.TryRead(stackalloc byte[sizeof(int)], found) && found.SequenceEqual(expected))
            {
                return set;
            }
        }
        catch (BpfException)
        {
            // Half a set is none: a new one takes its place.
        }

        set.Dispose();
        return null;
    }

    /// <summary>Pins everything in an existing folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    internal void Pin(string folder)
    {
        foreach ((string name, BpfMap map) in _maps)
        {
            map.Pin(Path.Combine(folder, name));
        }

        Program.Pin(Path.Combine(folder, ProgramFile));
        DeviceProgram?.Pin(Path.Combine(folder, DeviceFile));
    }

    /// <summary>Writes an element of an array, or a counter for all CPUs alike.</summary>
    /// <param name="map">The array.</param>
    /// <param name="index">Which.</param>
    /// <param name="value">The value.</param>
    internal static void WriteElement(BpfMap map, int index, ReadOnlySpan<byte> value)
    {
        Span<byte> key = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(key, index);
        map.Write(key, value);
    }

    /// <summary>Sets counters, drops and rate limits of points to zero.</summary>
    /// <param name="slots">The points.</param>
    internal void Clear(IReadOnlyCollection<int> slots)
    {
        if (slots.Count == 0)
        {
            return;
        }

        byte[] keys = new byte[slots.Count * sizeof(int)];
        int at = 0;
        foreach (int slot in slots)
        {
            MemoryMarshal.Write(keys.AsSpan(at), slot);
            at += sizeof(int);
        }

        byte[] zeros = new byte[slots.Count * Math.Max(Counters.ReadBytes, Math.Max(KernelLayout.DropBytes, KernelLayout.RateBytes))];
        Counters.WriteMany(slots.Count, keys, zeros.AsSpan(0, slots.Count * Counters.ReadBytes));
        Drops.WriteMany(slots.Count, keys, zeros.AsSpan(0, slots.Count * KernelLayout.DropBytes));
        Rates.WriteMany(slots.Count, keys, zeros.AsSpan(0, slots.Count * KernelLayout.RateBytes));
    }

    /// <summary>Copies everything a smaller set holds; what is numbered keeps its number.</summary>
    /// <param name="from">The smaller set.</param>
    /// <param name="targets">Targets in use.</param>
    /// <param name="counters">Counters in use.</param>
    internal void CopyFrom(KernelMapSet from, int targets, int counters)
    {
        CopyArray(from.Targets, Targets, targets);
        CopyArray(from.Counters, Counters, counters);
        CopyArray(from.Drops, Drops, counters);
        CopyArray(from.Rates, Rates, counters);
        CopyEntries(from.Sources, Sources);
        foreach (KernelTableKind table in Enum.GetValues<KernelTableKind>())
        {
            CopyEntries(from[table], this[table]);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Program?.Dispose();
        DeviceProgram?.Dispose();
        foreach (BpfMap map in _maps.Values)
        {
            map.Dispose();
        }
    }

    private static string NameOf(KernelTableKind table) => table switch
    {
        KernelTableKind.Exact4 => "exact4",
        KernelTableKind.Exact6 => "exact6",
        KernelTableKind.Prefix4 => "prefix4",
        _ => "prefix6",
    };

    private static string[] NamesFor(RelayEngineKind kind)
    {
        string[] common = ["exact4", "exact6", "prefix4", "prefix6", "sources", "targets", "counters", "drops", "rates", "meta"];
        return kind == RelayEngineKind.Xdp ? [.. common, "devices", "broadcasts"] : common;
    }

    private static void CopyArray(BpfMap from, BpfMap to, int count)
    {
        byte[] values = new byte[count * from.ReadBytes];
        byte[] keys = new byte[count * sizeof(int)];
        for (int i = 0; i < count; i++)
        {
            MemoryMarshal.Write(keys.AsSpan(i * sizeof(int)), i);
        }

        from.ReadArray(count, values);
        to.WriteMany(count, keys, values);
    }

    private static void CopyEntries(BpfMap from, BpfMap to)
    {
        foreach ((byte[] key, byte[] value) in from.ReadAll())
        {
            to.Write(key, value);
        }
    }

    private static ulong[] Write(RelayEngineKind kind, KernelMaps maps) => kind == RelayEngineKind.Xdp ? XdpProgram.Write(maps) : TcxProgram.Write(maps);

    private void Add(string name, BpfMapKind kind, int keyBytes, int valueBytes, int entries) =>
        _maps.Add(name, BpfMap.Create(kind, keyBytes, valueBytes, entries, "netmod_" + name));

    private void Load()
    {
        KernelMaps maps = Descriptors(map => map.Descriptor);
        Program = BpfProgram.Load(Kind == RelayEngineKind.Xdp ? BpfProgramKind.Xdp : BpfProgramKind.TrafficControl, Write(Kind, maps), "netmod_relay");
        if (Kind == RelayEngineKind.Xdp)
        {
            DeviceProgram = BpfProgram.Load(BpfProgramKind.XdpDevice, XdpProgram.WriteDevice(maps), "netmod_device");
        }
    }

    private KernelMaps Descriptors(Func<BpfMap, int> number) => new()
    {
        Exact4 = number(_maps["exact4"]),
        Exact6 = number(_maps["exact6"]),
        Prefix4 = number(_maps["prefix4"]),
        Prefix6 = number(_maps["prefix6"]),
        Sources = number(_maps["sources"]),
        Targets = number(_maps["targets"]),
        Counters = number(_maps["counters"]),
        Drops = number(_maps["drops"]),
        Rates = number(_maps["rates"]),
        Devices = Kind == RelayEngineKind.Xdp ? number(_maps["devices"]) : -1,
        Broadcasts = Kind == RelayEngineKind.Xdp ? number(_maps["broadcasts"]) : -1,
        HasCoarseClock = CoarseClock.Value,
    };

    // Asked by loading a program that does nothing else.
    private static bool FindCoarseClock()
    {
        try
        {
            using BpfProgram program = BpfProgram.Load(
                BpfProgramKind.TrafficControl, new EbpfAssembler().Call(EbpfHelper.TimeCoarseNanoseconds).Move(EbpfRegister.R0, 0).Exit().Build(), "netmod_probe");
            return true;
        }
        catch (BpfException)
        {
            return false;
        }
    }

    // The programs as this build writes them, with no particular maps: another build that writes the same can go on with what it finds.
    private void WriteMeta(Span<byte> meta)
    {
        KernelMaps none = Descriptors(_ => 0);
        ulong[] code = Kind == RelayEngineKind.Xdp ? [.. XdpProgram.Write(none), .. XdpProgram.WriteDevice(none)] : TcxProgram.Write(none);
        Span<byte> hash = stackalloc byte[SipHash.HashBytes];
        SipHash.Compute("netmod.kernel.v1"u8, MemoryMarshal.AsBytes<ulong>(code), hash);
        MemoryMarshal.Write(meta, KernelLayout.Version);
        hash[..12].CopyTo(meta[4..]);
    }
}
