using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Finds everything wrong with rules, at once and in words for the person who wrote them.</summary>
public static class FirewallRuleValidator
{
    /// <summary>Values one list of addresses may have. A change of a rule rewrites its chain with all its lists; larger lists are for address lists that many rules share.</summary>
    public const int MaxAddresses = 1000;

    /// <summary>Port ranges one list may have.</summary>
    public const int MaxPortRanges = 256;

    /// <summary>Interfaces one list may have.</summary>
    public const int MaxInterfaces = 64;

    /// <summary>All problems of all rules, and of rules with each other; empty when the model can be compiled.</summary>
    public static ImmutableArray<RuleProblem> Validate(FirewallModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ImmutableArray<RuleProblem>.Builder problems = ImmutableArray.CreateBuilder<RuleProblem>();
        Dictionary<string, Rule> names = new(StringComparer.OrdinalIgnoreCase);
        HashSet<long> ids = [];
        foreach (Rule rule in model.Rules)
        {
            var report = new Report(rule, problems);
            CheckRule(rule, report);
            if (!string.IsNullOrEmpty(rule.Name) && !names.TryAdd(rule.Name, rule))
            {
                report.Add(
                    nameof(Rule.Name),
                    RuleErrorIds.NameDuplicate,
                    $"There is already a rule named '{Shown(names[rule.Name].Name)}'; names are compared without regard to case.",
                    "Choose another name, or change the rule that is there.");
            }

            if (!ids.Add(rule.Id))
            {
                report.Add(nameof(Rule.Id), RuleErrorIds.IdDuplicate, $"Id {rule.Id} is used by two rules.", "Leave ids to the engine.");
            }
        }

        return problems.DrainToImmutable();
    }

    /// <summary>All problems of one rule by itself.</summary>
    public static ImmutableArray<RuleProblem> Validate(Rule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ImmutableArray<RuleProblem>.Builder problems = ImmutableArray.CreateBuilder<RuleProblem>();
        CheckRule(rule, new Report(rule, problems));
        return problems.DrainToImmutable();
    }

    private static void CheckRule(Rule rule, Report report)
    {
        CheckIdentity(rule, report);
        CheckEnumerations(rule, report);
        CheckPorts(rule, nameof(Rule.SourcePorts), rule.SourcePorts, report);
        CheckPorts(rule, nameof(Rule.DestinationPorts), rule.DestinationPorts, report);
        CheckAddresses(rule, nameof(Rule.SourceAddresses), rule.SourceAddresses, report);
        CheckAddresses(rule, nameof(Rule.DestinationAddresses), rule.DestinationAddresses, report);
        CheckFamilies(rule, report);
        CheckInterfaces(nameof(Rule.InputInterfaces), rule.InputInterfaces, report);
        CheckInterfaces(nameof(Rule.OutputInterfaces), rule.OutputInterfaces, report);
        CheckInterfaceDirection(rule, report);
    }

    private static void CheckIdentity(Rule rule, Report report)
    {
        if (rule.Id is < 1 or > Rule.LastGeneratedId)
        {
            report.Add(nameof(Rule.Id), RuleErrorIds.IdInvalid, $"Id {rule.Id} is not between 1 and {Rule.MaxId}.", "Leave ids to the engine.");
        }

        if (string.IsNullOrWhiteSpace(rule.Name))
        {
            report.Add(nameof(Rule.Name), RuleErrorIds.NameEmpty, "The rule has no name.", "Give it a name that says what it is for.");
            return;
        }

        if (rule.Name.Length > Rule.MaxNameLength)
        {
            report.Add(
                nameof(Rule.Name),
                RuleErrorIds.NameTooLong,
                $"The name has {rule.Name.Length} characters; at most {Rule.MaxNameLength} fit the lists and logs it is shown in.",
                "Shorten the name and put the rest into the description.");
        }

        if (rule.Name.Any(char.IsControl))
        {
            report.Add(
                nameof(Rule.Name),
                RuleErrorIds.NameInvalid,
                "The name has control characters, which would garble terminals and logs.",
                "Use letters, digits, spaces and punctuation.");
        }
    }

    private static void CheckEnumerations(Rule rule, Report report)
    {
        Check(nameof(Rule.Direction), rule.Direction);
        Check(nameof(Rule.Action), rule.Action);
        Check(nameof(Rule.AddressFamily), rule.AddressFamily);

        void Check<T>(string property, T value)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(value))
            {
                report.Add(property, RuleErrorIds.ValueUnknown, $"{property} has the unknown value {value}.", $"Use one of {string.Join(", ", Enum.GetNames<T>())}.");
            }
        }
    }

    private static void CheckPorts(Rule rule, string property, ImmutableArray<PortRange> ports, Report report)
    {
        if (ports.IsEmpty)
        {
            return;
        }

        if (!rule.Protocol.HasPorts)
        {
            report.Add(
                property,
                RuleErrorIds.PortsNeedProtocol,
                $"Ports were given, but protocol '{rule.Protocol}' has none.",
                "Set the protocol to tcp, udp or sctp (one rule for each), or leave out the ports.");
        }

        CheckCount(property, ports.Length, MaxPortRanges, "use ranges such as 8000-8080 for neighbours, or split the rule", report);
        foreach (PortRange range in ports)
        {
            if (range.IsReversed)
            {
                report.Add(
                    property,
                    RuleErrorIds.PortRangeReversed,
                    $"Port range {range} ends before it starts.",
                    $"Write {range.Last}-{range.First} if that is meant.");
            }
        }
    }

    private static void CheckAddresses(Rule rule, string property, ImmutableArray<AddressRange> addresses, Report report)
    {
        CheckCount(property, addresses.Length, MaxAddresses, "use prefixes or ranges, or split the rule", report);
        foreach (AddressRange range in addresses)
        {
            if (range.IsReversed)
            {
                report.Add(
                    property,
                    RuleErrorIds.AddressRangeReversed,
                    $"Address range {range} ends before it starts.",
                    $"Write {range.LastAddress}-{range.FirstAddress} if that is meant.");
            }

            if (rule.AddressFamily != RuleAddressFamily.Any && range.Family != rule.AddressFamily)
            {
                report.Add(
                    property,
                    RuleErrorIds.AddressFamilyMismatch,
                    $"{range} is an {range.Family} address, but the rule is for {rule.AddressFamily} only.",
                    "Leave the address family at Any, or remove the address.");
            }
        }
    }

    private static void CheckFamilies(Rule rule, Report report)
    {
        if (!rule.SourceAddresses.IsEmpty
            && !rule.DestinationAddresses.IsEmpty
            && !(Fits(rule.SourceAddresses, RuleAddressFamily.IPv4) && Fits(rule.DestinationAddresses, RuleAddressFamily.IPv4))
            && !(Fits(rule.SourceAddresses, RuleAddressFamily.IPv6) && Fits(rule.DestinationAddresses, RuleAddressFamily.IPv6)))
        {
            report.Add(
                nameof(Rule.DestinationAddresses),
                RuleErrorIds.AddressesNeverMatch,
                "The source addresses are of one IP version and the destination addresses of the other, so no packet can match.",
                "Give both sides addresses of the same version.");
        }

        RuleAddressFamily needed = rule.Protocol == RuleProtocol.IcmpV4 ? RuleAddressFamily.IPv4
            : rule.Protocol == RuleProtocol.IcmpV6 ? RuleAddressFamily.IPv6
            : RuleAddressFamily.Any;
        if (needed == RuleAddressFamily.Any)
        {
            return;
        }

        bool addressesFit = Fits(rule.SourceAddresses, needed) && Fits(rule.DestinationAddresses, needed);
        if ((rule.AddressFamily != RuleAddressFamily.Any && rule.AddressFamily != needed) || !addressesFit)
        {
            report.Add(
                nameof(Rule.Protocol),
                RuleErrorIds.ProtocolFamilyMismatch,
                $"Protocol '{rule.Protocol}' belongs to {needed}, but the rule's family or addresses are of the other IP version, so no packet can match.",
                "Use protocol icmp for both IP versions.");
        }

        static bool Fits(ImmutableArray<AddressRange> addresses, RuleAddressFamily family) =>
            addresses.IsEmpty || addresses.Any(range => range.Family == family);
    }

    private static void CheckInterfaces(string property, ImmutableArray<string> names, Report report)
    {
        CheckCount(property, names.Length, MaxInterfaces, "use a name with a trailing * for interfaces with a common start", report);
        foreach (string name in names)
        {
            if (InterfaceNames.ProblemWith(name) is string problem)
            {
                report.Add(
                    property,
                    RuleErrorIds.InterfaceNameInvalid,
                    $"Interface name '{Shown(name)}' {problem}.",
                    "Use the name as 'ip link' shows it, or its start followed by *; leave the list empty for every interface.");
            }
        }
    }

    private static void CheckInterfaceDirection(Rule rule, Report report)
    {
        if (rule.Direction == RuleDirection.Inbound && !rule.OutputInterfaces.IsEmpty)
        {
            report.Add(
                nameof(Rule.OutputInterfaces),
                RuleErrorIds.InterfaceDirection,
                "An inbound packet ends at this host and leaves by no interface.",
                "Use the input interface, or direction Forward.");
        }

        if (rule.Direction == RuleDirection.Outbound && !rule.InputInterfaces.IsEmpty)
        {
            report.Add(
                nameof(Rule.InputInterfaces),
                RuleErrorIds.InterfaceDirection,
                "An outbound packet starts at this host and came in by no interface.",
                "Use the output interface, or direction Forward.");
        }
    }

    private static void CheckCount(string property, int count, int limit, string advice, Report report)
    {
        if (count > limit)
        {
            report.Add(
                property,
                RuleErrorIds.TooManyValues,
                $"{property} has {count} values; more than {limit} would slow down every change near this rule.",
                $"To stay within {limit}, {advice}.");
        }
    }

    // What a user typed may be long or hold anything; a message must stay one short line.
    private static string Shown(string? text)
    {
        string shown = text ?? string.Empty;
        shown = shown.Length > 40 ? string.Concat(shown.AsSpan(0, 40), "...") : shown;
        return string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c));
    }

    private sealed class Report(Rule rule, ImmutableArray<RuleProblem>.Builder problems)
    {
        public void Add(string property, string errorId, string message, string recommendedAction) =>
            problems.Add(new RuleProblem(rule.Id, rule.Name, property, errorId, message, recommendedAction));
    }
}
