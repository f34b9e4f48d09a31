using System.Buffers;

namespace Net.PowerShell.Completion;

/// <summary>Which candidates fit what was typed, and how they are written.</summary>
internal static class CompletionText
{
    // Characters that end or change a bare word in PowerShell.
    private static readonly SearchValues<char> Special =
        SearchValues.Create(" \t'\"`$()[]{};,|&<>@#\u2018\u2019\u201a\u201b\u201c\u201d\u201e");

    /// <summary>The candidates that begin with what was typed, without regard to case, sorted, each once.</summary>
    public static IEnumerable<Candidate> Matching(string? typed, IEnumerable<Candidate> candidates)
    {
        string start = (typed ?? string.Empty).Trim('\'', '"');
        return candidates
            .Where(candidate => candidate.Text.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .DistinctBy(candidate => candidate.Text, StringComparer.OrdinalIgnoreCase)
            .OrderBy(candidate => candidate.Text, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The value as it is typed: in quotes where a bare word would not do.</summary>
    public static string Quote(string value) => value.Length == 0 || value.AsSpan().ContainsAny(Special)
        ? $"'{value.Replace("'", "''", StringComparison.Ordinal)}'"
        : value;
}
