using Net.Contracts;
using Net.Engine.Relay.Counters;
using Net.Engine.Relay.Model;
using Net.Engine.Relay.Workers;
using Net.Relay;
using RelayDrops = Net.Contracts.RelayDrops;

namespace Net.Engine.Relay.Api;

/// <summary>Rules and their counters as the API tells them, at one moment.</summary>
internal sealed class RelayView
{
    private readonly RelaySubsystem _relay;
    private readonly Resolution _now;
    private readonly WorkerSlot[] _slots;
    private readonly string?[] _troubles;
    private readonly List<int> _workers = [];

    /// <summary>Looks at the relay.</summary>
    /// <param name="relay">The relay.</param>
    public RelayView(RelaySubsystem relay)
    {
        _relay = relay;
        _now = relay.Current;
        _slots = [.. relay.Workers];
        _troubles = [.. _slots.Select(slot => slot.Trouble)];
    }

    /// <summary>A rule with what it does now.</summary>
    /// <param name="rule">The document's rule.</param>
    /// <param name="withCounters">Whether its counters are told.</param>
    public RelayRule Describe(RelayRule rule, bool withCounters)
    {
        (RelayRuleState state, string reason, ResolvedRule? resolved) = StateOf(rule);
        FindWorkers(resolved);
        RelayRule described = rule with
        {
            State = state,
            Reason = reason,
            EngineInUse = resolved?.Engine is { } engine ? ParsedRule.EngineOf(engine) : null,
            EngineReason = resolved?.EngineReason,
            Worker = _workers.Count == 1 ? _workers[0] : null,
        };
        return withCounters
            ? _relay.Ledger.Read(IdOf(rule), counters => described with
            {
                Packets = counters.Input.Packets,
                Bytes = counters.Input.Bytes,
                PacketsPerSecond = counters.Input.PacketsPerSecond,
                BitsPerSecond = counters.Input.BitsPerSecond,
                LastSeen = counters.Input.LastSeen,
            }, described)
            : described;
    }

    /// <summary>A rule's counters.</summary>
    /// <param name="rule">The document's rule.</param>
    /// <param name="time">When they are told.</param>
    public RelayStatistic Statistic(RelayRule rule, DateTimeOffset time)
    {
        (RelayRuleState state, _, ResolvedRule? resolved) = StateOf(rule);
        bool isKernel = resolved?.Engine is RelayEngineKind.Xdp or RelayEngineKind.Tcx;
        var statistic = new RelayStatistic
        {
            Name = rule.Name,
            Id = rule.Id,
            State = state,
            EngineInUse = resolved?.Engine is { } engine ? ParsedRule.EngineOf(engine) : null,
            Time = time,
            Since = time,
            Outputs = [.. rule.Outputs.Select((output, index) => Output(output, index, resolved))],
        };
        return _relay.Ledger.Read(IdOf(rule), counters => statistic with
        {
            Packets = counters.Input.Packets,
            Bytes = counters.Input.Bytes,
            PacketsPerSecond = counters.Input.PacketsPerSecond,
            BitsPerSecond = counters.Input.BitsPerSecond,
            LastSeen = counters.Input.LastSeen,
            Drops = DropsOf(counters.Input.Drops),
            SourceCount = isKernel || resolved?.Engine is null ? null : counters.Input.Sources.Length,
            Sources = isKernel ? [] : [.. counters.Input.Sources.Select(source => source.ToString())],
            ActiveSource = isKernel ? null : counters.Input.ActiveSource?.ToString(),
            Sequence = SequenceOf(rule, counters.Input),
            Outputs = [.. statistic.Outputs.Select((output, index) => index < counters.Outputs.Count ? With(output, counters.Outputs[index]) : output)],
            Since = counters.Since,
        }, statistic);
    }

    /// <summary>Whether a worker of a rule does not take what it is told.</summary>
    /// <param name="rule">The document's rule.</param>
    public bool IsStuck(RelayRule rule)
    {
        FindWorkers(_now.Find(rule.Id));
        return _workers.Any(worker => worker < _slots.Length && _slots[worker].IsStuck);
    }

    /// <summary>Packets that were dropped, by reason.</summary>
    /// <param name="counts">Counts by <see cref="RelayDrop"/>.</param>
    public static RelayDrops DropsOf(long[] counts)
    {
        return new RelayDrops(
            At(RelayDrop.Malformed), At(RelayDrop.Fragment), At(RelayDrop.Ttl), At(RelayDrop.Source), At(RelayDrop.Loop), At(RelayDrop.Rate), At(RelayDrop.TooBig), At(RelayDrop.NoOutput),
            At(RelayDrop.NoNeighbor), At(RelayDrop.Paused), At(RelayDrop.Duplicate), At(RelayDrop.Standby), At(RelayDrop.Queue), At(RelayDrop.Checksum), At(RelayDrop.InterfaceDown), At(RelayDrop.Ring));

        long At(RelayDrop reason) => (int)reason < counts.Length ? counts[(int)reason] : 0;
    }

    private static int IdOf(RelayRule rule) => rule.Id is > 0 and <= int.MaxValue ? (int)rule.Id : 0;

    private static RelayOutputStatistic Output(RelayOutput output, int index, ResolvedRule? resolved)
    {
        OutputState state = resolved is not null && index < resolved.Outputs.Length ? resolved.Outputs[index] : default;
        return new RelayOutputStatistic
        {
            Index = index,
            InterfaceAlias = output.InterfaceAlias,
            Destination = output.Destination,
            Port = output.Port,
            IsPaused = state.IsPaused,
            Reason = state.Reason,
        };
    }

    private static RelayOutputStatistic With(RelayOutputStatistic output, CounterTotals totals) => output with
    {
        Packets = totals.Packets,
        Bytes = totals.Bytes,
        PacketsPerSecond = totals.PacketsPerSecond,
        BitsPerSecond = totals.BitsPerSecond,
        LastSent = totals.LastSeen,
        Drops = DropsOf(totals.Drops),
    };

    private static RelaySequence? SequenceOf(RelayRule rule, CounterTotals input) =>
        rule.AnalyzeSequence && input.Sequence is { } kind
            ? new RelaySequence(FormatOf(kind), Math.Max(0, input.Numbered - input.Duplicates) + input.Lost, input.Lost, input.Reordered, input.Duplicates)
            : null;

    private static RelaySequenceFormat FormatOf(SequenceKind kind) => kind switch
    {
        SequenceKind.Rtp => RelaySequenceFormat.Rtp,
        SequenceKind.MpegTs => RelaySequenceFormat.MpegTs,
        _ => RelaySequenceFormat.Generator,
    };

    private void FindWorkers(ResolvedRule? rule)
    {
        _workers.Clear();
        if (rule is not null)
        {
            _relay.WorkersOf(rule, _workers);
        }
    }

    private (RelayRuleState State, string Reason, ResolvedRule? Rule) StateOf(RelayRule rule)
    {
        ResolvedRule? resolved = _now.Find(rule.Id);
        if (resolved is null)
        {
            return (RelayRuleState.Waiting, "It is not applied yet.", null);
        }

        if (_now.Failures.TryGetValue(resolved.Id, out string? failure))
        {
            return (RelayRuleState.Failed, $"It could not be set up and is tried again: {failure}", resolved);
        }

        FindWorkers(resolved);
        if (resolved.State == RelayRuleState.Forwarding && _workers.FirstOrDefault(worker => worker < _troubles.Length && _troubles[worker] is not null, -1) is >= 0 and int troubled)
        {
            if (_slots[troubled].IsStarting)
            {
                return (RelayRuleState.Waiting, $"It waits for worker {troubled}, which is being started.", resolved);
            }

            return (RelayRuleState.Failed, $"Worker {troubled} does not relay now: {_troubles[troubled]}.", resolved);
        }

        return (resolved.State, resolved.Reason, resolved);
    }
}
