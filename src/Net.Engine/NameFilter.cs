using System.IO.Enumeration;

namespace Net.Engine;

/// <summary>Names as users type them: <c>*</c> and <c>?</c>, any case.</summary>
internal static class NameFilter
{
    /// <summary>Whether a name matches one of the patterns; no patterns match everything.</summary>
    public static bool Matches(string[]? patterns, string name)
    {
        if (patterns is null or [])
        {
            return true;
        }

        foreach (string pattern in patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a text is a plain name, without a wildcard.</summary>
    public static bool IsLiteral(string pattern) => !pattern.AsSpan().ContainsAny('*', '?');
}
