namespace Net.Firewall;

/// <summary>What may stand for an interface in a rule.</summary>
public static class InterfaceNames
{
    /// <summary>The longest interface name the kernel takes, without its terminating zero.</summary>
    public const int MaxLength = 15;

    /// <summary>
    /// Whether a name, or the start of a name followed by *, can be matched. ASCII only and stricter than the kernel, which also takes
    /// quotes and escapes: such a name would have to be quoted in the datapath's own language.
    /// </summary>
    public static bool IsValid(string? name) => ProblemWith(name) is null;

    /// <summary>The name without *, and whether it had one.</summary>
    internal static (string Start, bool IsWildcard) Split(string name) =>
        name.EndsWith('*') ? (name[..^1], true) : (name, false);

    /// <summary>What is wrong with a name, or null.</summary>
    internal static string? ProblemWith(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return "is empty";
        }

        (string start, bool isWildcard) = Split(name);
        if (start.Length == 0)
        {
            return "stands for every interface";
        }

        // The * counts: fifteen letters are a whole name, after which nothing could follow, and nft refuses it.
        if (name.Length > MaxLength)
        {
            return "is longer than 15 characters";
        }

        if (start is "." or ".." && !isWildcard)
        {
            return "is not a name the kernel accepts";
        }

        foreach (char c in start)
        {
            if (c == '*')
            {
                return "has a * before its end";
            }

            if (c is <= ' ' or >= (char)127 or '/' or ':' or '"' or '\'' or '`' or '\\')
            {
                return "has a character that cannot be matched (allowed: ASCII without space, control characters, quotes, / : and \\)";
            }
        }

        return null;
    }

    /// <summary>Names without repetitions and without those that a wildcard of the list covers, sorted: nftables refuses overlaps in a set.</summary>
    internal static ReadOnlySpan<string> Normalize(ReadOnlySpan<string> names)
    {
        if (names.Length <= 1)
        {
            return names;
        }

        string[] sorted = names.ToArray();
        Array.Sort(sorted, StringComparer.Ordinal);
        List<string> kept = [];
        foreach (string name in sorted)
        {
            (string start, bool isWildcard) = Split(name);
            bool covered = false;
            foreach (string other in sorted)
            {
                (string otherStart, bool otherIsWildcard) = Split(other);
                covered |= otherIsWildcard && start.StartsWith(otherStart, StringComparison.Ordinal) && (!isWildcard || start.Length > otherStart.Length);
            }

            if (!covered && (kept.Count == 0 || kept[^1] != name))
            {
                kept.Add(name);
            }
        }

        return kept.ToArray();
    }
}
