using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Checks that filter and NAT rules share.</summary>
internal static class CommonChecks
{
    /// <summary>Checks id and name.</summary>
    /// <param name="id">The id.</param>
    /// <param name="name">The name.</param>
    /// <param name="report">Takes problems.</param>
    public static void RunIdentity(long id, string name, ProblemReport report)
    {
        if (id is < 1 or > Rule.LastGeneratedId)
        {
            report.Add(nameof(Rule.Id), RuleErrorIds.IdInvalid, $"Id {id} is not between 1 and {Rule.MaxId}.", "Leave ids to the engine.");
        }

        if (string.IsNullOrWhiteSpace(name))
        {
            report.Add(nameof(Rule.Name), RuleErrorIds.NameEmpty, "The rule has no name.", "Give it a name that says what it is for.");
            return;
        }

        if (name.Length > Rule.MaxNameLength)
        {
            report.Add(
                nameof(Rule.Name),
                RuleErrorIds.NameTooLong,
                $"The name has {name.Length} characters; at most {Rule.MaxNameLength} fit the lists and logs it is shown in.",
                "Shorten the name and put the rest into the description.");
        }

        if (name.Any(char.IsControl))
        {
            report.Add(
                nameof(Rule.Name),
                RuleErrorIds.NameInvalid,
                "The name has control characters, which would garble terminals and logs.",
                "Use letters, digits, spaces and punctuation.");
        }
    }

    /// <summary>Checks that a value is defined.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="property">The property.</param>
    /// <param name="value">The value.</param>
    /// <param name="report">Takes problems.</param>
    public static void RunEnumeration<T>(string property, T value, ProblemReport report)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            report.Add(property, RuleErrorIds.ValueUnknown, $"{property} has the unknown value {value}.", $"Use one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    /// <summary>Checks ports.</summary>
    /// <param name="property">The property.</param>
    /// <param name="protocol">The rule's protocol.</param>
    /// <param name="ports">The ports.</param>
    /// <param name="report">Takes problems.</param>
    public static void RunPorts(string property, RuleProtocol protocol, ImmutableArray<PortRange> ports, ProblemReport report)
    {
        if (ports.IsEmpty)
        {
            return;
        }

        if (!protocol.HasPorts)
        {
            report.Add(
                property,
                RuleErrorIds.PortsNeedProtocol,
                $"Ports were given, but protocol '{protocol}' has none.",
                "Set the protocol to tcp, udp or sctp (one rule for each), or leave out the ports.");
        }

        RunCount(property, ports.Length, FirewallRuleValidator.MaxPortRanges, "use ranges such as 8000-8080 for neighbours, or split the rule", report);
        foreach (PortRange range in ports)
        {
            if (range.IsReversed)
            {
                report.Add(property, RuleErrorIds.PortRangeReversed, $"Port range {range} ends before it starts.", $"Write {range.Last}-{range.First} if that is meant.");
            }
        }
    }

    /// <summary>Checks addresses.</summary>
    /// <param name="property">The property.</param>
    /// <param name="family">The rule's IP version.</param>
    /// <param name="addresses">The addresses.</param>
    /// <param name="report">Takes problems.</param>
    public static void RunAddresses(string property, RuleAddressFamily family, ImmutableArray<AddressRange> addresses, ProblemReport report)
    {
        RunCount(property, addresses.Length, FirewallRuleValidator.MaxAddresses, "use prefixes or ranges, or an address list", report);
        foreach (AddressRange range in addresses)
        {
            RunRange(property, range, report);
            if (family != RuleAddressFamily.Any && range.Family != family)
            {
                report.Add(
                    property,
                    RuleErrorIds.AddressFamilyMismatch,
                    $"{range} is an {range.Family} address, but the rule is for {family} only.",
                    "Leave the address family at Any, or remove the address.");
            }
        }
    }

    /// <summary>Checks that a range of addresses is not reversed.</summary>
    /// <param name="property">The property.</param>
    /// <param name="range">The range.</param>
    /// <param name="report">Takes problems.</param>
    public static void RunRange(string property, AddressRange range, ProblemReport report)
    {
        if (range.IsReversed)
        {
            report.Add(
                property,
                RuleErrorIds.AddressRangeReversed,
                $"Address range {range} ends before it starts.",
                $"Write {range.LastAddress}-{range.FirstAddress} if that is meant.");
        }
    }

    /// <summary>Checks numbers.</summary>
    /// <param name="property">The property.</param>
    /// <param name="ranges">The numbers.</param>
    /// <param name="report">Takes problems.</param>
    public static void RunNumbers(string property, ImmutableArray<NumberRange> ranges, ProblemReport report)
    {
        RunCount(property, ranges.Length, FirewallRuleValidator.MaxPortRanges, "use ranges, or split the rule", report);
        foreach (NumberRange range in ranges)
        {
            if (range.IsReversed)
            {
                report.Add(property, RuleErrorIds.NumberRangeReversed, $"{property}: {range.First}-{range.Last} ends before it starts.", $"Write {range.Last}-{range.First} if that is meant.");
            }
        }
    }

    /// <summary>Checks names of interfaces.</summary>
    /// <param name="property">The property.</param>
    /// <param name="names">The names.</param>
    /// <param name="report">Takes problems.</param>
    public static void RunInterfaces(string property, ImmutableArray<string> names, ProblemReport report)
    {
        RunCount(property, names.Length, FirewallRuleValidator.MaxInterfaces, "use a name with a trailing * for interfaces with a common start", report);
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

    /// <summary>Checks the length of a list.</summary>
    /// <param name="property">The property.</param>
    /// <param name="count">Its values.</param>
    /// <param name="limit">The most it may have.</param>
    /// <param name="advice">How to do with fewer.</param>
    /// <param name="report">Takes problems.</param>
    public static void RunCount(string property, int count, int limit, string advice, ProblemReport report)
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

    /// <summary>What a user typed, short and in one line: it may be long or hold anything.</summary>
    /// <param name="text">The text.</param>
    public static string Shown(string? text)
    {
        string shown = text ?? string.Empty;
        shown = shown.Length > 40 ? string.Concat(shown.AsSpan(0, 40), "...") : shown;
        return string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c));
    }
}
