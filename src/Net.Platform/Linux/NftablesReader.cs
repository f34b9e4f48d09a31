using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.NftablesApi;

namespace Net.Platform.Linux;

/// <summary>Reads nf_tables through netlink, in the network namespace of the thread that makes it. Calls may come from any thread.</summary>
[SupportedOSPlatform("linux")]
public sealed class NftablesReader : IFirewallReader, IDisposable
{
    private readonly Lock _gate = new();
    private readonly NetlinkSocket _socket = new(NetlinkFamily.Netfilter);

    /// <inheritdoc />
    public IReadOnlyList<FirewallTable> GetTables() => Dump<FirewallTable>(NFT_MSG_GETTABLE, default, [], NftablesParser.TryParseTable);

    /// <inheritdoc />
    public IReadOnlyList<BaseChainInfo> GetBaseChains() =>
    [
        .. Dump<BaseChainInfo>(NFT_MSG_GETCHAIN, default, [], NftablesParser.TryParseBaseChain)
            .OrderBy(chain => chain.Hook).ThenBy(chain => chain.Priority).ThenBy(chain => chain.Table.ToString(), StringComparer.Ordinal),
    ];

    /// <inheritdoc />
    public IReadOnlyDictionary<string, CounterValue> ReadCounters(FirewallTable table) => ReadCounters(table, NFT_MSG_GETOBJ);

    /// <inheritdoc />
    public IReadOnlyDictionary<string, CounterValue> ResetCounters(FirewallTable table) => ReadCounters(table, NFT_MSG_GETOBJ_RESET);

    /// <inheritdoc />
    public CounterValue? ResetCounter(FirewallTable table, string name)
    {
        var writer = new NetlinkWriter(stackalloc byte[1024]);
        Begin(ref writer, NFT_MSG_GETOBJ_RESET, table.Family);
        writer.Attribute(NFTA_OBJ_TABLE, table.Name);
        writer.Attribute(NFTA_OBJ_NAME, name);
        writer.AttributeBigEndian(NFTA_OBJ_TYPE, NFT_OBJECT_COUNTER);
        writer.End();
        bool TryParse(in NetlinkMessage answer, out CounterValue value) => NftablesParser.TryParseCounter(answer, table, out _, out value);
        try
        {
            lock (_gate)
            {
                List<CounterValue> values = _socket.Query<CounterValue>(writer.Written, TryParse);
                return values.Count > 0 ? values[0] : null;
            }
        }
        catch (NetlinkException exception) when (exception.ErrorNumber == Libc.ENOENT)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public string? ComputeFingerprint(FirewallTable table) => ComputeFingerprint(table, out _);

    /// <inheritdoc />
    public string? ComputeFingerprint(FirewallTable table, out uint generation)
    {
        // The parts are read by several dumps; they belong together when no transaction came in between.
        const int attempts = 10;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            try
            {
                generation = GetGeneration();
                string? fingerprint = NftablesFingerprint.Compute(this, table);
                if (GetGeneration() == generation)
                {
                    return fingerprint;
                }
            }
            catch (NetlinkException exception) when (exception.ErrorNumber is Libc.ENOENT or Libc.EINTR && attempt < attempts - 1)
            {
                // A table or set went away between two dumps.
            }
        }

        throw new NetlinkException($"the rule sets changed during each of {attempts} readings of table {table}", Libc.EINTR);
    }

    /// <inheritdoc />
    public uint GetGeneration()
    {
        var writer = new NetlinkWriter(stackalloc byte[64]);
        Begin(ref writer, NFT_MSG_GETGEN, FirewallFamily.Unspecified);
        writer.End();
        lock (_gate)
        {
            List<FirewallGeneration> generations = _socket.Query<FirewallGeneration>(writer.Written, NftablesParser.TryParseGeneration);
            return generations.Count > 0 ? generations[0].Id : throw new NetlinkException("the kernel names no generation of its rule sets");
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<SetElement> ReadSetElements(FirewallTable table, string set)
    {
        ArgumentException.ThrowIfNullOrEmpty(set);
        var elements = new List<SetElement>();
        bool TryParse(in NetlinkMessage message, out int nothing)
        {
            nothing = 0;
            NftablesParser.AddSetElements(message, elements);
            return false;
        }

        try
        {
            Dump<int>(NFT_MSG_GETSETELEM, table.Family, [(NFTA_SET_ELEM_LIST_TABLE, table.Name), (NFTA_SET_ELEM_LIST_SET, set)], TryParse);
        }
        catch (NetlinkException exception) when (exception.ErrorNumber == Libc.ENOENT)
        {
            return [];
        }

        return elements;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _socket.Dispose();
        }
    }

    /// <summary>Dumps the objects of a kind.</summary>
    /// <param name="message">NFT_MSG_GET...</param>
    /// <param name="family">Family to ask for; unspecified for all.</param>
    /// <param name="names">Names that narrow the answer: attribute type and value.</param>
    /// <param name="parser">Makes objects of messages.</param>
    internal List<T> Dump<T>(int message, FirewallFamily family, ReadOnlySpan<(int Type, string Name)> names, NetlinkParser<T> parser)
    {
        var writer = new NetlinkWriter(stackalloc byte[1024]);
        Begin(ref writer, message, family);
        foreach ((int type, string name) in names)
        {
            writer.Attribute(type, name);
        }

        writer.End();
        lock (_gate)
        {
            return _socket.Dump(writer.Written, parser);
        }
    }

    private static void Begin(ref NetlinkWriter writer, int message, FirewallFamily family)
    {
        writer.Begin((NFNL_SUBSYS_NFTABLES << 8) | message, 0);
        writer.Header(new nfgenmsg { nfgen_family = (byte)family, version = NFNETLINK_V0 });
    }

    private Dictionary<string, CounterValue> ReadCounters(FirewallTable table, int message)
    {
        var values = new Dictionary<string, CounterValue>(StringComparer.Ordinal);
        bool isReset = message == NFT_MSG_GETOBJ_RESET;
        var writer = new NetlinkWriter(stackalloc byte[1024]);
        Begin(ref writer, message, table.Family);
        writer.Attribute(NFTA_OBJ_TABLE, table.Name);
        writer.AttributeBigEndian(NFTA_OBJ_TYPE, NFT_OBJECT_COUNTER);
        writer.End();
        bool TryParse(in NetlinkMessage answer, out int nothing)
        {
            nothing = 0;
            if (!NftablesParser.TryParseCounter(answer, table, out string name, out CounterValue value))
            {
                return false;
            }

            // A reset that has to be asked twice brings the rest the second time: both count.
            CounterValue before = isReset ? values.GetValueOrDefault(name) : default;
            values[name] = new CounterValue(before.Packets + value.Packets, before.Bytes + value.Bytes);
            return false;
        }

        lock (_gate)
        {
            _socket.Dump<int>(writer.Written, TryParse);
        }

        return values;
    }
}
