using Net.Contracts;

namespace Net.Engine.Reconciling;

/// <summary>Collects the lines of a plan.</summary>
internal sealed class PlanBuilder
{
    private readonly List<ConfigurationChange> _changes = [];
    private readonly List<string> _warnings = [];

    /// <summary>Something is new.</summary>
    public void Added(string section, string item, string after) =>
        _changes.Add(new ConfigurationChange(section, ConfigurationChangeKind.Added, item, null, after));

    /// <summary>Something goes.</summary>
    public void Removed(string section, string item, string before) =>
        _changes.Add(new ConfigurationChange(section, ConfigurationChangeKind.Removed, item, before, null));

    /// <summary>Something becomes something else.</summary>
    public void Changed(string section, string item, string? before, string? after) =>
        _changes.Add(new ConfigurationChange(section, ConfigurationChangeKind.Changed, item, before ?? "none", after ?? "none"));

    /// <summary>Something changes its place.</summary>
    public void Moved(string section, string item, string before, string after) =>
        _changes.Add(new ConfigurationChange(section, ConfigurationChangeKind.Moved, item, before, after));

    /// <summary>A value, if it differs.</summary>
    public void Value<T>(string section, string item, T before, T after)
    {
        if (!EqualityComparer<T>.Default.Equals(before, after))
        {
            Changed(section, item, before?.ToString(), after?.ToString());
        }
    }

    /// <summary>A list of texts, if it differs.</summary>
    public void List(string section, string item, string[] before, string[] after)
    {
        if (!before.AsSpan().SequenceEqual(after))
        {
            Changed(section, item, Text(before), Text(after));
        }
    }

    /// <summary>Something allowed that may surprise.</summary>
    public void Warn(string text) => _warnings.Add(text);

    /// <summary>The plan.</summary>
    public ConfigurationPlan Build(long baseGeneration) => new(baseGeneration, [.. _changes], [.. _warnings]);

    private static string Text(string[] values) => values.Length == 0 ? "none" : string.Join(", ", values);
}
