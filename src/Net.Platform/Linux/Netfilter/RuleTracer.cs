using System.Runtime.Versioning;
using System.Threading.Channels;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.NftablesApi;
using static Net.Platform.Linux.Interop.TraceApi;

namespace Net.Platform.Linux.Netfilter;

/// <summary>Trace events of nf_tables, in the network namespace of the thread that makes it. Needs CAP_NET_ADMIN.</summary>
[SupportedOSPlatform("linux")]
public sealed class RuleTracer : IRuleTracer, INetlinkEventSink
{
    // Packets whose headers are remembered for their later steps. A packet's steps follow each other within microseconds.
    private const int RememberedPackets = 4096;

    private readonly TimeProvider _timeProvider;
    private readonly Channel<TraceEvent> _trace;
    private readonly Dictionary<uint, TraceEvent> _firstSteps = [];
    private readonly Lock _gate = new();
    private readonly NetlinkSocket _rules;
    private readonly NetlinkEventLoop _loop;
    private long _lost;
    private long _damaged;

    /// <summary>Starts to receive.</summary>
    /// <param name="capacity">Steps that wait for a slow reader.</param>
    /// <param name="timeProvider">Gives the time of each step; null for the system's.</param>
    /// <exception cref="NetlinkException">The kernel tells no traces, or CAP_NET_ADMIN is missing.</exception>
    public RuleTracer(int capacity = 8192, TimeProvider? timeProvider = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _timeProvider = timeProvider ?? TimeProvider.System;
        _trace = Channel.CreateBounded<TraceEvent>(
            new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true },
            _ => Interlocked.Increment(ref _lost));
        _rules = new NetlinkSocket(NetlinkFamily.Netfilter);
        NetlinkSocket? events = null;
        try
        {
            events = new NetlinkSocket(NetlinkFamily.Netfilter);
            Join(events);
            _loop = new NetlinkEventLoop(events, this, "rule trace");
        }
        catch
        {
            events?.Dispose();
            _rules.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public ChannelReader<TraceEvent> Trace => _trace.Reader;

    /// <inheritdoc />
    public long Lost => Interlocked.Read(ref _lost);

    /// <inheritdoc />
    public long Damaged => Interlocked.Read(ref _damaged);

    /// <inheritdoc />
    public IReadOnlyList<(long Handle, string? Counter)> ReadRuleCounters(FirewallTable table, string? chain = null)
    {
        var writer = new NetlinkWriter(stackalloc byte[1024]);
        writer.Begin((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETRULE, 0);
        writer.Header(new nfgenmsg { nfgen_family = (byte)table.Family, version = NFNETLINK_V0 });
        writer.Attribute(NFTA_RULE_TABLE, table.Name);
        if (chain is not null)
        {
            writer.Attribute(NFTA_RULE_CHAIN, chain);
        }

        writer.End();
        bool TryParse(in NetlinkMessage message, out (long Handle, string? Counter) rule) => TraceParser.TryParseRule(message, table, chain, out rule);
        lock (_gate)
        {
            try
            {
                return _rules.Dump<(long Handle, string? Counter)>(writer.Written, TryParse);
            }
            catch (NetlinkException exception) when (exception.ErrorNumber == Libc.ENOENT)
            {
                return [];
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _loop.Dispose();
        lock (_gate)
        {
            _rules.Dispose();
        }
    }

    void INetlinkEventSink.Take(in NetlinkMessage message)
    {
        if (!TraceParser.IsTrace(message))
        {
            return;
        }

        if (!TraceParser.TryParse(message, _timeProvider.GetUtcNow(), out TraceEvent step))
        {
            Interlocked.Increment(ref _damaged);
            return;
        }

        if (step.IsFirstAtHook)
        {
            if (_firstSteps.Count >= RememberedPackets)
            {
                _firstSteps.Clear();
            }

            _firstSteps[step.TraceId] = step;
        }
        else if (_firstSteps.TryGetValue(step.TraceId, out TraceEvent? first))
        {
            step = step with { Packet = first.Packet, InputInterface = first.InputInterface, OutputInterface = first.OutputInterface };
        }

        _trace.Writer.TryWrite(step);
    }

    void INetlinkEventSink.TakeDamaged() => Interlocked.Increment(ref _damaged);

    void INetlinkEventSink.TakeOverrun() => Interlocked.Increment(ref _lost);

    void INetlinkEventSink.Complete() => _trace.Writer.TryComplete();

    private static void Join(NetlinkSocket socket)
    {
        try
        {
            socket.Join(NFNLGRP_NFTRACE);
        }
        catch (NetlinkException exception)
        {
            throw new NetlinkException($"traces of packets cannot be received (Linux 4.6, CAP_NET_ADMIN): {exception.Message}", exception);
        }
    }
}
