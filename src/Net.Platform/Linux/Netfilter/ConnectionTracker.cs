using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.ConntrackApi;

namespace Net.Platform.Linux.Netfilter;

/// <summary>Connection tracking through ctnetlink, in the network namespace of the thread that makes it. Needs CAP_NET_ADMIN.</summary>
[SupportedOSPlatform("linux")]
public sealed class ConnectionTracker : IConnectionTracker
{
    private const string Settings = "/proc/sys/net/netfilter/nf_conntrack_";

    private readonly NetworkNamespace _home = NetworkNamespace.OpenCurrent();

    // A dump of a large table takes a good part of a second; short questions do not wait for it.
    private readonly Lock _dumpGate = new();
    private readonly NetlinkSocket _dumps = new(NetlinkFamily.Netfilter);
    private readonly Lock _requestGate = new();
    private readonly NetlinkSocket _requests = new(NetlinkFamily.Netfilter);
    private volatile bool _isTupleFilterRefused;
    private long _damaged;

    /// <inheritdoc />
    public string? Unavailable
    {
        get
        {
            try
            {
                GetTotals();
                return null;
            }
            catch (NetlinkException exception)
            {
                return exception.ErrorNumber == Libc.EPERM
                    ? "reading tracked connections needs CAP_NET_ADMIN"
                    : $"the kernel does not answer about tracked connections (ctnetlink, module nf_conntrack_netlink): {exception.Message}";
            }
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Limitations
    {
        get
        {
            var limits = new List<string>();

            // Protocol 255 is reserved: nothing is listed, but the kernel must have understood the filter.
            Dump(new ConntrackQuery(new ConnectionFilter { Protocol = byte.MaxValue }), static (in ConntrackEntry _) => { });
            AddIf(_isTupleFilterRefused, "the kernel does not filter by protocol, address or port (CTA_FILTER, Linux 5.8): every entry is read");
            AddIf(ReadSetting("acct") is null, "the kernel has no setting for accounting (net.netfilter.nf_conntrack_acct)");
            AddIf(ReadSetting("timestamp") is null, "the kernel keeps no start times (CONFIG_NF_CONNTRACK_TIMESTAMP)");
            AddIf(ReadSetting("events") is null, "the kernel tells no events (CONFIG_NF_CONNTRACK_EVENTS)");
            AddIf(ReadSetting("events") == 0, "events are switched off (net.netfilter.nf_conntrack_events)");
            return limits;

            void AddIf(bool isLimit, string text)
            {
                if (isLimit)
                {
                    limits.Add(text);
                }
            }
        }
    }

    /// <summary>Entries of dumps that made no sense and were skipped.</summary>
    public long Damaged => Interlocked.Read(ref _damaged);

    /// <inheritdoc />
    public int Count => (int)Math.Min(GetTotals().Count, int.MaxValue);

    /// <inheritdoc />
    public bool IsAccounting
    {
        get => ReadSetting("acct") > 0;
        set => WriteSetting("acct", value);
    }

    /// <inheritdoc />
    public bool IsTimestamping
    {
        get => ReadSetting("timestamp") > 0;
        set => WriteSetting("timestamp", value);
    }

    private delegate void EntryTaker(in ConntrackEntry entry);

    /// <inheritdoc />
    public IReadOnlyList<TrackedConnection> List(ConnectionFilter? filter = null)
    {
        var connections = new List<TrackedConnection>();
        Dump(new ConntrackQuery(filter), (in ConntrackEntry entry) => connections.Add(entry.ToConnection()));
        return connections;
    }

    /// <inheritdoc />
    public ConnectionTableStatistic GetStatistic()
    {
        (uint count, uint maximum) = GetTotals();
        var sum = new ConnectionTableStatistic(count, maximum != 0 ? maximum : ReadSetting("max") ?? 0, 0, 0, 0, 0, 0);
        var writer = new NetlinkWriter(stackalloc byte[64]);
        ConntrackRequests.Begin(ref writer, IPCTNL_MSG_CT_GET_STATS_CPU, Libc.AF_UNSPEC);
        writer.End();
        lock (_requestGate)
        {
            foreach (ConnectionTableStatistic part in _requests.Dump<ConnectionTableStatistic>(writer.Written, ConntrackParser.TryParseProcessor))
            {
                sum = sum with
                {
                    Found = sum.Found + part.Found,
                    Invalid = sum.Invalid + part.Invalid,
                    InsertFailed = sum.InsertFailed + part.InsertFailed,
                    Dropped = sum.Dropped + part.Dropped,
                    EarlyDropped = sum.EarlyDropped + part.EarlyDropped,
                };
            }
        }

        return sum;
    }

    /// <inheritdoc />
    public IReadOnlyDictionary<(byte Protocol, string State), int> CountByState()
    {
        var counts = new Dictionary<(byte Protocol, string State), int>();
        Dump(
            new ConntrackQuery(null),
            (in ConntrackEntry entry) => CollectionsMarshal.GetValueRefOrAddDefault(counts, (entry.Protocol, entry.State), out _)++);
        return counts;
    }

    /// <inheritdoc />
    public int Delete(ConnectionFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var entries = new List<ConntrackEntry>();
        Dump(new ConntrackQuery(filter), (in ConntrackEntry entry) => entries.Add(entry));
        int deleted = 0;
        foreach (ref readonly ConntrackEntry entry in CollectionsMarshal.AsSpan(entries))
        {
            deleted += TryDelete(entry) ? 1 : 0;
        }

        return deleted;
    }

    /// <inheritdoc />
    public bool Delete(TrackedConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return TryDelete(ConntrackEntry.Of(connection));
    }

    /// <inheritdoc />
    public IConnectionWatcher Watch(ConnectionFilter? filter = null, ConnectionEventKinds kinds = ConnectionEventKinds.All, int capacity = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        if ((kinds & ConnectionEventKinds.All) == 0)
        {
            throw new ArgumentException("No event was asked for.", nameof(kinds));
        }

        return _home.Run(() => new ConnectionWatcher(new ConntrackQuery(filter), kinds & ConnectionEventKinds.All, capacity));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_dumpGate)
        {
            _dumps.Dispose();
        }

        lock (_requestGate)
        {
            _requests.Dispose();
        }

        _home.Dispose();
    }

    private void Dump(ConntrackQuery query, EntryTaker take)
    {
        foreach (byte family in query.Families)
        {
            bool withTupleFilter = query.HasTupleFilter && !_isTupleFilterRefused;
            try
            {
                Dump(query, family, withTupleFilter, take);
            }
            catch (NetlinkException exception) when (withTupleFilter && exception.ErrorNumber is Libc.EINVAL or Libc.EOPNOTSUPP)
            {
                // The kernel refuses before its first entry, so none was taken twice.
                Dump(query, family, withTupleFilter: false, take);
                _isTupleFilterRefused = true;
            }
        }
    }

    private void Dump(ConntrackQuery query, byte family, bool withTupleFilter, EntryTaker take)
    {
        var writer = new NetlinkWriter(stackalloc byte[ConntrackRequests.MaxBytes]);
        ConntrackRequests.Begin(ref writer, IPCTNL_MSG_CT_GET, family);
        query.Write(ref writer, withTupleFilter);
        writer.End();
        lock (_dumpGate)
        {
            // Entries are handed on as they come. A dump of connection tracking is never repeated: the kernel does not mark it as interrupted.
            _dumps.Dump<int>(writer.Written, TryTake);
        }

        bool TryTake(in NetlinkMessage message, out int nothing)
        {
            nothing = 0;
            if (!ConntrackParser.TryParse(message, out ConntrackEntry entry))
            {
                Interlocked.Increment(ref _damaged);
            }
            else if (query.Matches(entry))
            {
                take(entry);
            }

            return false;
        }
    }

    private (uint Count, uint Maximum) GetTotals()
    {
        var writer = new NetlinkWriter(stackalloc byte[64]);
        ConntrackRequests.Begin(ref writer, IPCTNL_MSG_CT_GET_STATS, Libc.AF_UNSPEC);
        writer.End();
        lock (_requestGate)
        {
            List<(uint Count, uint Maximum)> totals = _requests.Query<(uint Count, uint Maximum)>(writer.Written, ConntrackParser.TryParseTotals);
            return totals.Count > 0 ? totals[0] : throw new NetlinkException("the kernel does not say how many connections it tracks");
        }
    }

    private bool TryDelete(in ConntrackEntry entry)
    {
        var writer = new NetlinkWriter(stackalloc byte[ConntrackRequests.MaxBytes]);
        ConntrackRequests.WriteDelete(ref writer, entry);
        try
        {
            lock (_requestGate)
            {
                _requests.Request(writer.Written);
            }

            return true;
        }
        catch (NetlinkException exception) when (exception.ErrorNumber == Libc.ENOENT)
        {
            return false;
        }
    }

    // Files of /proc/sys/net are those of the namespace of the thread that opens them.
    private long? ReadSetting(string name) => _home.Run<long?>(() =>
    {
        try
        {
            return long.TryParse(File.ReadAllText(Settings + name), CultureInfo.InvariantCulture, out long value) ? value : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    });

    private void WriteSetting(string name, bool isOn) => _home.Run(() =>
    {
        try
        {
            File.WriteAllText(Settings + name, isOn ? "1" : "0");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new NetlinkException($"set net.netfilter.nf_conntrack_{name}: {exception.Message}", exception);
        }
    });
}
