using System.Collections.Frozen;
using System.Collections.Immutable;
using Net.Contracts;
using Net.Engine.Configuration;
using Net.Firewall;

namespace Net.Engine.Firewall.Runtime;

/// <summary>The model of a document at a moment, and names of its rules. What was made last is kept, so that the same question costs nothing. Calls may come from any thread.</summary>
/// <param name="configuration">Gives the document in force.</param>
/// <param name="firewall">Gives the model the kernel holds, and makes models of documents.</param>
internal sealed class FirewallModels(ConfigurationManager configuration, FirewallSubsystem firewall)
{
    private volatile Named? _named;

    /// <summary>The model in the kernel, or what it would be while that is not known.</summary>
    /// <param name="now">The time.</param>
    public FirewallModel InForce(DateTimeOffset now) => firewall.InForce ?? firewall.Translator.Translate(configuration.Document.Firewall, now).Model;

    /// <summary>The model of a document.</summary>
    /// <param name="document">The document; null for the one in force.</param>
    /// <param name="at">The moment, for schedules.</param>
    /// <exception cref="EngineException">The document is not a valid configuration.</exception>
    public FirewallModel Of(NetConfiguration? document, DateTimeOffset at)
    {
        if (document is null)
        {
            return firewall.Translator.Translate(configuration.Document.Firewall, at).Model;
        }

        // What is new in it gets the ids it would get by a change.
        NetConfiguration numbered = document with { Firewall = RuleNumbering.Assign(configuration.Document.Firewall, document.Firewall) };
        return configuration.ProblemsOf(numbered).FirstOrDefault(IsAboutFirewall) is { } problem
            ? throw new EngineException(ErrorCatalogue.ConfigurationInvalid, problem.Message, problem.Place)
            : firewall.Translator.Translate(numbered.Firewall, at).Model;
    }

    /// <summary>The rules in force by their id.</summary>
    /// <param name="now">The time.</param>
    public FrozenDictionary<long, Rule> RulesById(DateTimeOffset now) => Fresh(now).Rules;

    /// <summary>The name of a rule or NAT rule in force; null when there is none of that id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="now">The time.</param>
    public string? NameOf(long id, DateTimeOffset now)
    {
        Named named = Fresh(now);
        return named.Rules.TryGetValue(id, out Rule? rule) ? rule.Name : named.NatRules.GetValueOrDefault(id)?.Name;
    }

    /// <summary>What the dynamic lists of a model hold in the kernel now, by id; those that cannot be read are left out.</summary>
    /// <param name="model">The model.</param>
    public Dictionary<long, ImmutableArray<Net.Firewall.AddressRange>> DynamicContents(FirewallModel model)
    {
        Dictionary<long, ImmutableArray<Net.Firewall.AddressRange>> contents = [];
        foreach (AddressList list in model.AddressLists.Where(list => list.IsDynamic))
        {
            if (firewall.ReadEntries(list.Id) is { } elements)
            {
                contents[list.Id] = [.. elements.Select(element => new Net.Firewall.AddressRange(element.Address))];
            }
        }

        return contents;
    }

    private Named Fresh(DateTimeOffset now)
    {
        FirewallModel model = InForce(now);
        if (_named is not { } named || !ReferenceEquals(named.Model, model))
        {
            named = new Named(model, model.Rules.ToFrozenDictionary(rule => rule.Id), model.NatRules.ToFrozenDictionary(rule => rule.Id));
            _named = named;
        }

        return named;
    }

    private static bool IsAboutFirewall(ConfigurationProblem problem) => problem.Place.StartsWith("firewall", StringComparison.Ordinal) || problem.Place == "schemaVersion";

    private sealed record Named(FirewallModel Model, FrozenDictionary<long, Rule> Rules, FrozenDictionary<long, Net.Firewall.NatRule> NatRules);
}
