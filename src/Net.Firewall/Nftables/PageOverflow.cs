namespace Net.Firewall;

/// <summary>
/// Rules of a hash map whose values are not in it yet. nft reads every chain and counter before it adds an element (90 ms with 10,000 rules), but writes a chain in 10 ms; so a small
/// change puts rules for new values into a chain of their own behind the look-up, which packets of values in the map do not match, and leaves elements without rules where they are.
/// The next large change, or the one for which that chain grew too long, puts all of them into the map.
/// </summary>
internal static class PageOverflow
{
    /// <summary>Rules beyond which they go into the map. Every packet that no rule of the block decides is asked them.</summary>
    public const int MaxLength = 16;

    /// <summary>Rules that came or went up to which a change is small; one that asks for something else did both.</summary>
    public const int MaxChanged = 8;

    /// <summary>Finds the rules with values that no page of a hash map has an element for.</summary>
    /// <param name="map">The map.</param>
    /// <param name="kind">Its kind of values.</param>
    /// <param name="values">What each rule asks for; null for one that is not in force.</param>
    /// <returns>Indexes of the rules in order; null where there are too many.</returns>
    public static List<int>? Find(PageMap map, int kind, NumberInterval[][]?[] values)
    {
        List<int> rules = [];
        for (int rule = 0; rule < values.Length; rule++)
        {
            foreach (NumberInterval value in values[rule]?[kind] ?? [])
            {
                if (!HasElement(map, value))
                {
                    rules.Add(rule);
                    break;
                }
            }

            if (rules.Count > MaxLength)
            {
                return null;
            }
        }

        return rules;
    }

    /// <summary>Those rules of a page that have a value with an element.</summary>
    /// <param name="map">The map.</param>
    /// <param name="page">Which page.</param>
    /// <param name="kind">Its kind of values.</param>
    /// <param name="values">What each rule asks for.</param>
    /// <param name="rules">Indexes of rules that ask for a value in the page's range.</param>
    public static List<int> Led(PageMap map, int page, int kind, NumberInterval[][]?[] values, List<int> rules)
    {
        List<int> led = new(rules.Count);
        foreach (int rule in rules)
        {
            foreach (NumberInterval value in values[rule]![kind])
            {
                if (Array.BinarySearch(map.Pages[page].Singles!, value.First) >= 0)
                {
                    led.Add(rule);
                    break;
                }
            }
        }

        return led;
    }

    private static bool HasElement(PageMap map, NumberInterval value) => Array.BinarySearch(map.Pages[map.IndexOf(value.First)].Singles!, value.First) >= 0;
}
