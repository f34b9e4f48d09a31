using System.Globalization;
using Net.Contracts;
using Net.Engine.Firewall.Time;
using Net.Engine.Firewall.Translation;
using Net.Firewall;

namespace Net.Engine.Firewall.Checks;

/// <summary>Checks rules in the user's terms, and finds the user's word for a property of the model.</summary>
internal static class RuleChecks
{
    /// <summary>Adds what the document's terms do not allow in a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="index">Its place.</param>
    /// <param name="problems">Where to add them.</param>
    public static void CheckTerms(FirewallRule rule, int index, ICollection<ConfigurationProblem> problems)
    {
        bool hasLocalRemote = rule.LocalAddress.Length + rule.LocalPort.Length + rule.RemoteAddress.Length + rule.RemotePort.Length
            + rule.LocalAddressList.Length + rule.LocalPortList.Length + rule.RemoteAddressList.Length + rule.RemotePortList.Length > 0;
        bool hasSourceDestination = rule.SourceAddress.Length + rule.SourcePort.Length + rule.DestinationAddress.Length + rule.DestinationPort.Length
            + rule.SourceAddressList.Length + rule.SourcePortList.Length + rule.DestinationAddressList.Length + rule.DestinationPortList.Length > 0;
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

        if (rule.Direction != Contracts.RuleDirection.Forward && rule.OutZone is not null)
        {
            Add("outZone", $"Rule '{rule.Name}' names a zone to leave into, which only forwarded packets have besides the one they came from; use zone.");
        }

        if (rule.Name.AsSpan().ContainsAny('*', '?'))
        {
            Add("name", $"The name '{rule.Name}' holds a wildcard; names are matched with * and ?, so a rule cannot have one.");
        }

        if (rule.Description is { Length: > 1024 })
        {
            Add("description", $"The description of rule '{rule.Name}' has {rule.Description.Length} characters; at most 1024 are kept.");
        }

        if (rule.Group is { } group && (string.IsNullOrWhiteSpace(group) || group.Length > Rule.MaxNameLength || group.AsSpan().ContainsAny('*', '?') || group.Any(char.IsControl)))
        {
            Add("group", $"The group '{RuleTexts.Shown(group)}' of rule '{rule.Name}' is not a name of 1 to {Rule.MaxNameLength} characters without wildcards and control characters.");
        }

        CheckDependents(rule, Add);
        if (rule.Schedule is { } schedule)
        {
            CheckSchedule(rule, schedule, Add);
        }

        void Add(string property, string message) =>
            problems.Add(new ConfigurationProblem(string.Create(CultureInfo.InvariantCulture, $"firewall.rules[{index}].{property}"), ErrorCatalogue.FirewallRuleInvalid.Id, message));
    }

    // What says nothing without something else would be lost without a word.
    private static void CheckDependents(FirewallRule rule, Action<string, string> add)
    {
        if (rule.RateLimit is null && (rule.RateBurst is not null || rule.RatePerSource || rule.AboveRate))
        {
            add("rateLimit", $"Rule '{rule.Name}' says how to count a rate, but names none.");
        }

        if (rule.RateBurst is < 1 or > uint.MaxValue)
        {
            add("rateBurst", $"The burst {rule.RateBurst} of rule '{rule.Name}' is not between 1 and {uint.MaxValue}.");
        }

        if (rule.ConnectionLimit is null && (rule.ConnectionLimitPerSource || rule.AboveConnectionLimit))
        {
            add("connectionLimit", $"Rule '{rule.Name}' says how to count connections, but names no limit.");
        }

        if (rule.ConnectionLimit is < 1)
        {
            add("connectionLimit", $"The limit of {rule.ConnectionLimit} connections of rule '{rule.Name}' is below 1.");
        }

        if (rule.AddSourceFor is not null && rule.AddSourceTo is null)
        {
            add("addSourceFor", $"Rule '{rule.Name}' says how long a source stays in a list, but names no list.");
        }

        if (rule.AddSourceFor < TimeSpan.FromSeconds(1) || rule.AddSourceFor > TimeSpan.FromDays(365))
        {
            add("addSourceFor", $"The time {rule.AddSourceFor} of rule '{rule.Name}' is not between 1 second and 365 days.");
        }

        if (rule.RejectWith != FirewallReject.Default && rule.Action != Contracts.RuleAction.Reject)
        {
            add("rejectWith", $"Rule '{rule.Name}' says how to refuse, but its action is {rule.Action}; use reject.");
        }
    }

    private static void CheckSchedule(FirewallRule rule, FirewallSchedule schedule, Action<string, string> add)
    {
        if (schedule.LastDate < schedule.FirstDate)
        {
            add("schedule.lastDate", $"The schedule of rule '{rule.Name}' ends on {schedule.LastDate:yyyy-MM-dd}, before it begins.");
        }

        if (schedule.Day.Any(day => !Enum.IsDefined(day)))
        {
            add("schedule.day", $"The schedule of rule '{rule.Name}' names a day that is none.");
        }

        if (schedule.TimeZone is { } name && FirewallSchedules.ZoneOf(schedule, TimeZoneInfo.Utc) is null)
        {
            add("schedule.timeZone", $"This host does not know the time zone '{RuleTexts.Shown(name)}' of rule '{rule.Name}'; use an IANA name such as Europe/Berlin, and see that tzdata is installed.");
        }
    }

    /// <summary>The member of a rule that a property of the model stands for: it speaks of source and destination, the user of local and remote.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="property">The property of the model.</param>
    public static string PlaceOf(FirewallRule rule, string property) => (property, rule.Direction) switch
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
        (nameof(RuleConditions.ConnectionStates), _) => "connectionState",
        (nameof(RuleConditions.SourceLists), Contracts.RuleDirection.Inbound) or (nameof(RuleConditions.DestinationLists), Contracts.RuleDirection.Outbound) => "remoteAddressList",
        (nameof(RuleConditions.DestinationLists), Contracts.RuleDirection.Inbound) or (nameof(RuleConditions.SourceLists), Contracts.RuleDirection.Outbound) => "localAddressList",
        (nameof(RuleConditions.SourceLists), _) => "sourceAddressList",
        (nameof(RuleConditions.DestinationLists), _) => "destinationAddressList",
        (nameof(RuleConditions.IcmpTypes), _) => "icmpType",
        (nameof(RuleConditions.PacketLengths), _) => "packetLength",
        (nameof(RuleConditions.SourceMacs), _) => "sourceMac",
        (nameof(RuleConditions.Users), _) => "user",
        (nameof(RuleConditions.Groups), _) => "userGroup",
        (nameof(RuleConditions.Rate), _) => "rateLimit",
        (nameof(RuleConditions.Connections), _) => "connectionLimit",
        _ => char.ToLowerInvariant(property[0]) + property[1..],
    };

    /// <summary>The member of a NAT rule that a property of the model stands for.</summary>
    /// <param name="property">The property of the model.</param>
    public static string NatPlaceOf(string property) => property switch
    {
        nameof(Net.Firewall.NatRule.SourceAddresses) => "sourceAddress",
        nameof(Net.Firewall.NatRule.DestinationAddresses) => "destinationAddress",
        nameof(Net.Firewall.NatRule.SourcePorts) => "sourcePort",
        nameof(Net.Firewall.NatRule.DestinationPorts) => "destinationPort",
        nameof(Net.Firewall.NatRule.InputInterfaces) => "interfaceAlias",
        nameof(Net.Firewall.NatRule.OutputInterfaces) => "outInterfaceAlias",
        nameof(Net.Firewall.NatRule.AddressFamily) => "family",
        nameof(Net.Firewall.NatRule.ToAddresses) => "toAddress",
        nameof(Net.Firewall.NatRule.ToPorts) => "toPort",
        _ => char.ToLowerInvariant(property[0]) + property[1..],
    };
}
