using System.Threading.Channels;
using Net.Engine.Firewall.Runtime;
using Net.Platform;

namespace Net.Engine.Tests;

/// <summary>Connections, log, traces and routes a test makes up.</summary>
internal sealed class FakeFirewallHost : IFirewallHost, IConnectionTracker, IRouteLookup
{
    /// <summary>The connections there are.</summary>
    public List<TrackedConnection> All { get; } = [];

    /// <summary>Connections that were ended.</summary>
    public List<TrackedConnection> Deleted { get; } = [];

    /// <summary>Watchers that were opened.</summary>
    public List<FakeWatcher> Watchers { get; } = [];

    /// <summary>Logs that were opened.</summary>
    public List<FakePacketLog> Logs { get; } = [];

    /// <summary>The tracer that is opened next.</summary>
    public FakeTracer Tracer { get; } = new();

    /// <summary>Why the log cannot be opened; null lets it.</summary>
    public string? LogRefusal { get; set; }

    /// <summary>Answers of the routing table.</summary>
    public Func<RouteQuery, RouteAnswer> Route { get; set; } = _ => new RouteAnswer { Type = RouteType.Unspecified, Reason = "Network is unreachable" };

    public IConnectionTracker Connections => this;

    public IRouteLookup Routes => this;

    public string? Unavailable { get; set; }

    public IReadOnlyList<string> Limitations => [];

    public int Count => All.Count;

    public bool IsAccounting { get; set; }

    public bool IsTimestamping { get; set; }

    public ConnectionTableStatistic Table { get; set; } = new(0, 65_536, 0, 3, 1, 4, 0);

    public IReadOnlyList<TrackedConnection> List(ConnectionFilter? filter = null) => [.. All];

    public ConnectionTableStatistic GetStatistic() => Table with { Count = All.Count };

    public IReadOnlyDictionary<(byte Protocol, string State), int> CountByState() =>
        All.GroupBy(one => (one.Protocol, one.State)).ToDictionary(group => group.Key, group => group.Count());

    public int Delete(ConnectionFilter filter) => throw new InvalidOperationException("the engine ends connections one by one");

    public bool Delete(TrackedConnection connection)
    {
        bool isThere = All.Remove(connection);
        if (isThere)
        {
            Deleted.Add(connection);
        }

        return isThere;
    }

    public IConnectionWatcher Watch(ConnectionFilter? filter = null, ConnectionEventKinds kinds = ConnectionEventKinds.All, int capacity = 4096)
    {
        var watcher = new FakeWatcher();
        Watchers.Add(watcher);
        return watcher;
    }

    public IPacketLogReader OpenPacketLog(PacketLogOptions options)
    {
        if (LogRefusal is { } words)
        {
            throw new InvalidOperationException(words);
        }

        var log = new FakePacketLog();
        Logs.Add(log);
        return log;
    }

    public IRuleTracer OpenTracer() => Tracer;

    public RouteAnswer Lookup(RouteQuery query) => Route(query);

    public void Dispose()
    {
    }

    /// <summary>A watcher whose events the test writes.</summary>
    internal sealed class FakeWatcher : IConnectionWatcher
    {
        private readonly Channel<ConnectionEvent> _events = Channel.CreateUnbounded<ConnectionEvent>();

        public ChannelReader<ConnectionEvent> Events => _events.Reader;

        public long Lost => 0;

        public long Damaged => 0;

        public bool IsDisposed { get; private set; }

        public void Tell(ConnectionEvent item) => _events.Writer.TryWrite(item);

        public void Dispose()
        {
            IsDisposed = true;
            _events.Writer.TryComplete();
        }
    }

    /// <summary>A log whose packets the test writes.</summary>
    internal sealed class FakePacketLog : IPacketLogReader
    {
        private readonly Channel<LoggedPacket> _packets = Channel.CreateUnbounded<LoggedPacket>();

        public ChannelReader<LoggedPacket> Packets => _packets.Reader;

        public long Received => 0;

        public long Dropped { get; set; }

        public long Lost { get; set; }

        public long Damaged => 0;

        public bool IsDisposed { get; private set; }

        public void Tell(LoggedPacket packet) => _packets.Writer.TryWrite(packet);

        public void Dispose()
        {
            IsDisposed = true;
            _packets.Writer.TryComplete();
        }
    }

    /// <summary>A tracer whose steps the test writes.</summary>
    internal sealed class FakeTracer : IRuleTracer
    {
        private readonly Channel<TraceEvent> _steps = Channel.CreateUnbounded<TraceEvent>();

        public ChannelReader<TraceEvent> Trace => _steps.Reader;

        public long Lost { get; set; }

        public long Damaged => 0;

        public List<(long Handle, string? Counter)> Rules { get; } = [];

        public int RuleReads { get; private set; }

        public void Tell(TraceEvent step) => _steps.Writer.TryWrite(step);

        public void End() => _steps.Writer.TryComplete();

        public IReadOnlyList<(long Handle, string? Counter)> ReadRuleCounters(FirewallTable table, string? chain = null)
        {
            RuleReads++;
            return [.. Rules];
        }

        public void Dispose()
        {
        }
    }
}
