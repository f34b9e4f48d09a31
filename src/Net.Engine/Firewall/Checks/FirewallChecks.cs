using System.Globalization;
using Net.Contracts;
using Net.Engine.Firewall.Translation;
using Net.Firewall;

namespace Net.Engine.Firewall.Checks;

/// <summary>Checks the firewall's section of a document: what the user's terms allow, then what the model allows.</summary>
internal static class FirewallChecks
{
    /// <summary>The most rules a document may hold.</summary>
    public const int MaxRules = 200_000;

    /// <summary>The most lists, zones, NAT rules and port forwards of each kind.</summary>
    public const int MaxItems = 10_000;

    /// <summary>Adds every problem of a section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="translator">Turns it into the model.</param>
    /// <param name="problems">Where to add them.</param>
    public static void Run(FirewallSection section, FirewallTranslator translator, ICollection<ConfigurationProblem> problems)
    {
        if (section.Rules.Length > MaxRules)
        {
            problems.Add(new ConfigurationProblem("firewall.rules", ErrorCatalogue.FirewallRuleInvalid.Id, $"There are {section.Rules.Length} rules; at most {MaxRules} are taken."));
            return;
        }

        var items = new ItemProblems(problems);
        if (!items.CheckCounts(section))
        {
            return;
        }

        int before = problems.Count;
        for (int index = 0; index < section.Rules.Length; index++)
        {
            RuleChecks.CheckTerms(section.Rules[index], index, problems);
        }

        ListChecks.Run(section, items);
        ZoneChecks.Run(section, items);
        ProfileChecks.Run(section, items);
        NatChecks.Run(section, items);
        if (problems.Count > before)
        {
            return;
        }

        TranslatedFirewall translated = translator.Translate(section);
        foreach (TranslationProblem problem in translated.Problems)
        {
            problems.Add(new ConfigurationProblem(problem.Place, problem.ErrorId, problem.Message));
        }

        if (problems.Count == before)
        {
            AddModelProblems(section, translated, problems);
        }
    }

    private static void AddModelProblems(FirewallSection section, TranslatedFirewall translated, ICollection<ConfigurationProblem> problems)
    {
        Dictionary<long, int>? places = null;
        foreach (RuleProblem problem in FirewallRuleValidator.Validate(translated.Model))
        {
            places ??= PlacesOf(section);
            string text = $"{problem.Message} {problem.RecommendedAction}";
            int index = 0;
            FirewallRule? rule = problem.Subject == ProblemSubject.Rule && places.TryGetValue(problem.RuleId, out index) ? section.Rules[index] : null;
            if (rule is not null)
            {
                string errorId = problem.ErrorId == RuleErrorIds.NameDuplicate ? ErrorCatalogue.FirewallRuleExists.Id : ErrorCatalogue.FirewallRuleInvalid.Id;
                problems.Add(new ConfigurationProblem(string.Create(CultureInfo.InvariantCulture, $"firewall.rules[{index}].{RuleChecks.PlaceOf(rule, problem.Property)}"), errorId, text));
            }
            else
            {
                problems.Add(ItemProblem(section, problem, text));
            }
        }
    }

    // A problem of a list, of a NAT rule, or of a rule that something implies.
    private static ConfigurationProblem ItemProblem(FirewallSection section, RuleProblem problem, string text)
    {
        long owner = GeneratedIds.OwnerOf(problem.RuleId);
        string member = char.ToLowerInvariant(problem.Property[0]) + problem.Property[1..];
        bool isList = problem.Subject == ProblemSubject.AddressList;
        int forward = Array.FindIndex(section.PortForwards, item => item.Id == owner);
        int nat = Array.FindIndex(section.NatRules, item => item.Id == owner);
        int list = isList ? Array.FindIndex(section.AddressLists, item => item.Id == problem.RuleId) : -1;
        string place = list >= 0 ? $"firewall.addressLists[{list}].{member}"
            : nat >= 0 ? $"firewall.natRules[{nat}].{RuleChecks.NatPlaceOf(problem.Property)}"
            : forward >= 0 ? $"firewall.portForwards[{forward}]"
            : "firewall.rules";
        string errorId = place == "firewall.rules" && problem.ErrorId == RuleErrorIds.NameDuplicate ? ErrorCatalogue.FirewallRuleExists.Id : ErrorCatalogue.FirewallItemInvalid.Id;
        return new ConfigurationProblem(place, errorId, $"'{RuleTexts.Shown(problem.RuleName)}': {text}");
    }

    private static Dictionary<long, int> PlacesOf(FirewallSection section)
    {
        var places = new Dictionary<long, int>(section.Rules.Length);
        for (int index = 0; index < section.Rules.Length; index++)
        {
            places.TryAdd(section.Rules[index].Id, index);
        }

        return places;
    }
}
