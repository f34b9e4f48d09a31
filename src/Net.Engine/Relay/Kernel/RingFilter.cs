using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Relay;
using Net.Relay;
using Net.Relay.Bytecode;

namespace Net.Engine.Relay.Kernel;

/// <summary>The filter of packet rings: of what comes in, only packets that a flow asks for get into a ring, whole. Changing flows changes its maps; rings it was attached to follow. Needs
/// CAP_BPF and CAP_PERFMON. Fragments but the first do not get in. Calls come from one thread at a time.</summary>
[SupportedOSPlatform("linux")]
internal sealed class RingFilter : IDisposable
{
    private readonly Dictionary<KernelTableKind, BpfMap> _maps = [];
    private readonly HashSet<KernelKey> _keys = [];
    private readonly BpfProgram _program;

    /// <summary>Makes a filter that lets nothing in.</summary>
    /// <param name="capacity">Keys each of its maps holds: one for each destination, port and source.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    internal RingFilter(int capacity)
    {
        try
        {
            Add(KernelTableKind.Exact4, BpfMapKind.Hash, KernelLayout.Key4Bytes, capacity);
            Add(KernelTableKind.Exact6, BpfMapKind.Hash, KernelLayout.Key6Bytes, capacity);
            Add(KernelTableKind.Prefix4, BpfMapKind.LongestPrefix, KernelLayout.Prefix4Bytes, capacity);
            Add(KernelTableKind.Prefix6, BpfMapKind.LongestPrefix, KernelLayout.Prefix6Bytes, capacity);
            var maps = new KernelMaps
            {
                Exact4 = _maps[KernelTableKind.Exact4].Descriptor,
                Exact6 = _maps[KernelTableKind.Exact6].Descriptor,
                Prefix4 = _maps[KernelTableKind.Prefix4].Descriptor,
                Prefix6 = _maps[KernelTableKind.Prefix6].Descriptor,
                Sources = -1,
                Targets = -1,
                Counters = -1,
                Drops = -1,
                Rates = -1,
            };
            _program = BpfProgram.Load(BpfProgramKind.SocketFilter, SocketFilterProgram.Write(maps), "netmod_ring");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether a filter can tell all packets of a flow: not those of many ports, nor those of a prefix of sources.</summary>
    /// <param name="flow">The flow.</param>
    internal static bool CanTell(RelayFlow flow) =>
        flow.Input.PortTo - flow.Input.PortFrom < KernelTable.MaxDroppedPorts && (flow.Input.Source is null || (flow.Input.Destination.IsExact && flow.Input.Source.Value.IsExact));

    /// <summary>Sets what gets in. New flows are in before old ones are out.</summary>
    /// <param name="flows">Flows for which <see cref="CanTell"/> is true; others are left out.</param>
    /// <exception cref="BpfException">The kernel refused; a map may be full.</exception>
    internal void SetFlows(IReadOnlyList<RelayFlow> flows)
    {
        var table = new KernelTable(RelayEngineKind.Tcx, [], flows);
        byte[] value = new byte[KernelLayout.EntryBytes];
        foreach ((KernelKey key, KernelEntry entry) in table.Entries)
        {
            KernelTable.WriteEntry(entry, 0, 0, value);
            _maps[key.Table].Write(key.Bytes, value);
            _keys.Add(key);
        }

        foreach (KernelKey key in _keys.Where(key => !table.Entries.ContainsKey(key)).ToList())
        {
            _maps[key.Table].Delete(key.Bytes);
            _keys.Remove(key);
        }
    }

    /// <summary>Puts the filter on a packet socket, in place of another.</summary>
    /// <param name="socket">The socket.</param>
    /// <exception cref="BpfException">The kernel refused; its filter may be locked.</exception>
    internal void AttachTo(SafeHandle socket) => _program.AttachTo(socket);

    /// <inheritdoc />
    public void Dispose()
    {
        _program?.Dispose();
        foreach (BpfMap map in _maps.Values)
        {
            map.Dispose();
        }
    }

    private void Add(KernelTableKind table, BpfMapKind kind, int keyBytes, int capacity) =>
        _maps.Add(table, BpfMap.Create(kind, keyBytes, KernelLayout.EntryBytes, capacity, "netmod_ring"));
}
