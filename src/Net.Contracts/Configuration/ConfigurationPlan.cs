using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>The difference between two configurations, for people to read.</summary>
/// <param name="BaseGeneration">The generation the plan starts from.</param>
/// <param name="Changes">What changes, in the order of the sections.</param>
/// <param name="Warnings">What is allowed but may surprise.</param>
public sealed record ConfigurationPlan(long BaseGeneration, ConfigurationChange[] Changes, string[] Warnings);

/// <summary>One difference.</summary>
/// <param name="Section">The section of the document, such as <c>firewall</c>.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Item">What it happens to, such as <c>rule block-web</c>.</param>
/// <param name="Before">The old value, readable; null when added.</param>
/// <param name="After">The new value, readable; null when removed.</param>
public sealed record ConfigurationChange(string Section, ConfigurationChangeKind Kind, string Item, string? Before = null, string? After = null)
{
    /// <inheritdoc />
    public override string ToString() => Kind switch
    {
        ConfigurationChangeKind.Added => $"+ {Section}: {Item}: {After}",
        ConfigurationChangeKind.Removed => $"- {Section}: {Item}: {Before}",
        _ => $"~ {Section}: {Item}: {Before} -> {After}",
    };
}

/// <summary>What happens to an item of the configuration.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ConfigurationChangeKind>))]
public enum ConfigurationChangeKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It goes.</summary>
    Removed,

    /// <summary>It becomes something else.</summary>
    Changed,

    /// <summary>It changes its place in the order.</summary>
    Moved,
}
