namespace Net.Firewall;

/// <summary>Compares lists of rules by what they are in the datapath.</summary>
internal static class RuleLists
{
    /// <summary>Whether both lists come to the same chain. Disabled rules are not in the datapath, so they may come and go.</summary>
    /// <param name="left">One list.</param>
    /// <param name="right">The other.</param>
    public static bool EmitAlike(ReadOnlySpan<Rule> left, ReadOnlySpan<Rule> right)
    {
        while (true)
        {
            left = SkipDisabled(left);
            right = SkipDisabled(right);
            if (left.IsEmpty || right.IsEmpty)
            {
                return left.IsEmpty && right.IsEmpty;
            }

            if (!left[0].EmitsLike(right[0]))
            {
                return false;
            }

            left = left[1..];
            right = right[1..];
        }
    }

    private static ReadOnlySpan<Rule> SkipDisabled(ReadOnlySpan<Rule> rules)
    {
        while (!rules.IsEmpty && !rules[0].Enabled)
        {
            rules = rules[1..];
        }

        return rules;
    }
}
