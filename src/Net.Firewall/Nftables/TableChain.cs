namespace Net.Firewall;

/// <summary>One chain of our table: it knows its text and whether a chain that stands already is the same.</summary>
/// <param name="name">Its name.</param>
internal abstract class TableChain(string name)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Whether it is a chunk of rules.</summary>
    public virtual bool IsChunk => false;

    /// <summary>Whether the chain that stands needs no rewriting.</summary>
    /// <param name="standing">The chain of the same name before.</param>
    public abstract bool IsLike(TableChain standing);

    /// <summary>Whether one of its rules names one of these lists.</summary>
    /// <param name="lists">Ids of lists.</param>
    public virtual bool Names(HashSet<long> lists) => false;

    /// <summary>Writes the chain into a table's block.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isNew">Whether there is no such chain yet, so that a base chain has to say its hook.</param>
    public abstract void Write(NftWriter writer, bool isNew);

    /// <summary>Whether a rule names one of these lists.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="lists">Ids of lists.</param>
    protected static bool Names(Rule rule, HashSet<long> lists)
    {
        if (rule.Effects?.AddSourceTo is long own && lists.Contains(own))
        {
            return true;
        }

        if (rule.Conditions is { } conditions)
        {
            foreach (long id in conditions.SourceLists.AsSpan())
            {
                if (lists.Contains(id))
                {
                    return true;
                }
            }

            foreach (long id in conditions.DestinationLists.AsSpan())
            {
                if (lists.Contains(id))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether rules of two chains are written alike.</summary>
    /// <param name="rules">Rules.</param>
    /// <param name="context">What they are written with.</param>
    /// <param name="other">The other rules.</param>
    /// <param name="otherContext">What those were written with.</param>
    protected static bool WriteAlike(ReadOnlySpan<Rule> rules, RuleContext context, ReadOnlySpan<Rule> other, RuleContext otherContext)
    {
        if (!RuleLists.EmitAlike(rules, other))
        {
            return false;
        }

        foreach (Rule rule in rules)
        {
            if (rule.Enabled && !context.WritesLike(rule, otherContext))
            {
                return false;
            }
        }

        return true;
    }
}
