using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Net.Contracts;
using Net.Engine.Relay.Model;
using Net.Relay;

namespace Net.Engine.Relay;

/// <summary>Checks the document's section about the relay: what a text says here, what rules mean in the domain (<see cref="RelayValidator"/>).</summary>
internal static class RelayChecks
{
    /// <summary>The most rules a document has.</summary>
    public const int MaxRules = 50_000;

    private const int LongestName = 128;
    private const int LongestDescription = 1024;
    private const int LongestInterface = 15;
    private const int LongestPattern = 64;
    private const int MaxQueriers = 1024;
    private const int MaxWorkers = 64;
    private const int SmallestRing = 1 << 20;
    private const int LargestRing = 16 << 20;
    private const int MaxProblems = 100;

    // A change validates a section and then describes it; loops and overlaps of 10,000 rules need not be looked for twice.
    private static readonly ConditionalWeakTable<RelaySection, RelayProblem[]> Known = [];

    /// <summary>Adds every problem of a section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="problems">Takes them.</param>
    public static void Run(RelaySection section, ICollection<ConfigurationProblem> problems)
    {
        int before = problems.Count;
        CheckSettings(section.Settings, problems);
        if (section.Rules.Length > MaxRules)
        {
            Add(problems, "relay.rules", $"There are {section.Rules.Length} rules of the relay; at most {MaxRules} are taken.");
        }

        var names = new Dictionary<string, int>(section.Rules.Length, StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < section.Rules.Length && problems.Count - before < MaxProblems; index++)
        {
            RelayRule rule = section.Rules[index];
            CheckTexts(rule, $"relay.rules[{index}]", problems);
            if (!names.TryAdd(rule.Name, index))
            {
                problems.Add(new ConfigurationProblem($"relay.rules[{index}].name", ErrorCatalogue.RelayRuleExists.Id, $"Two rules of the relay are named '{rule.Name}'."));
            }
        }

        if (problems.Count > before)
        {
            return;
        }

        foreach (RelayProblem problem in Problems(section).Where(problem => !problem.IsWarning).Take(MaxProblems))
        {
            string place = names.TryGetValue(problem.RuleName, out int index) ? $"relay.rules[{index}]{PlaceOf(problem.Property)}" : "relay.rules";
            problems.Add(new ConfigurationProblem(place, ErrorOf(problem.Kind).Id, $"Rule '{problem.RuleName}': {problem.Message}"));
        }
    }

    /// <summary>What is allowed about rules but may surprise.</summary>
    /// <param name="section">The section, without problems.</param>
    /// <param name="isOfInterest">Which rules are of interest, by name.</param>
    public static IEnumerable<string> Warnings(RelaySection section, Func<string, bool> isOfInterest) =>
        Problems(section).Where(problem => problem.IsWarning && isOfInterest(problem.RuleName)).Select(problem => $"Rule '{problem.RuleName}': {problem.Message}");

    private static RelayProblem[] Problems(RelaySection section) => Known.GetValue(section, static one =>
    [
        .. RelayValidator.Validate([.. one.Rules.Select(Define)], new ScopePolicy(one.Settings.AllowSiteScope, one.Settings.AllowOrganizationScope)),
    ]);

    private static RelayRuleDefinition Define(RelayRule rule)
    {
        ParsedRule parsed = ParsedRule.Of(rule);
        return new RelayRuleDefinition
        {
            RuleId = parsed.Id,
            Name = rule.Name,
            IsEnabled = rule.Enabled,
            Interface = rule.InterfaceAlias,
            Destination = parsed.Destination,
            Source = parsed.Source,
            PortFrom = parsed.PortFrom,
            PortTo = parsed.PortTo,
            Protocol = parsed.Protocol,
            AllowedSources = parsed.AllowedSources,
            Outputs = [.. parsed.Outputs.Select(Define)],
            Engine = parsed.Engine,
            AnalyzeSequence = rule.AnalyzeSequence,
            Duplicates = parsed.Duplicates,
            PreferredSource = parsed.PreferredSource,
            StandbyAfterMilliseconds = parsed.StandbyAfterMilliseconds,
        };
    }

    private static RelayOutputDefinition Define(ParsedOutput parsed) => new()
    {
        Interface = parsed.Output.InterfaceAlias,
        Destination = parsed.Destination,
        Port = parsed.Output.Port ?? 0,
        Ttl = parsed.Output.Ttl,
        SourceMode = parsed.SourceMode,
        Source = parsed.FixedSource,
        SourcePort = parsed.Output.SourcePort ?? 0,
        Dscp = parsed.Output.Dscp,
        PacketsPerSecond = parsed.Output.RateLimit ?? 0,
        BitsPerSecond = parsed.Output.BitRateLimit ?? 0,
        Oversize = parsed.Output.Oversize == RelayOversize.Fragment ? OversizeAction.Fragment : OversizeAction.Drop,
        PauseWithoutReceivers = parsed.Output.PauseWithoutReceivers,
    };

    private static ErrorDefinition ErrorOf(RelayProblemKind kind) => kind switch
    {
        RelayProblemKind.Loop => ErrorCatalogue.RelayRuleLoops,
        RelayProblemKind.Scope => ErrorCatalogue.RelayScopeExceeded,
        RelayProblemKind.Engine => ErrorCatalogue.RelayEngineNotUsable,
        _ => ErrorCatalogue.RelayRuleInvalid,
    };

    // Outputs[1].Ttl is .outputs[1].ttl in a document.
    private static string PlaceOf(string property)
    {
        var place = new StringBuilder();
        foreach (string part in property.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            place.Append('.').Append(char.ToLowerInvariant(part[0])).Append(part.AsSpan(1));
        }

        return place.ToString();
    }

    private static void CheckTexts(RelayRule rule, string place, ICollection<ConfigurationProblem> problems)
    {
        if (rule.Name.Length is 0 or > LongestName || rule.Name.Any(char.IsControl))
        {
            Add(problems, $"{place}.name", $"A rule's name has 1 to {LongestName} characters; '{rule.Name}' cannot be one.");
        }

        if (rule.Id is < 0 or > int.MaxValue)
        {
            Add(problems, $"{place}.id", $"{rule.Id} cannot be the id of a rule of the relay.");
        }

        if (rule.Description is { Length: > LongestDescription })
        {
            Add(problems, $"{place}.description", $"The description of rule '{rule.Name}' has {rule.Description.Length} characters; at most {LongestDescription} are kept.");
        }

        if (rule.InterfaceAlias.Length is 0 or > LongestPattern || (NameFilter.IsLiteral(rule.InterfaceAlias) && !IsInterface(rule.InterfaceAlias)))
        {
            Add(problems, $"{place}.interfaceAlias", $"'{rule.InterfaceAlias}' cannot be the name of an interface, nor a pattern with * and ?.");
        }

        CheckRange(rule.Group, $"{place}.group", rule.Name, problems);
        CheckRange(rule.Source, $"{place}.source", rule.Name, problems);
        foreach (AddressRange allowed in rule.AllowedSources)
        {
            CheckRange(allowed, $"{place}.allowedSources", rule.Name, problems);
        }

        if (rule.PreferredSource is { } preferred && !IsAddress(preferred))
        {
            Add(problems, $"{place}.preferredSource", $"'{preferred}' is no address.");
        }

        if (rule.StandbyAfter is { } after && (after < TimeSpan.FromMilliseconds(10) || after > TimeSpan.FromMinutes(1)))
        {
            Add(problems, $"{place}.standbyAfter", "Another source takes over after 10 ms to 1 min of silence.");
        }

        for (int index = 0; index < rule.Outputs.Length; index++)
        {
            CheckTexts(rule.Outputs[index], $"{place}.outputs[{index}]", problems);
        }
    }

    private static void CheckTexts(RelayOutput output, string place, ICollection<ConfigurationProblem> problems)
    {
        if (!IsInterface(output.InterfaceAlias))
        {
            Add(problems, $"{place}.interfaceAlias", $"'{output.InterfaceAlias}' cannot be the name of an interface; an output has no pattern.");
        }

        if (output.Destination is { } destination && !IsAddress(destination))
        {
            Add(problems, $"{place}.destination", $"'{destination}' is no address.");
        }

        bool isWord = string.Equals(output.Source, ParsedOutput.Keep, StringComparison.OrdinalIgnoreCase) || string.Equals(output.Source, ParsedOutput.Interface, StringComparison.OrdinalIgnoreCase);
        if (!isWord && !IsAddress(output.Source))
        {
            Add(problems, $"{place}.source", $"'{output.Source}' is neither 'keep', nor 'interface', nor an address.");
        }

        Check(output.Port, 1, ushort.MaxValue, "port");
        Check(output.SourcePort, 1, ushort.MaxValue, "sourcePort");
        Check(output.Ttl, 1, byte.MaxValue, "ttl");
        Check(output.Dscp, 0, 63, "dscp");
        Check(output.RateLimit, 1, 100_000_000, "rateLimit");
        Check(output.BitRateLimit, 1000, 1_000_000_000_000, "bitRateLimit");

        void Check(long? value, long least, long most, string name)
        {
            if (value < least || value > most)
            {
                Add(problems, $"{place}.{name}", $"{name} must be between {least} and {most}, not {value}.");
            }
        }
    }

    private static bool IsAddress(string text) => AddressPrefix.TryParse(text, out AddressPrefix prefix) && prefix.IsExact;

    private static void CheckRange(AddressRange? range, string place, string rule, ICollection<ConfigurationProblem> problems)
    {
        if (range is { PrefixLength: null } && !range.First.Equals(range.Last))
        {
            Add(problems, place, $"Rule '{rule}' has the range {range}; write an address or a prefix.");
        }
    }

    private static void CheckSettings(RelaySettings settings, ICollection<ConfigurationProblem> problems)
    {
        if (settings.Workers is < 0 or > MaxWorkers)
        {
            AddSetting("workers", $"There are 0 to {MaxWorkers} workers, not {settings.Workers}; 0 lets the relay choose.");
        }

        if (settings.RingBytes is < SmallestRing or > LargestRing)
        {
            AddSetting("ringBytes", $"The rings of a worker have {SmallestRing} to {LargestRing} bytes, not {settings.RingBytes}.");
        }

        if (settings.Queriers.Length > MaxQueriers)
        {
            AddSetting("queriers", $"There are {settings.Queriers.Length} queriers; at most {MaxQueriers} are taken.");
        }

        var interfaces = new HashSet<string>(StringComparer.Ordinal);
        for (int index = 0; index < settings.Queriers.Length; index++)
        {
            RelayQuerier querier = settings.Queriers[index];
            string place = $"queriers[{index}]";
            if (!IsInterface(querier.InterfaceAlias))
            {
                AddSetting($"{place}.interfaceAlias", $"'{querier.InterfaceAlias}' cannot be the name of an interface.");
            }
            else if (!interfaces.Add(querier.InterfaceAlias))
            {
                AddSetting($"{place}.interfaceAlias", $"Interface {querier.InterfaceAlias} has two queriers.");
            }

            if (querier.QueryInterval < TimeSpan.FromSeconds(1) || querier.QueryInterval > TimeSpan.FromHours(1))
            {
                AddSetting($"{place}.queryInterval", "A querier asks every 1 s to 1 h.");
            }

            if (querier.Address is { } address && (!IPAddress.TryParse(address, out IPAddress? parsed) || parsed.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork))
            {
                AddSetting($"{place}.address", $"'{address}' is no IPv4 address.");
            }
        }

        void AddSetting(string place, string message) => problems.Add(new ConfigurationProblem($"relay.settings.{place}", ErrorCatalogue.RelaySettingInvalid.Id, message));
    }

    private static bool IsInterface(string name) =>
        Encoding.UTF8.GetByteCount(name) is > 0 and <= LongestInterface && name is not ("." or "..") && NameFilter.IsLiteral(name) && !name.Any(character => character is '/' or ':' || char.IsWhiteSpace(character) || char.IsControl(character));

    private static void Add(ICollection<ConfigurationProblem> problems, string place, string message) =>
        problems.Add(new ConfigurationProblem(place, ErrorCatalogue.RelayRuleInvalid.Id, message));
}
