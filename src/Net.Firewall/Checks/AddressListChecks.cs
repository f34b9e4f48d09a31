using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Checks address lists.</summary>
internal static class AddressListChecks
{
    /// <summary>Addresses of both versions one list may have.</summary>
    public const int MaxAddresses = 1_000_000;

    /// <summary>Addresses of each version a dynamic list may hold.</summary>
    public const int MaxEntries = 1_000_000;

    /// <summary>The longest an address may stay in a dynamic list, short of for ever.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(365);

    /// <summary>Checks all lists and returns them by id.</summary>
    /// <param name="lists">The lists.</param>
    /// <param name="problems">Where problems go.</param>
    public static Dictionary<long, AddressList> Run(ImmutableArray<AddressList> lists, ImmutableArray<RuleProblem>.Builder problems)
    {
        Dictionary<long, AddressList> byId = [];
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (AddressList list in lists)
        {
            var report = new ProblemReport(ProblemSubject.AddressList, list.Id, list.Name, problems);
            CheckIdentity(list, report);
            if (!byId.TryAdd(list.Id, list))
            {
                report.Add(nameof(AddressList.Id), RuleErrorIds.IdDuplicate, $"Id {list.Id} is used by two address lists.", "Leave ids to the engine.");
            }

            if (!string.IsNullOrEmpty(list.Name) && !names.Add(list.Name))
            {
                report.Add(nameof(AddressList.Name), RuleErrorIds.NameDuplicate, $"There is already an address list named '{CommonChecks.Shown(list.Name)}'; names are compared without regard to case.", "Choose another name, or change the list that is there.");
            }

            CheckContent(list, report);
        }

        return byId;
    }

    private static void CheckIdentity(AddressList list, ProblemReport report)
    {
        if (list.Id is < 1 or > Rule.LastGeneratedId)
        {
            report.Add(nameof(AddressList.Id), RuleErrorIds.IdInvalid, $"Id {list.Id} is not between 1 and {Rule.MaxId}.", "Leave ids to the engine.");
        }

        if (string.IsNullOrWhiteSpace(list.Name))
        {
            report.Add(nameof(AddressList.Name), RuleErrorIds.NameEmpty, "The address list has no name.", "Give it a name that says what it is for.");
        }
    }

    private static void CheckContent(AddressList list, ProblemReport report)
    {
        if (list.Addresses.Length > MaxAddresses)
        {
            report.Add(nameof(AddressList.Addresses), RuleErrorIds.TooManyValues, $"The list has {list.Addresses.Length} addresses; at most {MaxAddresses} are loaded.", "Use prefixes, or split the list.");
        }

        foreach (AddressRange range in list.Addresses)
        {
            CommonChecks.RunRange(nameof(AddressList.Addresses), range, report);
        }

        if (!list.IsDynamic)
        {
            return;
        }

        if (!list.Addresses.IsEmpty)
        {
            report.Add(nameof(AddressList.Addresses), RuleErrorIds.AddressListMixed, "A dynamic list has no addresses of its own; rules put them in.", "Put the addresses into a list of their own and name both lists in the rule.");
        }

        if (list.MaxEntries is < 1 or > MaxEntries)
        {
            report.Add(nameof(AddressList.MaxEntries), RuleErrorIds.ValueOutOfRange, $"A dynamic list of {list.MaxEntries} addresses is not between 1 and {MaxEntries}.", "Give a number in between.");
        }

        if (list.Timeout is TimeSpan timeout && (timeout < TimeSpan.FromSeconds(1) || timeout > LongestTimeout))
        {
            report.Add(nameof(AddressList.Timeout), RuleErrorIds.ValueOutOfRange, "Addresses would stay for less than a second or more than a year.", "Give between 1 second and 365 days, or nothing for ever.");
        }
    }
}
