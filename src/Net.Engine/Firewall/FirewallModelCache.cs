using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Net.Contracts;
using Net.Firewall;

namespace Net.Engine.Firewall;

/// <summary>
/// The model of the section asked for last, so that a change of one rule translates one rule: rules are never changed in place, and the same
/// record gives the same result. Holds no more than the document in force and its model do anyway. May be used from any thread.
/// </summary>
internal sealed class FirewallModelCache
{
    private volatile Translated _last = new([], FirewallModel.Empty);

    /// <summary>The model of a section; the same object for the same list of rules.</summary>
    public FirewallModel ModelOf(FirewallSection section)
    {
        Translated last = _last;
        if (ReferenceEquals(section.Rules, last.Rules))
        {
            return last.Model;
        }

        var model = new FirewallModel(Translate(section.Rules, last));
        _last = new Translated(section.Rules, model);
        return model;
    }

    private static ImmutableArray<Rule> Translate(FirewallRule[] rules, Translated last)
    {
        FirewallRule[] old = last.Rules;
        ImmutableArray<Rule> translated = last.Model.Rules;
        var result = new Rule[rules.Length];
        int shorter = Math.Min(rules.Length, old.Length);
        int start = 0;
        while (start < shorter && ReferenceEquals(rules[start], old[start]))
        {
            result[start] = translated[start];
            start++;
        }

        int end = 0;
        while (end < shorter - start && ReferenceEquals(rules[^(end + 1)], old[^(end + 1)]))
        {
            end++;
            result[^end] = translated[^end];
        }

        // What stands between differs or moved.
        var places = new Dictionary<FirewallRule, int>(old.Length - end - start, ReferenceEqualityComparer.Instance);
        for (int index = start; index < old.Length - end; index++)
        {
            places[old[index]] = index;
        }

        for (int index = start; index < rules.Length - end; index++)
        {
            result[index] = places.TryGetValue(rules[index], out int place) ? translated[place] : FirewallTranslation.ToRule(rules[index]);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(result);
    }

    private sealed record Translated(FirewallRule[] Rules, FirewallModel Model);
}
