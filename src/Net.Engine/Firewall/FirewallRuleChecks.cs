using Net.Contracts;
using Net.Firewall;

namespace Net.Engine.Firewall;

/// <summary>Checks the rules of a document: what the user's terms allow, then what the compiler's model allows.</summary>
internal static class FirewallRuleChecks
{
    /// <summary>The most rules a document may hold.</summary>
    public const int MaxRules = 200_000;

    /// <summary>Adds every problem of a section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="problems">Where to add them.</param>
    /// <param name="models">Translates it; null to translate it here and now.</param>
    public static void Run(FirewallSection section, ICollection<ConfigurationProblem> problems, FirewallModelCache? models = null)
    {
        if (section.Rules.Length > MaxRules)
        {
            problems.Add(new ConfigurationProblem("firewall.rules", ErrorCatalogue.FirewallRuleInvalid.Id, $"There are {section.Rules.Length} rules; at most {MaxRules} are taken."));
            return;
        }

        for (int index = 0; index < section.Rules.Length; index++)
        {
            CheckTerms(section.Rules[index], $"firewall.rules[{index}]", problems);
        }

        if (problems.Count > 0)
        {
            return;
        }

        Dictionary<long, int> places = [];
        for (int index = 0; index < section.Rules.Length; index++)
        {
            places.TryAdd(section.Rules[index].Id, index);
        }

        foreach (RuleProblem problem in FirewallRuleValidator.Validate((models ?? new FirewallModelCache()).ModelOf(section)))
        {
            FirewallRule? rule = places.TryGetValue(problem.RuleId, out int index) ? section.Rules[index] : null;
            string place = rule is null ? "firewall.rules" : $"firewall.rules[{index}].{PlaceOf(rule, problem.Property)}";
            string errorId = problem.ErrorId == RuleErrorIds.NameDuplicate ? ErrorCatalogue.FirewallRuleExists.Id : ErrorCatalogue.FirewallRuleInvalid.Id;
            problems.Add(new ConfigurationProblem(place, errorId, $"{problem.Message} {problem.RecommendedAction}"));
        }
    }

    private static void CheckTerms(FirewallRule rule, string place, ICollection<ConfigurationProblem> problems)
    {
        bool hasLocalRemote = rule.LocalAddress.Length + rule.LocalPort.Length + rule.RemoteAddress.Length + rule.RemotePort.Length > 0;
        bool hasSourceDestination = rule.SourceAddress.Length + rule.SourcePort.Length + rule.DestinationAddress.Length + rule.DestinationPort.Length > 0;
        if (rule.Direction == Contracts.RuleDirection.Forward && hasLocalRemote)
        {
            Add("direction", $"Rule '{rule.Name}' is for forwarded packets, which have no local and remote side; give source and destination instead.");
        }

        if (rule.Direction != Contracts.RuleDirection.Forward && hasSourceDestination)
        {
            Add("direction", $"Rule '{rule.Name}' is for {(rule.Direction == Contracts.RuleDirection.Inbound ? "inbound" : "outbound")} packets; give local and remote instead of source and destination.");
        }

        if (rule.Direction != Contracts.RuleDirection.Forward && rule.OutInterfaceAlias.Length > 0)
        {
            Add("outInterfaceAlias", $"Rule '{rule.Name}' names an interface to leave by, which only forwarded packets have besides the one they came in by; use interfaceAlias.");
        }

        if (rule.Name.AsSpan().ContainsAny('*', '?'))
        {
            Add("name", $"The name '{rule.Name}' holds a wildcard; names are matched with * and ?, so a rule cannot have one.");
        }

        if (rule.Description is { Length: > 1024 })
        {
            Add("description", $"The description of rule '{rule.Name}' has {rule.Description.Length} characters; at most 1024 are kept.");
        }

        void Add(string property, string message) =>
            problems.Add(new ConfigurationProblem($"{place}.{property}", ErrorCatalogue.FirewallRuleInvalid.Id, message));
    }

    // The model speaks of source and destination, the user of local and remote.
    private static string PlaceOf(FirewallRule rule, string property) => (property, rule.Direction) switch
    {
        (nameof(Rule.SourceAddresses), Contracts.RuleDirection.Inbound) or (nameof(Rule.DestinationAddresses), Contracts.RuleDirection.Outbound) => "remoteAddress",
        (nameof(Rule.DestinationAddresses), Contracts.RuleDirection.Inbound) or (nameof(Rule.SourceAddresses), Contracts.RuleDirection.Outbound) => "localAddress",
        (nameof(Rule.SourcePorts), Contracts.RuleDirection.Inbound) or (nameof(Rule.DestinationPorts), Contracts.RuleDirection.Outbound) => "remotePort",
        (nameof(Rule.DestinationPorts), Contracts.RuleDirection.Inbound) or (nameof(Rule.SourcePorts), Contracts.RuleDirection.Outbound) => "localPort",
        (nameof(Rule.SourceAddresses), _) => "sourceAddress",
        (nameof(Rule.DestinationAddresses), _) => "destinationAddress",
        (nameof(Rule.SourcePorts), _) => "sourcePort",
        (nameof(Rule.DestinationPorts), _) => "destinationPort",
        (nameof(Rule.InputInterfaces), _) => "interfaceAlias",
        (nameof(Rule.OutputInterfaces), Contracts.RuleDirection.Forward) => "outInterfaceAlias",
        (nameof(Rule.OutputInterfaces), _) => "interfaceAlias",
        (nameof(Rule.AddressFamily), _) => "family",
        _ => char.ToLowerInvariant(property[0]) + property[1..],
    };
}
