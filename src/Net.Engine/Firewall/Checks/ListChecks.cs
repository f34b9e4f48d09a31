using Net.Contracts;
using Net.Engine.Firewall.Translation;

namespace Net.Engine.Firewall.Checks;

/// <summary>Checks address lists and port lists.</summary>
internal static class ListChecks
{
    private const int MaxAddresses = 1_000_000;
    private const int MaxHostNames = 256;

    /// <summary>Adds every problem.</summary>
    public static void Run(FirewallSection section, ItemProblems problems)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < section.AddressLists.Length; index++)
        {
            FirewallAddressList list = section.AddressLists[index];
            problems.CheckName("addressLists", index, "address list", list.Name, list.Description, names);
            CheckSources(list, index, problems);
            CheckDynamic(list, index, problems);
        }

        CheckNesting("addressLists", "address list", section.AddressLists, list => list.Name, list => list.List, problems);
        var dynamic = new HashSet<string>(section.AddressLists.Where(list => list.Dynamic).Select(list => list.Name), StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < section.AddressLists.Length; index++)
        {
            foreach (string nested in section.AddressLists[index].List.Where(dynamic.Contains))
            {
                problems.Add("addressLists", index, "list", $"The dynamic list '{nested}' cannot be part of address list '{section.AddressLists[index].Name}'; name both in the rule.");
            }
        }

        names.Clear();
        for (int index = 0; index < section.PortLists.Length; index++)
        {
            FirewallPortList list = section.PortLists[index];
            problems.CheckName("portLists", index, "port list", list.Name, list.Description, names);
        }

        CheckNesting("portLists", "port list", section.PortLists, list => list.Name, list => list.List, problems);
    }

    private static void CheckSources(FirewallAddressList list, int index, ItemProblems problems)
    {
        if (list.Address.Length > MaxAddresses)
        {
            Add("address", $"The address list '{list.Name}' has {list.Address.Length} addresses; at most {MaxAddresses} are taken.");
        }

        CheckPath("file", list.File);
        CheckPath("countryFile", list.CountryFile);
        if (list.Country.Length > 0 && list.CountryFile is null)
        {
            Add("countryFile", $"The address list '{list.Name}' names countries, but no countryFile to find their networks in.");
        }

        foreach (string country in list.Country)
        {
            if (country is not { Length: 2 } || !char.IsAsciiLetter(country[0]) || !char.IsAsciiLetter(country[1]))
            {
                Add("country", $"'{RuleTexts.Shown(country)}' in address list '{list.Name}' is not a country code of two letters (ISO 3166-1) such as DE.");
            }
        }

        foreach (string host in list.HostName)
        {
            if (!IsHostName(host))
            {
                Add("hostName", $"'{RuleTexts.Shown(host)}' in address list '{list.Name}' is not a host name.");
            }
        }

        if (list.HostName.Length > MaxHostNames)
        {
            Add("hostName", $"The address list '{list.Name}' has {list.HostName.Length} host names; at most {MaxHostNames} are resolved.");
        }

        if (list.RefreshInterval < TimeSpan.FromSeconds(10) || list.RefreshInterval > TimeSpan.FromDays(1))
        {
            Add("refreshInterval", $"The address list '{list.Name}' resolves names every {list.RefreshInterval}; 10 seconds to 1 day are taken.");
        }

        void CheckPath(string member, string? path)
        {
            if (path is not null && (!path.StartsWith('/') || path.Length > 1024 || path.Any(char.IsControl)))
            {
                Add(member, $"'{RuleTexts.Shown(path)}' in address list '{list.Name}' is not an absolute path.");
            }
        }

        void Add(string member, string message) => problems.Add("addressLists", index, member, message);
    }

    private static void CheckDynamic(FirewallAddressList list, int index, ItemProblems problems)
    {
        bool hasContent = list.Address.Length + list.List.Length + list.HostName.Length + list.Country.Length > 0 || list.File is not null || list.CountryFile is not null;
        if (list.Dynamic && hasContent)
        {
            problems.Add("addressLists", index, "dynamic", $"The address list '{list.Name}' is dynamic: rules fill it, so it has no addresses, lists, files, host names or countries of its own.");
        }

        if (!list.Dynamic && list.Timeout is not null)
        {
            problems.Add("addressLists", index, "timeout", $"The address list '{list.Name}' has a timeout, but only addresses that rules put into a dynamic list leave again.");
        }

        if (list.Timeout < TimeSpan.FromSeconds(1) || list.Timeout > TimeSpan.FromDays(365))
        {
            problems.Add("addressLists", index, "timeout", $"The timeout {list.Timeout} of address list '{list.Name}' is not between 1 second and 365 days.");
        }

        if (list.MaxEntries is < 1 or > MaxAddresses)
        {
            problems.Add("addressLists", index, "maxEntries", $"The address list '{list.Name}' holds {list.MaxEntries} entries at most; 1 to {MaxAddresses} are taken.");
        }
    }

    private static void CheckNesting<T>(string member, string noun, T[] lists, Func<T, string> nameOf, Func<T, string[]> listsOf, ItemProblems problems)
    {
        if (!lists.Any(list => listsOf(list).Length > 0))
        {
            return;
        }

        var byName = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        foreach (T list in lists)
        {
            byName.TryAdd(nameOf(list), list);
        }

        var done = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < lists.Length; index++)
        {
            foreach (string nested in listsOf(lists[index]).Where(nested => !byName.ContainsKey(nested)))
            {
                problems.Add(member, index, "list", $"The {noun} '{nameOf(lists[index])}' names the {noun} '{RuleTexts.Shown(nested)}', which does not exist.");
            }

            List<string> way = [];
            if (FindCircle(nameOf(lists[index]), way))
            {
                problems.Add(member, index, "list", $"The {noun} '{nameOf(lists[index])}' is part of a circle: {string.Join(" in ", way.Take(8).Select(name => $"'{name}'"))}.");
            }
        }

        // Depth first, without recursion: nesting is as deep as the user makes it.
        bool FindCircle(string start, List<string> way)
        {
            var open = new Stack<(string Name, int Next)>();
            var onWay = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            open.Push((start, 0));
            while (open.TryPop(out (string Name, int Next) at))
            {
                if (at.Next == 0 && (done.Contains(at.Name) || !byName.ContainsKey(at.Name)))
                {
                    continue;
                }

                if (at.Next == 0 && !onWay.Add(at.Name))
                {
                    way.AddRange(open.Reverse().Select(step => step.Name).Append(at.Name));
                    done.Add(at.Name);
                    return true;
                }

                string[] nested = listsOf(byName[at.Name]);
                if (at.Next < nested.Length)
                {
                    open.Push((at.Name, at.Next + 1));
                    open.Push((nested[at.Next], 0));
                }
                else
                {
                    onWay.Remove(at.Name);
                    done.Add(at.Name);
                }
            }

            return false;
        }
    }

    // RFC 1123 section 2.1, and the underscore that is in use all the same.
    private static bool IsHostName(string name) =>
        name.Length is > 0 and <= 253 && !name.StartsWith('.') && !System.Net.IPAddress.TryParse(name, out _)
        && name.TrimEnd('.').Split('.').All(label => label.Length is > 0 and <= 63 && !label.StartsWith('-') && !label.EndsWith('-') && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
}
