using System.IO.Enumeration;

namespace Net.Client;

/// <summary>A name as users type it: <c>*</c> stands for any characters, <c>?</c> for one, in any case.</summary>
/// <param name="pattern">The text.</param>
public sealed class NamePattern(string pattern)
{
    /// <summary>Whether it is a plain name, without a wildcard.</summary>
    public bool IsLiteral { get; } = !pattern.AsSpan().ContainsAny('*', '?');

    /// <summary>Whether a name matches.</summary>
    public bool Matches(string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true);

    /// <inheritdoc />
    public override string ToString() => pattern;
}
