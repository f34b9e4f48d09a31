using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Counters;

/// <summary>Looks at the counters of rules: every 10 s so that it is known when a rule last matched, every 2 s for half a minute after somebody asked for rates. However many rules
/// there are, looking takes 2 % of one processor at most: what takes long is done less often. Calls may come from any thread.</summary>
/// <param name="reader">Reads the counters.</param>
/// <param name="clock">The clock.</param>
internal sealed class RuleActivitySampler(IFirewallReader reader, TimeProvider clock) : IRuleActivity
{
    /// <summary>Time between two looks when nobody asks.</summary>
    public static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(10);

    /// <summary>Time between two looks after somebody asked.</summary>
    public static readonly TimeSpan AskedInterval = TimeSpan.FromSeconds(2);

    private const int MostOfProcessor = 50;
    private static readonly TimeSpan s_askedFor = TimeSpan.FromSeconds(30);

    // Two lists in the same moment are one look: a rate over a millisecond says nothing.
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long? _takenAt;
    private long? _askedAt;
    private TimeSpan _cost;

    /// <summary>Looks at the counters if it is time to.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            bool isAsked = _askedAt is { } asked && clock.GetElapsedTime(asked) <= s_askedFor;
            TimeSpan interval = isAsked ? AskedInterval : IdleInterval;
            TimeSpan cheapest = _cost * MostOfProcessor;
            if (_takenAt is { } taken && clock.GetElapsedTime(taken) < (cheapest > interval ? cheapest : interval))
            {
                return;
            }
        }

        long began = clock.GetTimestamp();
        IReadOnlyDictionary<string, CounterValue> counters = reader.ReadCounters(FirewallTable.NetModule);
        lock (_gate)
        {
            _cost = clock.GetElapsedTime(began);
            Record(counters);
        }
    }

    /// <inheritdoc />
    public void Take(IReadOnlyDictionary<string, CounterValue> counters)
    {
        lock (_gate)
        {
            _askedAt = clock.GetTimestamp();
            if (_takenAt is not { } taken || clock.GetElapsedTime(taken) >= s_shortest)
            {
                Record(counters);
            }
        }
    }

    /// <inheritdoc />
    public RuleTraffic Of(string counter)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(counter, out Entry entry) ? new RuleTraffic(entry.Rate, entry.LastHit) : default;
        }
    }

    // Counters that are gone are forgotten with the dictionary before.
    private void Record(IReadOnlyDictionary<string, CounterValue> counters)
    {
        double seconds = _takenAt is { } taken ? clock.GetElapsedTime(taken).TotalSeconds : 0;
        DateTimeOffset now = clock.GetUtcNow();
        var next = new Dictionary<string, Entry>(counters.Count, StringComparer.Ordinal);
        foreach ((string name, CounterValue value) in counters)
        {
            if (!_entries.TryGetValue(name, out Entry before))
            {
                next[name] = new Entry(value.Packets, null, null);
                continue;
            }

            // A counter that went back was begun anew since.
            ulong more = value.Packets >= before.Packets ? value.Packets - before.Packets : value.Packets;
            next[name] = new Entry(value.Packets, seconds > 0 ? more / seconds : before.Rate, more > 0 ? now : before.LastHit);
        }

        _entries = next;
        _takenAt = clock.GetTimestamp();
    }

    private readonly record struct Entry(ulong Packets, double? Rate, DateTimeOffset? LastHit);
}
