using System.Globalization;
using Net.Contracts;
using Net.Engine.Firewall.Translation;
using Net.Firewall;

namespace Net.Engine.Firewall.Checks;

/// <summary>Collects problems of lists, zones, NAT rules, port forwards, profile and detection, and checks what all of them have: names.</summary>
/// <param name="problems">Where to add them.</param>
internal sealed class ItemProblems(ICollection<ConfigurationProblem> problems)
{
    private const int LongestDescription = 1024;

    /// <summary>Adds a problem of an item in a list of the section.</summary>
    /// <param name="list">The list's member, such as <c>zones</c>.</param>
    /// <param name="index">The item's place.</param>
    /// <param name="member">The member that is wrong.</param>
    /// <param name="message">What is wrong.</param>
    public void Add(string list, int index, string member, string message) =>
        Add(string.Create(CultureInfo.InvariantCulture, $"firewall.{list}[{index}].{member}"), message);

    /// <summary>Adds a problem.</summary>
    public void Add(string place, string message) => Add(place, ErrorCatalogue.FirewallItemInvalid, message);

    /// <summary>Adds a problem of a kind.</summary>
    public void Add(string place, ErrorDefinition error, string message) => problems.Add(new ConfigurationProblem(place, error.Id, message));

    /// <summary>Refuses documents that are too large to look at.</summary>
    /// <returns>Whether it can be looked at.</returns>
    public bool CheckCounts(FirewallSection section)
    {
        return Check("zones", section.Zones.Length) & Check("addressLists", section.AddressLists.Length) & Check("portLists", section.PortLists.Length)
            & Check("natRules", section.NatRules.Length) & Check("portForwards", section.PortForwards.Length);

        bool Check(string list, int count)
        {
            if (count <= FirewallChecks.MaxItems)
            {
                return true;
            }

            Add($"firewall.{list}", $"There are {count} {list}; at most {FirewallChecks.MaxItems} are taken.");
            return false;
        }
    }

    /// <summary>Checks name and description of an item.</summary>
    /// <param name="list">The list's member, such as <c>zones</c>.</param>
    /// <param name="index">The item's place.</param>
    /// <param name="noun">What it is called.</param>
    /// <param name="name">Its name.</param>
    /// <param name="description">Its description.</param>
    /// <param name="names">Names before it; its own is added.</param>
    public void CheckName(string list, int index, string noun, string name, string? description, HashSet<string> names)
    {
        string shown = RuleTexts.Shown(name);
        if (string.IsNullOrWhiteSpace(name))
        {
            Add(list, index, "name", $"The {noun} at place {index + 1} has no name.");
        }
        else if (name.Length > Rule.MaxNameLength)
        {
            Add(list, index, "name", $"The name '{shown}' of a {noun} has {name.Length} characters; at most {Rule.MaxNameLength} are taken.");
        }
        else if (name.AsSpan().ContainsAny('*', '?') || name.Any(char.IsControl))
        {
            Add(list, index, "name", $"The name '{shown}' of a {noun} holds a wildcard or a control character; names are matched with * and ?, so none can have one.");
        }

        if (!names.Add(name))
        {
            Add($"firewall.{list}[{index}].name", ErrorCatalogue.FirewallItemExists, $"The name '{shown}' of a {noun} is taken already; names are compared without regard to case.");
        }

        if (description is { Length: > LongestDescription })
        {
            Add(list, index, "description", $"The description of {noun} '{shown}' has {description.Length} characters; at most {LongestDescription} are kept.");
        }
    }

    /// <summary>Checks names of interfaces.</summary>
    public void CheckInterfaces(string list, int index, string member, string owner, string[] names)
    {
        foreach (string name in names)
        {
            if (!InterfaceNames.IsValid(name))
            {
                Add(list, index, member, $"'{RuleTexts.Shown(name)}' in {owner} is not an interface name, or the start of one followed by *.");
            }
        }

        if (names.Length > FirewallRuleValidator.MaxInterfaces)
        {
            Add(list, index, member, $"There are {names.Length} interfaces in {owner}; at most {FirewallRuleValidator.MaxInterfaces} are taken. Use a name with a trailing * for interfaces with a common start.");
        }
    }
}
