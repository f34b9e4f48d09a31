using System.Net;

namespace Net.Relay;

/// <summary>All that changes about a flow while packets pass: counters, sources, rate limits, duplicates, standby, sequence numbers. One thread relays with it and allocates nothing; another may
/// take reports.</summary>
public sealed class FlowState
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    // A source that was silent for a minute is not one of the stream's any more.
    private const long SourceMemoryNanoseconds = 60_000_000_000;

    private readonly PointCounters _input;
    private readonly PointCounters[] _outputs;
    private readonly TargetRewrite[] _rewrites;
    private readonly TokenBucket?[] _buckets;
    private readonly uint[] _identifications;
    private readonly AllowedSources _allowed;
    private readonly RelayAddress[] _own;
    private readonly StandbySelector? _standby;
    private readonly DuplicateFilter? _duplicates;
    private readonly SequenceAnalyzer? _sequence;

    /// <summary>Makes the state of a flow.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <param name="previous">The state of the same rule before a change, or of the rule on another interface: counters and memory are shared with it, so both belong to one thread and only one of them is reported.</param>
    /// <exception cref="ArgumentException">A target is not one that packets can be rewritten for; see <see cref="TargetRewrite"/>.</exception>
    public FlowState(RelayFlow flow, long now, FlowState? previous = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        RelayFlow? before = previous?.Flow;
        Flow = flow;
        Sources = previous?.Sources ?? new SourceSet();
        _input = previous?._input ?? new PointCounters();
        int count = flow.Targets.Length;
        _outputs = new PointCounters[count];
        _rewrites = new TargetRewrite[count];
        _buckets = new TokenBucket?[count];
        _identifications = new uint[count];
        for (int output = 0; output < count; output++)
        {
            RelayTarget target = flow.Targets[output];
            RelayTarget? targetBefore = before is not null && output < before.Targets.Length ? before.Targets[output] : null;
            _outputs[output] = targetBefore is null ? new PointCounters() : previous!._outputs[output];
            _rewrites[output] = target == targetBefore ? previous!._rewrites[output] : new TargetRewrite(target);
            _identifications[output] = targetBefore is null ? (uint)now : previous!._identifications[output];
            _buckets[output] = targetBefore is not null && targetBefore.PacketsPerSecond == target.PacketsPerSecond && targetBefore.BitsPerSecond == target.BitsPerSecond
                ? previous!._buckets[output]
                : MakeBucket(target, now);
        }

        _allowed = new AllowedSources(flow.AllowedSources);
        _own = OwnAddresses(flow);
        _sequence = flow.AnalyzeSequence ? previous?._sequence ?? new SequenceAnalyzer() : null;
        _duplicates = flow.Duplicates == DuplicateMode.Suppress ? previous?._duplicates ?? new DuplicateFilter() : null;
        bool sameStandby = before is not null && Equals(before.PreferredSource, flow.PreferredSource) && before.StandbyAfterMilliseconds == flow.StandbyAfterMilliseconds;
        _standby = flow.Duplicates != DuplicateMode.Standby ? null : sameStandby && previous!._standby is not null ? previous._standby : MakeStandby(flow);
    }

    /// <summary>The flow.</summary>
    public RelayFlow Flow { get; }

    /// <summary>Who sent lately.</summary>
    public SourceSet Sources { get; }

    /// <summary>The source that is relayed now, with <see cref="DuplicateMode.Standby"/>; null without, and before the first packet.</summary>
    public RelayAddress? ActiveSource => _standby?.Active;

    /// <summary>How often another source took over.</summary>
    public long SourceSwitches => _standby?.Switches ?? 0;

    /// <summary>Packets taken so far.</summary>
    public long PacketsReceived => _input.Packets;

    /// <summary>How many outputs there are.</summary>
    public int OutputCount => _rewrites.Length;

    /// <summary>Counts a packet of the flow in, and decides whether it is relayed at all; why not is counted.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="now">The monotonic clock in nanoseconds, above 0.</param>
    /// <param name="reason">Why it is not relayed, when it returns false.</param>
    public bool TryAdmit(in PacketView packet, ReadOnlySpan<byte> payload, long now, out RelayDrop reason)
    {
        _input.Pass(1, packet.PacketBytes, now);
        if (TryAdmitSource(packet, payload, now, out reason))
        {
            _sequence?.See(packet, payload, now);
            return true;
        }

        _input.Drop(reason, 1);
        return false;
    }

    /// <summary>Whether nothing but the sender decides on a packet, so that all of a batch of one sender have one answer.</summary>
    public bool DecidesBySender => _sequence is null && _duplicates is null;

    /// <summary>As <see cref="TryAdmit(in PacketView, ReadOnlySpan{byte}, long, out RelayDrop)"/> for several packets of one sender at once, where <see cref="DecidesBySender"/> says that this can be.</summary>
    /// <param name="packet">The first of them.</param>
    /// <param name="packets">How many.</param>
    /// <param name="bytes">Bytes of their IP packets together.</param>
    /// <param name="now">The monotonic clock in nanoseconds, above 0.</param>
    /// <param name="reason">Why they are not relayed, when it returns false.</param>
    public bool TryAdmit(in PacketView packet, int packets, long bytes, long now, out RelayDrop reason)
    {
        _input.Pass(packets, bytes, now);
        if (TryAdmitSource(packet, default, now, out reason))
        {
            return true;
        }

        _input.Drop(reason, packets);
        return false;
    }

    /// <summary>What the rewriter needs for an output.</summary>
    /// <param name="output">The index of the output.</param>
    public TargetRewrite Rewrite(int output) => _rewrites[output];

    /// <summary>Decides whether an output takes a packet now: whether it is paused, and its rate limit; why not is counted.</summary>
    /// <param name="output">The index of the output.</param>
    /// <param name="packetBytes">Length of the IP packet.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <param name="reason">Why not, when it returns false.</param>
    public bool TryAdmitOutput(int output, int packetBytes, long now, out RelayDrop reason)
    {
        reason = RelayDrop.Paused;
        if (!_rewrites[output].Target.IsPaused)
        {
            reason = RelayDrop.Rate;
            if (_buckets[output] is not TokenBucket bucket || bucket.TryTake(packetBytes, now))
            {
                return true;
            }
        }

        _outputs[output].Drop(reason, 1);
        return false;
    }

    /// <summary>Counts packets an output sent.</summary>
    /// <param name="output">The index of the output.</param>
    /// <param name="packets">How many.</param>
    /// <param name="bytes">Bytes of their IP packets together.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    public void CountSent(int output, int packets, long bytes, long now) => _outputs[output].Pass(packets, bytes, now);

    /// <summary>Counts packets an output did not send.</summary>
    /// <param name="output">The index of the output, or <see cref="RelayCounters.Input"/>.</param>
    /// <param name="reason">Why not.</param>
    /// <param name="packets">How many.</param>
    public void CountDrop(int output, RelayDrop reason, int packets = 1) => (output < 0 ? _input : _outputs[output]).Drop(reason, packets);

    /// <summary>How often a reason was counted.</summary>
    /// <param name="output">The index of the output, or <see cref="RelayCounters.Input"/>.</param>
    /// <param name="reason">The reason.</param>
    public long DropsOf(int output, RelayDrop reason) => (output < 0 ? _input : _outputs[output]).DropsOf(reason);

    /// <summary>A number for the fragments of the next packet of an output.</summary>
    /// <param name="output">The index of the output.</param>
    public uint NextIdentification(int output) => ++_identifications[output];

    /// <summary>Adds the counters of input and outputs to a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <param name="changedOnly">Whether to leave out what nothing was counted at since the last report. One thread only.</param>
    public void AddCounters(List<RelayCounters> report, long now, bool changedOnly = false)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (_input.TakeChange() || !changedOnly)
        {
            report.Add(_input.ToRecord(Flow.RuleId, RelayCounters.Input) with
            {
                Lost = _sequence?.Lost ?? 0,
                Reordered = _sequence?.Reordered ?? 0,
                Duplicates = _sequence?.Duplicates ?? 0,
                Sources = Sources.CountSince(now - SourceMemoryNanoseconds),
                SourceAddresses = SourcesSince(now - SourceMemoryNanoseconds),
                ActiveSource = ActiveSource?.ToIPAddress(),
                Sequence = _sequence?.Kind,
                Numbered = _sequence?.Numbered ?? 0,
            });
        }

        for (int output = 0; output < _outputs.Length; output++)
        {
            if (_outputs[output].TakeChange() || !changedOnly)
            {
                report.Add(_outputs[output].ToRecord(Flow.RuleId, output));
            }
        }
    }

    // Allocates, four times a second for flows that move.
    private IPAddress[] SourcesSince(long since)
    {
        Span<RelayAddress> addresses = stackalloc RelayAddress[SourceSet.Capacity];
        Span<long> lastSeen = stackalloc long[SourceSet.Capacity];
        int count = Sources.CopyTo(addresses, lastSeen);
        var result = new List<IPAddress>(count);
        for (int index = 0; index < count; index++)
        {
            if (lastSeen[index] >= since)
            {
                result.Add(addresses[index].ToIPAddress());
            }
        }

        return [.. result];
    }

    private static TokenBucket? MakeBucket(RelayTarget target, long now) =>
        target.PacketsPerSecond > 0 || target.BitsPerSecond > 0 ? new TokenBucket(target.PacketsPerSecond, target.BitsPerSecond, now) : null;

    private static StandbySelector MakeStandby(RelayFlow flow) => new(
        flow.PreferredSource is IPAddress preferred ? RelayAddress.From(preferred) : null,
        Math.Max(1, flow.StandbyAfterMilliseconds) * NanosecondsPerMillisecond);

    // What leaves with an address of this host's and comes in again went round a loop somewhere.
    private static RelayAddress[] OwnAddresses(RelayFlow flow)
    {
        var own = new List<RelayAddress>();
        foreach (RelayTarget target in flow.Targets)
        {
            if (target.SourceMode == SourceMode.Interface && target.Source is not null && !own.Contains(RelayAddress.From(target.Source)))
            {
                own.Add(RelayAddress.From(target.Source));
            }
        }

        return [.. own];
    }

    private bool TryAdmitSource(in PacketView packet, ReadOnlySpan<byte> payload, long now, out RelayDrop reason)
    {
        reason = RelayDrop.Source;
        if (!_allowed.Contains(packet.Source))
        {
            return false;
        }

        reason = RelayDrop.Loop;
        if (_own.AsSpan().Contains(packet.Source))
        {
            return false;
        }

        Sources.Touch(packet.Source, now);
        reason = RelayDrop.Standby;
        if (_standby is not null && !_standby.Accept(packet.Source, now))
        {
            return false;
        }

        reason = RelayDrop.Duplicate;
        return _duplicates is null || _duplicates.Accept(packet.Source, payload, now);
    }
}
