using System.Collections.Frozen;
using Net.Contracts;
using Net.Engine.Configuration;
using Net.Firewall;

namespace Net.Engine.Firewall.Runtime;

/// <summary>The model of a document at a moment, and names of its rules. What was made last is kept, so that the same question costs nothing. Calls may come from any thread.</summary>
/// <param name="configuration">Gives the document in force.</param>
/// <param name="translate">Makes a model of a document at a moment.</param>
/// <param name="inForce">Gives the model the kernel holds; null when that is not known.</param>
internal sealed class FirewallModels(
    ConfigurationManager configuration, Func<NetConfiguration, DateTimeOffset, FirewallModel> translate, Func<FirewallModel?> inForce)
{
    private volatile Named? _named;

    /// <summary>The model in the kernel, or what it would be while that is not known.</summary>
    /// <param name="now">The time.</param>
    public FirewallModel InForce(DateTimeOffset now) => inForce() ?? translate(configuration.Document, now);

    /// <summary>The model of a document.</summary>
    /// <param name="document">The document; null for the one in force.</param>
    /// <param name="at">The moment, for schedules.</param>
    /// <exception cref="EngineException">The document is not a valid configuration.</exception>
    public FirewallModel Of(NetConfiguration? document, DateTimeOffset at)
    {
        if (document is not null && configuration.ProblemsOf(document).FirstOrDefault(IsAboutFirewall) is { } problem)
        {
            throw new EngineException(ErrorCatalogue.ConfigurationInvalid, problem.Message, problem.Place);
        }

        return translate(document ?? configuration.Document, at);
    }

    /// <summary>The rules in force by their id.</summary>
    /// <param name="now">The time.</param>
    public FrozenDictionary<long, Rule> RulesById(DateTimeOffset now)
    {
        FirewallModel model = inForce() ?? FirewallModel.Empty;
        if (_named is not { } named || !ReferenceEquals(named.Model, model))
        {
            named = new Named(model, model.Rules.ToFrozenDictionary(rule => rule.Id));
            _named = named;
        }

        return named.Rules;
    }

    private static bool IsAboutFirewall(ConfigurationProblem problem) => problem.Place.StartsWith("firewall", StringComparison.Ordinal) || problem.Place == "schemaVersion";

    private sealed record Named(FirewallModel Model, FrozenDictionary<long, Rule> Rules);
}
