using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Firewall;
using NatRule = Net.Contracts.NatRule;

namespace Net.Engine.Firewall.Runtime.Transfer;

/// <summary>Serves <c>firewall.import</c> and <c>firewall.export</c>.</summary>
/// <param name="configuration">The document.</param>
/// <param name="models">The rules in force.</param>
/// <param name="read">Reads another firewall's text; null when it is of no kind that is known.</param>
/// <param name="clock">The clock.</param>
internal sealed class TransferService(ConfigurationManager configuration, FirewallModels models, Func<string, ImportedRules?> read, TimeProvider clock)
{
    private const int MostCharacters = 8 << 20;
    private const int MostProblems = 1000;

    /// <summary>Takes rules over by one change of the document. What cannot be expressed is reported, and the rest taken.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="request">The text, and what to do with it.</param>
    /// <param name="cancellationToken">Gives up while nothing is written.</param>
    /// <exception cref="EngineException">The text is of no kind that is known, or the change was refused.</exception>
    public async Task<FirewallImported> ImportAsync(Actor actor, ImportFirewall request, CancellationToken cancellationToken)
    {
        if (request.Text.Length is 0 or > MostCharacters)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"A text to import has 1 to {MostCharacters} characters.", "text");
        }

        ImportedRules imported = await Task.Run(() => read(request.Text), cancellationToken).ConfigureAwait(false)
            ?? throw new EngineException(ErrorCatalogue.ArgumentInvalid, "The text is neither of iptables-save or ip6tables-save (lines such as '*filter' and '-A INPUT') nor of 'nft list ruleset' (blocks such as 'table inet filter {').", "text");
        List<FirewallImportProblem> problems = [.. imported.Problems.Select(problem => new FirewallImportProblem(problem.Line, problem.Text, problem.Reason))];
        List<FirewallRule> rules = [];
        foreach (Rule rule in imported.Rules)
        {
            Add(RuleWords.ToDocument(rule, out string? problem), problem, rule.Name, rules);
        }

        List<NatRule> natRules = [];
        foreach (Net.Firewall.NatRule rule in imported.NatRules)
        {
            Add(RuleWords.ToDocument(rule, out string? problem), problem, rule.Name, natRules);
        }

        if (rules.Count + natRules.Count == 0)
        {
            string first = problems.Count == 0 ? string.Empty : $" First of {problems.Count} problems: line {problems[0].Line}, {problems[0].Reason}";
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The text holds no rule that could be taken over.{first}", "text");
        }

        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document => With(document, rules, natRules, request.Replace), cancellationToken).ConfigureAwait(false);
        return new FirewallImported([.. rules], [.. natRules], [.. problems.Take(MostProblems)], outcome);

        void Add<T>(T? said, string? problem, string name, List<T> into)
            where T : class
        {
            if (said is not null)
            {
                into.Add(said);
            }
            else
            {
                problems.Add(new FirewallImportProblem(0, name, problem ?? "it cannot be expressed"));
            }
        }
    }

    /// <summary>The firewall in force as commands for nft, with names as comments.</summary>
    public FirewallExported Export() => new(ExportText.Of(models.InForce(clock.GetUtcNow())));

    private static NetConfiguration With(NetConfiguration document, List<FirewallRule> rules, List<NatRule> natRules, bool isReplaced)
    {
        FirewallSection section = document.Firewall;
        FirewallRule[] keptRules = isReplaced ? [] : section.Rules;
        NatRule[] keptNat = isReplaced ? [] : section.NatRules;
        Rename(rules, rule => rule.Name, (rule, name) => rule with { Name = name }, keptRules.Select(rule => rule.Name));
        Rename(natRules, rule => rule.Name, (rule, name) => rule with { Name = name }, keptNat.Select(rule => rule.Name).Concat(section.PortForwards.Select(forward => forward.Name)));
        return document with { Firewall = section with { Rules = [.. keptRules, .. rules], NatRules = [.. keptNat, .. natRules] } };
    }

    // The list is changed in place, so that the answer gives the names that were taken.
    private static void Rename<T>(List<T> items, Func<T, string> nameOf, Func<T, string, T> named, IEnumerable<string> taken)
    {
        var used = new HashSet<string>(taken, StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < items.Count; index++)
        {
            string wanted = nameOf(items[index]);
            string name = wanted;
            for (int number = 2; !used.Add(name); number++)
            {
                string ending = string.Create(System.Globalization.CultureInfo.InvariantCulture, $" ({number})");
                name = string.Concat(wanted.AsSpan(0, Math.Min(wanted.Length, Rule.MaxNameLength - ending.Length)), ending);
            }

            if (name != wanted)
            {
                items[index] = named(items[index], name);
            }
        }
    }
}
