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

    /// <summary>Address lists one side of a rule may name.</summary>
    public const int MaxLists = 16;

    /// <summary>All problems of all rules, lists and NAT rules, and of them with each other; empty when the model can be compiled.</summary>
    public static ImmutableArray<RuleProblem> Validate(FirewallModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ImmutableArray<RuleProblem>.Builder problems = ImmutableArray.CreateBuilder<RuleProblem>();
        Dictionary<string, string> names = new(StringComparer.OrdinalIgnoreCase);
        HashSet<long> ids = [];
        Dictionary<long, AddressList> lists = AddressListChecks.Run(model.AddressLists, problems);
        foreach (Rule rule in model.Rules)
        {
            var report = new ProblemReport(ProblemSubject.Rule, rule.Id, rule.Name, problems);
            CheckRule(rule, report);
            RuleConditionChecks.RunLists(rule, lists, report);
            CheckUnique(rule.Name, nameof(Rule.Name), names, ids, report);
        }

        names.Clear();
        foreach (NatRule rule in model.NatRules)
        {
            var report = new ProblemReport(ProblemSubject.NatRule, rule.Id, rule.Name, problems);
            NatRuleChecks.Run(rule, report);
            CheckUnique(rule.Name, nameof(NatRule.Name), names, ids, report);
        }

        return problems.DrainToImmutable();
    }

    /// <summary>All problems of one rule by itself.</summary>
    public static ImmutableArray<RuleProblem> Validate(Rule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ImmutableArray<RuleProblem>.Builder problems = ImmutableArray.CreateBuilder<RuleProblem>();
        CheckRule(rule, new ProblemReport(ProblemSubject.Rule, rule.Id, rule.Name, problems));
        return problems.DrainToImmutable();
    }

    /// <summary>All problems of one NAT rule by itself.</summary>
    public static ImmutableArray<RuleProblem> Validate(NatRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ImmutableArray<RuleProblem>.Builder problems = ImmutableArray.CreateBuilder<RuleProblem>();
        NatRuleChecks.Run(rule, new ProblemReport(ProblemSubject.NatRule, rule.Id, rule.Name, problems));
        return problems.DrainToImmutable();
    }

    private static void CheckRule(Rule rule, ProblemReport report)
    {
        CommonChecks.RunIdentity(rule.Id, rule.Name, report);
        CommonChecks.RunEnumeration(nameof(Rule.Direction), rule.Direction, report);
        CommonChecks.RunEnumeration(nameof(Rule.Action), rule.Action, report);
        CommonChecks.RunEnumeration(nameof(Rule.AddressFamily), rule.AddressFamily, report);
        CommonChecks.RunPorts(nameof(Rule.SourcePorts), rule.Protocol, rule.SourcePorts, report);
        CommonChecks.RunPorts(nameof(Rule.DestinationPorts), rule.Protocol, rule.DestinationPorts, report);
        CommonChecks.RunAddresses(nameof(Rule.SourceAddresses), rule.AddressFamily, rule.SourceAddresses, report);
        CommonChecks.RunAddresses(nameof(Rule.DestinationAddresses), rule.AddressFamily, rule.DestinationAddresses, report);
        CheckFamilies(rule, report);
        CommonChecks.RunInterfaces(nameof(Rule.InputInterfaces), rule.InputInterfaces, report);
        CommonChecks.RunInterfaces(nameof(Rule.OutputInterfaces), rule.OutputInterfaces, report);
        CheckInterfaceDirection(rule, report);
        RuleConditionChecks.Run(rule, report);
        RuleEffectChecks.Run(rule, report);
    }

    private static void CheckUnique(string name, string property, Dictionary<string, string> names, HashSet<long> ids, ProblemReport report)
    {
        if (!string.IsNullOrEmpty(name) && !names.TryAdd(name, name))
        {
            report.Add(
                property,
                RuleErrorIds.NameDuplicate,
                $"There is already a rule named '{CommonChecks.Shown(names[name])}'; names are compared without regard to case.",
                "Choose another name, or change the rule that is there.");
        }

        if (!ids.Add(report.Id))
        {
            report.Add(nameof(Rule.Id), RuleErrorIds.IdDuplicate, $"Id {report.Id} is used by two rules.", "Leave ids to the engine.");
        }
    }

    private static void CheckFamilies(Rule rule, ProblemReport report)
    {
        // A list may hold addresses of either version.
        bool hasLists = rule.Conditions is { SourceLists.IsEmpty: false } or { DestinationLists.IsEmpty: false };
        if (!hasLists
            && !rule.SourceAddresses.IsEmpty
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

        bool addressesFit = hasLists || (Fits(rule.SourceAddresses, needed) && Fits(rule.DestinationAddresses, needed));
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

    private static void CheckInterfaceDirection(Rule rule, ProblemReport report)
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
}
