namespace Net.Firewall;

/// <summary>What may stand for a control group (v2) in a rule: names of folders below the root of the hierarchy, separated by single slashes.</summary>
public static class CgroupPaths
{
    /// <summary>The longest path. The kernel compares ancestors by depth, not by text; this keeps lines readable and within nft's own limit.</summary>
    public const int MaxLength = 255;

    /// <summary>The deepest group a rule can name. nft takes the depth as one byte.</summary>
    public const int MaxDepth = 32;

    /// <summary>Whether a path can be matched.</summary>
    /// <param name="path">The path, such as "system.slice/nginx.service".</param>
    public static bool IsValid(string? path) => ProblemWith(path) is null;

    /// <summary>How many folders a path has: the depth of the group below the root.</summary>
    /// <param name="path">A valid path.</param>
    internal static int DepthOf(string path) => path.AsSpan().Count('/') + 1;

    /// <summary>What is wrong with a path, or null. Only characters that need no quoting anywhere are taken; systemd writes all others as \xNN.</summary>
    internal static string? ProblemWith(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return "is empty";
        }

        if (path.Length > MaxLength)
        {
            return "is longer than 255 characters";
        }

        foreach (char c in path)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '@' or ':' or '/' or '\\' or '-'))
            {
                return "has a character that cannot be matched (allowed: letters, digits and _ . @ : / \\ -)";
            }
        }

        // A backslash at the end would be read together with the closing quote.
        if (path.EndsWith('\\'))
        {
            return "ends with a backslash";
        }

        foreach (Range part in path.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> name = path.AsSpan(part);
            if (name.IsEmpty || name is "." or "..")
            {
                return "is not a path below the root without a slash at either end";
            }
        }

        return DepthOf(path) > MaxDepth ? "is deeper than 32 groups" : null;
    }
}
