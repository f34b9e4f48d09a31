using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Finds for each rule of a changed list the part it goes to.</summary>
internal static class LayoutPlacement
{
    /// <summary>
    /// The index of the previous part each rule goes to, never falling along the list. Rules that kept their order keep their
    /// part: the longest run of unmoved rules is found, and moved and new ones join the rule before them.
    /// </summary>
    /// <param name="rules">The rules as they are now.</param>
    /// <param name="previous">The parts before.</param>
    public static int[] Find(IReadOnlyList<Rule> rules, ImmutableArray<LayoutPart> previous)
    {
        int[] place = new int[rules.Count];
        if (previous.Length <= 1 || IsInPlace(rules, previous, place))
        {
            return place;
        }

        Dictionary<long, int> before = [];
        for (int index = 0; index < previous.Length; index++)
        {
            foreach (Rule rule in previous[index].Rules)
            {
                before[rule.Id] = index;
            }
        }

        // Longest non-decreasing subsequence by patience sorting: tails[n] ends the best run of length n + 1.
        int[] tails = new int[rules.Count];
        int[] link = new int[rules.Count];
        int length = 0;
        for (int i = 0; i < rules.Count; i++)
        {
            place[i] = before.TryGetValue(rules[i].Id, out int part) ? part : -1;
            if (place[i] < 0)
            {
                continue;
            }

            int low = 0;
            int high = length;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (place[tails[middle]] <= place[i])
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            link[i] = low == 0 ? -1 : tails[low - 1];
            tails[low] = i;
            length = Math.Max(length, low + 1);
        }

        bool[] stays = new bool[rules.Count];
        for (int i = length == 0 ? -1 : tails[length - 1]; i >= 0; i = link[i])
        {
            stays[i] = true;
        }

        int current = length == 0 ? 0 : place[Array.IndexOf(stays, true)];
        for (int i = 0; i < place.Length; i++)
        {
            current = stays[i] ? place[i] : current;
            place[i] = current;
        }

        return place;
    }

    // Most changes move nothing.
    private static bool IsInPlace(IReadOnlyList<Rule> rules, ImmutableArray<LayoutPart> previous, int[] place)
    {
        int next = 0;
        for (int part = 0; part < previous.Length; part++)
        {
            foreach (Rule rule in previous[part].Rules)
            {
                if (next == place.Length || rules[next].Id != rule.Id)
                {
                    return false;
                }

                place[next++] = part;
            }
        }

        return next == place.Length;
    }
}
