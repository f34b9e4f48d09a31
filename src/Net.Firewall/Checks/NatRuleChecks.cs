namespace Net.Firewall;

/// <summary>Checks NAT rules.</summary>
internal static class NatRuleChecks
{
    /// <summary>Checks everything a NAT rule shows by itself.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="report">Takes problems.</param>
    public static void Run(NatRule rule, ProblemReport report)
    {
        CommonChecks.RunIdentity(rule.Id, rule.Name, report);
        CommonChecks.RunEnumeration(nameof(NatRule.Kind), rule.Kind, report);
        CommonChecks.RunEnumeration(nameof(NatRule.AddressFamily), rule.AddressFamily, report);
        CommonChecks.RunPorts(nameof(NatRule.SourcePorts), rule.Protocol, rule.SourcePorts, report);
        CommonChecks.RunPorts(nameof(NatRule.DestinationPorts), rule.Protocol, rule.DestinationPorts, report);
        CommonChecks.RunAddresses(nameof(NatRule.SourceAddresses), rule.AddressFamily, rule.SourceAddresses, report);
        CommonChecks.RunAddresses(nameof(NatRule.DestinationAddresses), rule.AddressFamily, rule.DestinationAddresses, report);
        CommonChecks.RunInterfaces(nameof(NatRule.InputInterfaces), rule.InputInterfaces, report);
        CommonChecks.RunInterfaces(nameof(NatRule.OutputInterfaces), rule.OutputInterfaces, report);
        CheckTarget(rule, report);
        CheckPlace(rule, report);
        CheckOptions(rule, report);
        RuleMatch match = RuleMatch.Of(rule, isOwn: false);
        if (!match.Applies(RuleAddressFamily.IPv4) && !match.Applies(RuleAddressFamily.IPv6))
        {
            report.Add(
                rule.ToAddresses is null ? nameof(NatRule.DestinationAddresses) : nameof(NatRule.ToAddresses),
                RuleErrorIds.AddressesNeverMatch,
                "Addresses, protocol and new addresses are not all of one IP version, so no packet can be translated.",
                "Give all of them in the same version; one rule for each version.");
        }
    }

    private static void CheckTarget(NatRule rule, ProblemReport report)
    {
        bool isPrefix = rule.Kind is NatKind.SourcePrefix or NatKind.DestinationPrefix;
        bool needsAddresses = isPrefix || rule.Kind is NatKind.Source or NatKind.Destination;
        if (rule.ToAddresses is not AddressRange to)
        {
            if (needsAddresses)
            {
                report.Add(nameof(NatRule.ToAddresses), RuleErrorIds.NatTargetMissing, $"A rule of kind {rule.Kind} does not say what the new address is.", "Give the new address, or use Masquerade for the interface's own and Redirect for this host.");
            }
        }
        else if (!needsAddresses)
        {
            report.Add(nameof(NatRule.ToAddresses), RuleErrorIds.NatTargetUnexpected, $"A rule of kind {rule.Kind} takes no new address.", "Leave it out, or use kind Source or Destination.");
        }
        else
        {
            CommonChecks.RunRange(nameof(NatRule.ToAddresses), to, report);
            if (rule.AddressFamily != RuleAddressFamily.Any && rule.AddressFamily != to.Family)
            {
                report.Add(nameof(NatRule.ToAddresses), RuleErrorIds.AddressFamilyMismatch, $"{to} is an {to.Family} address, but the rule is for {rule.AddressFamily} only.", "Addresses are translated within one IP version; change the one or the other.");
            }

            if (isPrefix)
            {
                CheckPrefixes(rule, to, report);
            }
        }

        if (rule.ToPorts is not PortRange ports)
        {
            return;
        }

        if (isPrefix || rule.Kind == NatKind.Exempt)
        {
            report.Add(nameof(NatRule.ToPorts), RuleErrorIds.NatTargetUnexpected, $"A rule of kind {rule.Kind} takes no new ports.", "Leave them out.");
        }
        else if (!rule.Protocol.HasPorts)
        {
            report.Add(nameof(NatRule.ToPorts), RuleErrorIds.PortsNeedProtocol, $"New ports were given, but protocol '{rule.Protocol}' has none.", "Set the protocol to tcp, udp or sctp (one rule for each), or leave out the ports.");
        }

        if (ports.IsReversed || ports.First == 0)
        {
            report.Add(nameof(NatRule.ToPorts), RuleErrorIds.PortRangeReversed, $"New ports {ports} are port 0 or end before they start.", "Give a port from 1 to 65535, or a range of them.");
        }
    }

    private static void CheckPrefixes(NatRule rule, AddressRange to, ProblemReport report)
    {
        bool isSource = rule.Kind == NatKind.SourcePrefix;
        string property = isSource ? nameof(NatRule.SourceAddresses) : nameof(NatRule.DestinationAddresses);
        System.Collections.Immutable.ImmutableArray<AddressRange> from = isSource ? rule.SourceAddresses : rule.DestinationAddresses;
        if (from.Length != 1 || from[0].PrefixLength is null || to.PrefixLength is null)
        {
            report.Add(property, RuleErrorIds.NatPrefixMismatch, "Translating prefixes takes exactly one prefix on each side.", "Give one prefix here and one as the new address; one rule for each pair.");
        }
        else if (from[0].Family == to.Family && from[0].PrefixLength != to.PrefixLength)
        {
            report.Add(property, RuleErrorIds.NatPrefixMismatch, $"{from[0]} and {to} are prefixes of different lengths, so hosts cannot keep their number.", "Give prefixes of the same length.");
        }
    }

    private static void CheckPlace(NatRule rule, ProblemReport report)
    {
        bool isDestination = NatChain.ChangesDestination(rule);
        if (isDestination && !rule.OutputInterfaces.IsEmpty)
        {
            report.Add(nameof(NatRule.OutputInterfaces), RuleErrorIds.InterfaceDirection, "Destinations are translated before the way out is chosen.", "Use the input interface, or match the destination address.");
        }

        if (!isDestination && !rule.InputInterfaces.IsEmpty)
        {
            report.Add(nameof(NatRule.InputInterfaces), RuleErrorIds.InterfaceDirection, "Sources are translated when the packet leaves, where its way in is not asked.", "Use the output interface, or match the source address.");
        }
    }

    private static void CheckOptions(NatRule rule, ProblemReport report)
    {
        bool isDestination = NatChain.ChangesDestination(rule);
        bool isPlain = rule.Kind is NatKind.SourcePrefix or NatKind.DestinationPrefix or NatKind.Exempt;
        Check(rule.IncludesOwnPackets && !isDestination, nameof(NatRule.IncludesOwnPackets), "Packets of this host always pass where sources are translated.");
        Check(rule.IsToThisHost && !isDestination, nameof(NatRule.IsToThisHost), "Where sources are translated, packets are on their way out.");
        Check(rule.ExemptsSource && rule.Kind != NatKind.Exempt, nameof(NatRule.ExemptsSource), "Only a rule that exempts packets can exempt their source.");
        Check(rule.IsRandom && isPlain, nameof(NatRule.IsRandom), $"A rule of kind {rule.Kind} chooses no ports.");
        Check(rule.IsPersistent && isPlain, nameof(NatRule.IsPersistent), $"A rule of kind {rule.Kind} has no addresses to choose from.");

        void Check(bool isWrong, string property, string message)
        {
            if (isWrong)
            {
                report.Add(property, RuleErrorIds.NatOptionMeaningless, message, "Leave the option out, or use another kind.");
            }
        }
    }
}
