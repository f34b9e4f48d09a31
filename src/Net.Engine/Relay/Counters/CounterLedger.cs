using Net.Relay;

namespace Net.Engine.Relay.Counters;

/// <summary>Adds up what engines and workers count. Each of them begins from 0 when it starts; a rule's totals go on. Calls may come from any thread.</summary>
internal sealed class CounterLedger(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, RuleCounters> _rules = [];
    private readonly Dictionary<string, Dictionary<(int Rule, int Output), RelayCounters>> _origins = [];
    private long _sampledAt = clock.GetTimestamp();

    /// <summary>Takes a reading.</summary>
    /// <param name="origin">Which engine or worker counted.</param>
    /// <param name="counters">Its counters; those it leaves out have not changed.</param>
    /// <param name="monotonicNow">The kernel's monotonic clock at the reading, in nanoseconds, against which times in the counters stand.</param>
    public void Take(string origin, IReadOnlyList<RelayCounters> counters, long monotonicNow)
    {
        const int nanosecondsPerTick = 100;
        DateTimeOffset wall = clock.GetUtcNow();
        lock (_gate)
        {
            if (!_origins.TryGetValue(origin, out Dictionary<(int Rule, int Output), RelayCounters>? readings))
            {
                _origins.Add(origin, readings = []);
            }

            foreach (RelayCounters now in counters)
            {
                if (!_rules.TryGetValue(now.RuleId, out RuleCounters? rule))
                {
                    // A rule that is gone; what it counted last interests nobody.
                    continue;
                }

                RelayCounters? before = readings.GetValueOrDefault((now.RuleId, now.Output));
                if (before == now)
                {
                    continue;
                }

                if (before is not null && (now.Packets < before.Packets || now.Drops.Sum() < before.Drops.Sum()))
                {
                    before = null;
                }

                DateTimeOffset? seen = now.LastSeenNanoseconds == 0 ? null : wall - TimeSpan.FromTicks(Math.Max(0, monotonicNow - now.LastSeenNanoseconds) / nanosecondsPerTick);
                rule.At(now.Output).Add(now, before, seen);
                readings[(now.RuleId, now.Output)] = now;
            }
        }
    }

    /// <summary>An engine or worker ended: what it counts from now on begins at 0.</summary>
    /// <param name="origin">Which.</param>
    public void Forget(string origin)
    {
        lock (_gate)
        {
            _origins.Remove(origin);
        }
    }

    /// <summary>Says which rules there are: new ones begin at 0, others are forgotten.</summary>
    /// <param name="ids">Their ids.</param>
    public void Keep(IReadOnlySet<int> ids)
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (_gate)
        {
            int[] gone = [.. _rules.Keys.Where(id => !ids.Contains(id))];
            foreach (int id in gone)
            {
                _rules.Remove(id);
            }

            foreach (Dictionary<(int Rule, int Output), RelayCounters> readings in gone.Length == 0 ? [] : _origins.Values.ToArray())
            {
                foreach ((int Rule, int Output) key in readings.Keys.Where(key => !ids.Contains(key.Rule)).ToArray())
                {
                    readings.Remove(key);
                }
            }

            foreach (int id in ids)
            {
                if (!_rules.ContainsKey(id))
                {
                    _rules.Add(id, new RuleCounters(now));
                }
            }
        }
    }

    /// <summary>A rule is no longer at an engine or worker: should it come back there, it counts from 0 again.</summary>
    /// <param name="origin">Which engine or worker.</param>
    /// <param name="ids">The rules it has.</param>
    public void Keep(string origin, IReadOnlySet<int> ids)
    {
        lock (_gate)
        {
            if (_origins.TryGetValue(origin, out Dictionary<(int Rule, int Output), RelayCounters>? readings))
            {
                foreach ((int Rule, int Output) key in readings.Keys.Where(key => !ids.Contains(key.Rule)).ToArray())
                {
                    readings.Remove(key);
                }
            }
        }
    }

    /// <summary>Begins rules anew from 0.</summary>
    /// <param name="ids">Which.</param>
    public void Reset(IEnumerable<int> ids)
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (_gate)
        {
            foreach (int id in ids)
            {
                _rules.GetValueOrDefault(id)?.Reset(now);
            }
        }
    }

    /// <summary>Computes rates since the sample before.</summary>
    public void Sample()
    {
        lock (_gate)
        {
            TimeSpan elapsed = clock.GetElapsedTime(_sampledAt);
            if (elapsed <= TimeSpan.Zero)
            {
                return;
            }

            _sampledAt = clock.GetTimestamp();
            foreach (RuleCounters rule in _rules.Values)
            {
                rule.Sample(elapsed);
            }
        }
    }

    /// <summary>Reads a rule's counters under the lock.</summary>
    /// <typeparam name="T">What is made of them.</typeparam>
    /// <param name="id">The rule.</param>
    /// <param name="read">Makes it; must be quick.</param>
    /// <param name="otherwise">What is given when the rule is not known.</param>
    public T Read<T>(int id, Func<RuleCounters, T> read, T otherwise)
    {
        lock (_gate)
        {
            return _rules.TryGetValue(id, out RuleCounters? rule) ? read(rule) : otherwise;
        }
    }
}
