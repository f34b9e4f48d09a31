using System.Globalization;
using Net.Contracts;
using Net.Engine.Metrics;
using Net.Engine.Relay.Counters;
using Net.Engine.Relay.Model;
using Net.Engine.Relay.Workers;
using Net.Relay;

namespace Net.Engine.Relay;

/// <content>Metrics.</content>
internal sealed partial class RelaySubsystem : IMetricSource
{
    // Beyond so many rules a scrape would be megabytes; sums by engine and state go on being told.
    private const int MostRulesInMetrics = 1000;

    private static readonly string[] DropNames =
    [
        "malformed", "fragment", "ttl", "source", "loop", "rate", "too_big", "no_output", "no_neighbor", "paused", "duplicate", "standby", "queue", "checksum", "interface_down", "ring",
    ];

    /// <inheritdoc />
    public void Collect(PrometheusWriter writer)
    {
        Resolution now = _resolution;
        writer.Metric("relay_rules", "gauge", "Rules of the relay by state.");
        foreach (RelayRuleState state in Enum.GetValues<RelayRuleState>())
        {
            writer.Sample("relay_rules", now.Rules.Count(rule => StateOf(rule, now) == state), ("state", state.ToString().ToLowerInvariant()));
        }

        writer.Metric("relay_engine_rules", "gauge", "Rules of the relay by the engine that moves their packets.");
        foreach (RelayEngineKind engine in Enum.GetValues<RelayEngineKind>())
        {
            writer.Sample("relay_engine_rules", now.Rules.Count(rule => rule.Engine == engine), ("engine", engine.ToString().ToLowerInvariant()));
        }

        writer.Metric("relay_drift_repairs_total", "counter", "Changes of others to the relay in the kernel that were put right.");
        writer.Sample("relay_drift_repairs_total", Interlocked.Read(ref _repairs));
        CollectRules(writer, now.Rules.Count <= MostRulesInMetrics ? now.Rules : []);
        CollectWorkers(writer);
    }

    private void CollectRules(PrometheusWriter writer, IReadOnlyList<ResolvedRule> rules)
    {
        Input("relay_received_packets_total", "Packets a rule of the relay matched.", totals => totals.Packets);
        Input("relay_received_bytes_total", "Bytes of packets a rule of the relay matched, from the IP header on.", totals => totals.Bytes);
        Output("relay_sent_packets_total", "Packets sent by an output of a rule of the relay.", totals => totals.Packets);
        Output("relay_sent_bytes_total", "Bytes sent by an output of a rule of the relay, from the IP header on.", totals => totals.Bytes);
        writer.Metric("relay_dropped_packets_total", "counter", "Packets of a rule of the relay that were dropped, at its input or an output, by reason; reasons that occurred.");
        foreach (ResolvedRule rule in rules)
        {
            long[] drops = Ledger.Read(rule.Id, counters => counters.Outputs.Prepend(counters.Input).Aggregate(new long[DropNames.Length], Sum), []);
            for (int reason = 0; reason < drops.Length; reason++)
            {
                if (drops[reason] > 0)
                {
                    writer.Sample("relay_dropped_packets_total", drops[reason], ("rule", rule.Parsed.Rule.Name), ("reason", DropNames[reason]));
                }
            }
        }

        ResolvedRule[] counted = [.. rules.Where(rule => rule.Parsed.Rule.AnalyzeSequence)];
        writer.Metric("relay_lost_packets_total", "counter", "Packets missing in the sequence of a rule that counts loss, before this host.");
        foreach (ResolvedRule rule in counted)
        {
            writer.Sample("relay_lost_packets_total", Ledger.Read(rule.Id, counters => counters.Input.Lost, 0), ("rule", rule.Parsed.Rule.Name));
        }

        void Input(string name, string help, Func<CounterTotals, long> value)
        {
            writer.Metric(name, "counter", help);
            foreach (ResolvedRule rule in rules)
            {
                writer.Sample(name, Ledger.Read(rule.Id, counters => value(counters.Input), 0), ("rule", rule.Parsed.Rule.Name));
            }
        }

        void Output(string name, string help, Func<CounterTotals, long> value)
        {
            writer.Metric(name, "counter", help);
            foreach (ResolvedRule rule in rules)
            {
                long[] values = Ledger.Read(rule.Id, counters => counters.Outputs.Select(value).ToArray(), []);
                for (int output = 0; output < rule.Parsed.Outputs.Length; output++)
                {
                    writer.Sample(
                        name, output < values.Length ? values[output] : 0, ("rule", rule.Parsed.Rule.Name), ("output", output.ToString(CultureInfo.InvariantCulture)),
                        ("interface", rule.Parsed.Outputs[output].Output.InterfaceAlias));
                }
            }
        }
    }

    private void CollectWorkers(PrometheusWriter writer)
    {
        writer.Metric("relay_worker_restarts_total", "counter", "How often a worker of the relay was started anew.");
        foreach (WorkerSlot slot in Workers)
        {
            writer.Sample("relay_worker_restarts_total", slot.Restarts, ("worker", slot.Index.ToString(CultureInfo.InvariantCulture)));
        }

        writer.Metric("relay_worker_resident_bytes", "gauge", "Resident memory of a worker of the relay, rings included.");
        foreach (WorkerSlot slot in Workers)
        {
            if (slot.ResidentBytes is { } bytes)
            {
                writer.Sample("relay_worker_resident_bytes", bytes, ("worker", slot.Index.ToString(CultureInfo.InvariantCulture)));
            }
        }

        if (Spare?.ReadResidentBytes() is { } waiting)
        {
            writer.Sample("relay_worker_resident_bytes", waiting, ("worker", "standby"));
        }

        writer.Metric("relay_ring_overruns_total", "counter", "Packets the kernel dropped because a ring or receive buffer of the relay was full, since its worker started.");
        foreach (WorkerSlot slot in Workers)
        {
            writer.Sample("relay_ring_overruns_total", slot.Inputs.Sum(input => input.Drops.Length > (int)RelayDrop.Ring ? input.Drops[(int)RelayDrop.Ring] : 0L), ("worker", slot.Index.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static long[] Sum(long[] sums, CounterTotals totals)
    {
        for (int reason = 0; reason < sums.Length && reason < totals.Drops.Length; reason++)
        {
            sums[reason] += totals.Drops[reason];
        }

        return sums;
    }
}
