using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>A line of the table of counters: a rule, or below it one of its outputs.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Output">The output; null for the rule itself.</param>
internal sealed record RelayRow(RelayStatistic Rule, RelayOutputStatistic? Output = null)
{
    /// <summary>Each rule, and behind it its outputs.</summary>
    public static RelayRow[] Of(IEnumerable<RelayStatistic> statistics) =>
        [.. statistics.SelectMany(rule => rule.Outputs.Select(output => new RelayRow(rule, output)).Prepend(new RelayRow(rule)))];
}
