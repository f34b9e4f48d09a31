using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Engine.Events;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Counters;

/// <summary>Begins counters of rules anew.</summary>
/// <param name="configuration">The rules.</param>
/// <param name="reader">Reads and resets.</param>
/// <param name="events">Hears of it.</param>
internal sealed class CounterService(ConfigurationManager configuration, IFirewallReader reader, EventLog events)
{
    /// <summary>Resets the counters of the rules named, of no others, and gives what they were.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="request">Which rules.</param>
    /// <exception cref="EngineException">A name is not that of a rule, or the counters cannot be read.</exception>
    public FirewallRule[] Reset(Actor actor, ResetFirewallCounters request)
    {
        FirewallRule[] rules = configuration.Document.Firewall.Rules;
        foreach (string name in request.Names ?? [])
        {
            if (NameFilter.IsLiteral(name) && !rules.Any(rule => string.Equals(rule.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                throw new EngineException(ErrorCatalogue.FirewallRuleNotFound, $"No firewall rule is named '{name}'.", name);
            }
        }

        bool isAll = request.Names is null or [];
        (FirewallRule Rule, int Position)[] wanted = [.. rules.Select((rule, index) => (rule, index + 1)).Where(one => NameFilter.Matches(request.Names, one.rule.Name))];
        try
        {
            // All at once also begins those anew that profile, zones and NAT have; single ones leave the others as they are.
            IReadOnlyDictionary<string, CounterValue> before = isAll ? reader.ResetCounters(FirewallTable.NetModule) : ResetSingle(wanted.Select(one => one.Rule.Id));
            FirewallRule[] was = [.. wanted.Select(one => With(one.Rule, one.Position, before))];
            events.Publish("FirewallCountersReset", "firewall", EventSeverity.Information, isAll ? "All counters of the firewall began anew." : $"The counters of {was.Length} firewall rules began anew.", actor: actor.Name);
            return was;
        }
        catch (Exception exception) when (KernelFailure.Is(exception))
        {
            throw new EngineException(ErrorCatalogue.FirewallApplyFailed, $"The counters could not be reset: {exception.Message}", inner: exception);
        }
    }

    private static FirewallRule With(FirewallRule rule, int position, IReadOnlyDictionary<string, CounterValue> before)
    {
        bool isCounted = before.TryGetValue(Net.Firewall.FirewallTable.Counter(rule.Id), out CounterValue value);
        return rule with { Position = position, PacketCount = isCounted ? (long)value.Packets : null, ByteCount = isCounted ? (long)value.Bytes : null };
    }

    private Dictionary<string, CounterValue> ResetSingle(IEnumerable<long> ids)
    {
        var before = new Dictionary<string, CounterValue>(StringComparer.Ordinal);
        foreach (long id in ids)
        {
            string name = Net.Firewall.FirewallTable.Counter(id);
            if (reader.ResetCounter(FirewallTable.NetModule, name) is { } value)
            {
                before[name] = value;
            }
        }

        return before;
    }
}
