using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Net.Relay;

/// <summary>What must hold for one rule by itself.</summary>
internal static class RuleChecks
{
    private const int MaxPort = ushort.MaxValue;
    private const int MaxDscp = 63;
    private const int MaxAllowedSources = 64;
    private const int MinStandbyMilliseconds = 10;
    private const int MaxStandbyMilliseconds = 60_000;

    /// <summary>Adds the problems of a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="policy">Which scopes may be left.</param>
    /// <param name="problems">Takes them.</param>
    public static void Check(RelayRuleDefinition rule, ScopePolicy policy, List<RelayProblem> problems)
    {
        var report = new Report(rule, problems);
        CheckDestination(rule, report);
        CheckPorts(rule, report);
        CheckSources(rule, report);
        CheckDuplicates(rule, report);
        if (rule.Outputs.Count is 0 or > RelayFlow.MaxTargets)
        {
            report.Invalid("Outputs", $"A rule has 1 to {RelayFlow.MaxTargets} outputs; this one has {rule.Outputs.Count}.");
        }

        for (int index = 0; index < rule.Outputs.Count; index++)
        {
            CheckOutput(rule, index, policy, report);
        }

        if (rule.Engine is RelayEngineKind engine && EngineChooser.WhyNot(engine, EngineChooser.NeedsOf(rule)) is string obstacle)
        {
            report.Add(RelayProblemKind.Engine, "Engine", $"The rule asks for {EngineChooser.NameOf(engine)}, but {obstacle}.");
        }
    }

    private static void CheckDestination(RelayRuleDefinition rule, Report report)
    {
        AddressPrefix destination = rule.Destination;
        if (GroupScopes.Of(destination) == GroupScope.Link)
        {
            report.Add(RelayProblemKind.Scope, "Group", $"{destination} has link-local groups, which are never relayed (RFC 5771 section 4, RFC 4291 section 2.7).");
        }
        else if (!destination.IsMulticast && !IsUnicast(destination))
        {
            report.Invalid("Group", $"{destination} is neither a group nor a unicast address that packets can be sent to.");
        }
    }

    private static void CheckPorts(RelayRuleDefinition rule, Report report)
    {
        if (rule.Protocol == RelayProtocol.Esp)
        {
            if (rule.PortFrom != 0 || rule.PortTo != 0)
            {
                report.Invalid("Port", "ESP has no ports; leave the port out.");
            }
        }
        else if (rule.PortFrom is < 1 or > MaxPort || rule.PortTo is < 1 or > MaxPort)
        {
            report.Invalid("Port", "A rule for UDP needs a destination port from 1 to 65535, or a range of them.");
        }
        else if (rule.PortFrom > rule.PortTo)
        {
            report.Invalid("Port", Text($"The range of ports {rule.PortFrom}-{rule.PortTo} is reversed."));
        }
    }

    private static void CheckSources(RelayRuleDefinition rule, Report report)
    {
        if (rule.Source is AddressPrefix source)
        {
            CheckSource(rule, source, "Source", report);
        }

        if (rule.AllowedSources.Count > MaxAllowedSources)
        {
            report.Invalid("AllowedSources", $"A rule has at most {MaxAllowedSources} allowed sources; this one has {rule.AllowedSources.Count}. Join them to prefixes.");
        }

        bool anyInSource = rule.AllowedSources.Count == 0 || rule.Source is null;
        foreach (AddressPrefix allowed in rule.AllowedSources)
        {
            CheckSource(rule, allowed, "AllowedSources", report);
            anyInSource |= rule.Source is AddressPrefix wanted && allowed.Overlaps(wanted);
        }

        if (!anyInSource)
        {
            report.Invalid("AllowedSources", $"The rule takes packets of {rule.Source} only, and none of these may send.");
        }
    }

    private static void CheckSource(RelayRuleDefinition rule, AddressPrefix source, string property, Report report)
    {
        if (source.IsIPv6 != rule.Destination.IsIPv6)
        {
            report.Invalid(property, $"{source} and {rule.Destination} are not of one address family.");
        }
        else if (source.IsMulticast)
        {
            report.Invalid(property, $"{source} is a group; packets come from unicast addresses.");
        }
    }

    private static void CheckDuplicates(RelayRuleDefinition rule, Report report)
    {
        if (rule.PreferredSource is IPAddress preferred)
        {
            if (rule.Duplicates != DuplicateMode.Standby)
            {
                report.Invalid("PreferredSource", "A preferred source is for rules with hot standby; set Duplicates to Standby.");
            }
            else if (!Passes(rule, preferred))
            {
                report.Invalid("PreferredSource", $"The preferred source {preferred} is not one the rule takes packets of.");
            }
        }

        if (rule.Duplicates == DuplicateMode.Standby && rule.StandbyAfterMilliseconds is < MinStandbyMilliseconds or > MaxStandbyMilliseconds)
        {
            report.Invalid("StandbyAfter", "Another source takes over after 10 ms to 1 min of silence.");
        }

        if (rule.Duplicates != DuplicateMode.None && rule.Source is { IsExact: true })
        {
            report.Invalid("Duplicates", $"The rule takes packets of {rule.Source} only, so there is no second source to choose from.");
        }
    }

    private static bool Passes(RelayRuleDefinition rule, IPAddress source)
    {
        bool isAllowed = rule.AllowedSources.Count == 0;
        foreach (AddressPrefix allowed in rule.AllowedSources)
        {
            isAllowed |= allowed.Contains(source);
        }

        return isAllowed && (rule.Source?.Contains(source) ?? source.AddressFamily == AddressFamily.InterNetworkV6 == rule.Destination.IsIPv6);
    }

    private static void CheckOutput(RelayRuleDefinition rule, int index, ScopePolicy policy, Report report)
    {
        RelayOutputDefinition output = rule.Outputs[index];
        string place = Text($"Outputs[{index}]");
        AddressPrefix destination = output.DestinationFor(rule);
        if (output.Destination is not null && !destination.IsMulticast && !IsUnicast(destination))
        {
            report.Invalid($"{place}.Destination", $"{destination} is neither a group nor a unicast address that packets can be sent to.");
        }

        CheckOutputNumbers(rule, output, place, report);
        CheckOutputSource(rule, output, place, destination, report);
        CheckScope(output, place, destination, policy, report);
        for (int other = 0; other < index; other++)
        {
            if (rule.Outputs[other].Interface == output.Interface && rule.Outputs[other].DestinationFor(rule) == destination && rule.Outputs[other].Port == output.Port)
            {
                report.Add(RelayProblemKind.Overlap, place, $"{output.Interface} gets the same packets by two outputs of the rule.");
                break;
            }
        }
    }

    private static void CheckOutputNumbers(RelayRuleDefinition rule, RelayOutputDefinition output, string place, Report report)
    {
        if (rule.Protocol == RelayProtocol.Esp && (output.Port != 0 || output.SourcePort != 0))
        {
            report.Invalid($"{place}.Port", "ESP has no ports to rewrite.");
        }
        else if (output.Port is < 0 or > MaxPort || output.SourcePort is < 0 or > MaxPort)
        {
            report.Invalid($"{place}.Port", "A port is from 1 to 65535.");
        }

        if (output.Ttl is < 1 or > byte.MaxValue)
        {
            report.Invalid($"{place}.Ttl", "A TTL is from 1 to 255.");
        }

        if (output.Dscp is < 0 or > MaxDscp)
        {
            report.Invalid($"{place}.Dscp", "A DSCP is from 0 to 63.");
        }

        if (output.PacketsPerSecond < 0 || output.BitsPerSecond < 0)
        {
            report.Invalid($"{place}.RateLimit", "A rate limit is above 0.");
        }
    }

    private static void CheckOutputSource(RelayRuleDefinition rule, RelayOutputDefinition output, string place, AddressPrefix destination, Report report)
    {
        if (output.ChangesFamily(rule))
        {
            if (rule.Protocol == RelayProtocol.Esp)
            {
                report.Invalid($"{place}.Destination", "ESP stays in its address family: the receiver authenticates what it is sent in.");
                return;
            }

            if (output.SourceMode == SourceMode.Keep)
            {
                report.Invalid($"{place}.Source", $"Packets to {destination} change between IPv4 and IPv6 and cannot keep their source; set it to 'interface' or to an address.");
                return;
            }
        }

        if (output.SourceMode != SourceMode.Fixed)
        {
            return;
        }

        if (output.Source is null)
        {
            report.Invalid($"{place}.Source", "The source address is missing.");
        }
        else if (output.Source.AddressFamily == AddressFamily.InterNetworkV6 != destination.IsIPv6)
        {
            report.Invalid($"{place}.Source", $"The source {output.Source} and the destination {destination} are not of one address family.");
        }
        else if (!IsUnicast(AddressPrefix.Of(output.Source)))
        {
            report.Invalid($"{place}.Source", $"{output.Source} is no unicast address that packets can come from.");
        }
    }

    private static void CheckScope(RelayOutputDefinition output, string place, AddressPrefix destination, ScopePolicy policy, Report report)
    {
        GroupScope scope = GroupScopes.Of(destination);
        if (scope == GroupScope.Link && output.Destination is not null)
        {
            report.Add(RelayProblemKind.Scope, $"{place}.Destination", $"{destination} is a link-local group, to which nothing is relayed.");
        }
        else if (output.Ttl > 1 && scope == GroupScope.Site && !policy.AllowSite)
        {
            report.Add(RelayProblemKind.Scope, $"{place}.Ttl", Text($"{destination} has site-local groups, and with a TTL of {output.Ttl} their packets could leave the site."));
        }
        else if (output.Ttl > 1 && scope == GroupScope.Organization && !policy.AllowOrganization)
        {
            report.Add(RelayProblemKind.Scope, $"{place}.Ttl", Text($"{destination} has organization-local groups, and with a TTL of {output.Ttl} their packets could leave the organization."));
        }
    }

    // Loopback, broadcast, "this network" and what is reserved above multicast are nothing to relay to (RFC 6890); prefixes are judged by their first address.
    private static bool IsUnicast(AddressPrefix prefix)
    {
        RelayAddress address = RelayAddress.From(prefix.Address);
        if (address.IsMulticast)
        {
            return false;
        }

        if (!address.IsIPv4)
        {
            return address != new RelayAddress(0, 0) && address != new RelayAddress(0, 1);
        }

        uint first = address.LastWord >> 24;
        return first is not (0 or 127) && first < 240;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Report(RelayRuleDefinition Rule, List<RelayProblem> Problems)
    {
        public void Invalid(string property, string message) => Add(RelayProblemKind.Invalid, property, message);

        public void Add(RelayProblemKind kind, string property, string message) => Problems.Add(new RelayProblem(kind, Rule.RuleId, Rule.Name, property, message));
    }
}
