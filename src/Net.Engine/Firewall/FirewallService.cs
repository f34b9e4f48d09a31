using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;

namespace Net.Engine.Firewall;

/// <summary>Serves the firewall part of the API: each call becomes an edit of the document.</summary>
internal sealed class FirewallService(ConfigurationManager configuration, FirewallSubsystem firewall)
{
    /// <summary>Lists rules.</summary>
    public FirewallRule[] List(ListFirewallRules request) => firewall.List(configuration.Document.Firewall, request);

    /// <summary>Adds rules.</summary>
    public async Task<FirewallRulesChanged> CreateAsync(Actor actor, CreateFirewallRules request, CancellationToken cancellationToken)
    {
        RefuseNone(request.Rules.Length);
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document =>
        {
            FirewallRule[] rules = document.Firewall.Rules;
            var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            string? taken = request.Rules.FirstOrDefault(rule => !names.Add(rule.Name))?.Name ?? rules.FirstOrDefault(rule => names.Contains(rule.Name))?.Name;
            if (taken is not null)
            {
                throw new EngineException(ErrorCatalogue.FirewallRuleExists, $"A firewall rule named '{taken}' exists already.", taken);
            }

            int place = PlaceOf(request, rules);
            return With(document, [.. rules[..place], .. request.Rules.Select(rule => rule.Id == 0 ? rule : rule with { Id = 0 }), .. rules[place..]]);
        }, cancellationToken).ConfigureAwait(false);

        return new FirewallRulesChanged(outcome.Applied ? Current(request.Rules) : request.Rules, outcome);
    }

    /// <summary>Replaces rules.</summary>
    public async Task<FirewallRulesChanged> SetAsync(Actor actor, SetFirewallRules request, CancellationToken cancellationToken)
    {
        RefuseNone(request.Rules.Length);
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document =>
        {
            List<FirewallRule> rules = [.. document.Firewall.Rules];
            Dictionary<long, int> byId = [];
            var byName = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
            for (int index = 0; index < rules.Count; index++)
            {
                byId[rules[index].Id] = index;
                byName[rules[index].Name] = index;
            }

            foreach (FirewallRule wanted in request.Rules)
            {
                int index = wanted.Id != 0 ? byId.GetValueOrDefault(wanted.Id, -1) : byName.GetValueOrDefault(wanted.Name, -1);
                if (index < 0)
                {
                    throw NotFound(wanted.Id != 0 && wanted.Name.Length == 0 ? $"id {wanted.Id}" : wanted.Name);
                }

                rules[index] = wanted with { Id = rules[index].Id };
            }

            return With(document, Moved(rules));
        }, cancellationToken).ConfigureAwait(false);

        return new FirewallRulesChanged(Current(request.Rules), outcome);
    }

    /// <summary>Removes rules.</summary>
    public async Task<FirewallRulesChanged> RemoveAsync(Actor actor, RemoveFirewallRules request, CancellationToken cancellationToken)
    {
        RefuseNone(request.Names.Length);
        FirewallRule[] removed = [];
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document =>
        {
            var names = new HashSet<string>(request.Names, StringComparer.OrdinalIgnoreCase);
            removed = [.. document.Firewall.Rules.Where(rule => names.Contains(rule.Name))];
            if (removed.Length < names.Count)
            {
                names.ExceptWith(removed.Select(rule => rule.Name));
                throw NotFound(names.First());
            }

            return With(document, [.. document.Firewall.Rules.Where(rule => !names.Contains(rule.Name))]);
        }, cancellationToken).ConfigureAwait(false);

        return new FirewallRulesChanged(removed, outcome);
    }

    private static void RefuseNone(int count)
    {
        if (count == 0)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "No firewall rule was given.", "rules");
        }
    }

    private static EngineException NotFound(string name) => new(ErrorCatalogue.FirewallRuleNotFound, $"No firewall rule is named '{name}'.", name);

    private static int PlaceOf(CreateFirewallRules request, FirewallRule[] rules)
    {
        int given = (request.Position is null ? 0 : 1) + (request.Before is null ? 0 : 1) + (request.After is null ? 0 : 1);
        if (given > 1)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "Only one of position, before and after can say where rules go.", "position");
        }

        if ((request.Before ?? request.After) is not { } name)
        {
            return PlaceOf(request.Position, rules.Length);
        }

        int place = Array.FindIndex(rules, rule => string.Equals(rule.Name, name, StringComparison.OrdinalIgnoreCase));
        return place < 0 ? throw NotFound(name) : request.Before is null ? place + 1 : place;
    }

    private static int PlaceOf(int? position, int count)
    {
        if (position is not { } wanted)
        {
            return count;
        }

        return wanted >= 1 && wanted <= count + 1
            ? wanted - 1
            : throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"Position {wanted} is not between 1 and {count + 1}.", "position");
    }

    private static NetConfiguration With(NetConfiguration document, FirewallRule[] rules) =>
        document with { Firewall = document.Firewall with { Rules = rules } };

    // Rules that carry a position are taken out and put there, lowest position first, so that the positions given are the ones they get.
    private static FirewallRule[] Moved(List<FirewallRule> rules)
    {
        FirewallRule[] moving = [.. rules.Where(rule => rule.Position is not null).OrderBy(rule => rule.Position)];
        foreach (FirewallRule rule in moving)
        {
            _ = PlaceOf(rule.Position, rules.Count - 1);
        }

        bool isMoving = moving.Any(rule => rules[Math.Clamp(rule.Position!.Value - 1, 0, rules.Count - 1)].Id != rule.Id);
        if (!isMoving)
        {
            return [.. rules];
        }

        int count = rules.Count;
        rules.RemoveAll(rule => rule.Position is not null);
        foreach (FirewallRule rule in moving)
        {
            rules.Insert(Math.Min(PlaceOf(rule.Position, count - 1), rules.Count), rule);
        }

        return [.. rules];
    }

    // Rules as they stand now, with their positions; looking at all of them for few makes no copy of all of them.
    private FirewallRule[] Current(FirewallRule[] asked)
    {
        var places = new Dictionary<string, int>(asked.Length, StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < asked.Length; index++)
        {
            places[asked[index].Name] = index;
        }

        FirewallRule[] rules = configuration.Document.Firewall.Rules;
        var found = new FirewallRule?[asked.Length];
        for (int index = 0; index < rules.Length; index++)
        {
            if (places.TryGetValue(rules[index].Name, out int place))
            {
                found[place] = rules[index] with { Position = index + 1 };
            }
        }

        return [.. found.OfType<FirewallRule>()];
    }
}
