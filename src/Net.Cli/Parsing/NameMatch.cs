using System.IO.Enumeration;

namespace Net.Cli.Parsing;

/// <summary>Names with <c>*</c> and <c>?</c>, without regard to case.</summary>
internal static class NameMatch
{
    /// <summary>Whether the text can match several names.</summary>
    public static bool IsPattern(string text) => text.AsSpan().ContainsAny('*', '?');

    /// <summary>Whether the pattern matches the name.</summary>
    public static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true);
}
