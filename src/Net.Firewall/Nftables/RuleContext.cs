using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>What a rule is written with besides itself: the lists it names and what is known of the host.</summary>
internal sealed class RuleContext
{
    private readonly Dictionary<long, AddressList> _lists = [];

    /// <summary>The context of a model.</summary>
    /// <param name="lists">Its lists.</param>
    /// <param name="options">What is known of the host.</param>
    /// <exception cref="ArgumentException">An id is used twice or out of range.</exception>
    public RuleContext(ImmutableArray<AddressList> lists, FirewallCompileOptions options)
    {
        Options = options;
        foreach (AddressList list in lists)
        {
            if (list.Id is < 1 or > Rule.LastGeneratedId || !_lists.TryAdd(list.Id, list))
            {
                throw new ArgumentException($"The id {list.Id} of an address list is out of range or used twice; validate the model first.", nameof(lists));
            }
        }
    }

    /// <summary>What is known of the host.</summary>
    public FirewallCompileOptions Options { get; }

    /// <summary>Whether a rule in force cannot be loaded now.</summary>
    /// <param name="rule">The rule.</param>
    public bool IsLeftOut(Rule rule) => rule.Conditions?.Cgroup is string cgroup && !Options.Cgroups.ContainsKey(cgroup);

    /// <summary>Whether a rule that did not change is written alike in both contexts.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="other">The other context.</param>
    public bool WritesLike(Rule rule, RuleContext other)
    {
        if (rule.Conditions?.Cgroup is string cgroup)
        {
            bool isHere = Options.Cgroups.TryGetValue(cgroup, out ulong here);
            bool isThere = other.Options.Cgroups.TryGetValue(cgroup, out ulong there);
            if (isHere != isThere || here != there || Options.CgroupRoot != other.Options.CgroupRoot)
            {
                return false;
            }
        }

        return rule.Effects?.AddSourceTo is null || StayIn(rule.Effects) == other.StayIn(rule.Effects);
    }

    /// <summary>How long a source that a rule adds stays in its list; null for ever.</summary>
    /// <param name="effects">The effects of the rule.</param>
    public TimeSpan? StayIn(RuleEffects effects) =>
        effects.AddSourceFor ?? (effects.AddSourceTo is long id && _lists.TryGetValue(id, out AddressList? list) ? list.Timeout : null);

    /// <summary>Insists that a list is in the model: its name in a rule would make nft refuse everything.</summary>
    /// <param name="id">The list.</param>
    /// <exception cref="ArgumentException">There is no such list.</exception>
    public void CheckList(long id)
    {
        if (!_lists.ContainsKey(id))
        {
            throw new ArgumentException($"There is no address list with id {id}; validate the model first.", nameof(id));
        }
    }
}
