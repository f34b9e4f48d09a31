using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Streams what goes through rules of the multicast relay: every rule at once, then those that changed, until it is stopped.</summary>
[Cmdlet(VerbsCommon.Watch, "RelayStatistic")]
[OutputType(typeof(RelayStatistic))]
public sealed class WatchRelayStatisticCommand : WatchCmdlet
{
    private readonly List<string> _names = [];

    /// <summary>Names of rules.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RelayRuleNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>How often.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Interval { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => _names.AddRange(Name);

    /// <inheritdoc />
    protected override void EndProcessing() =>
        Watch(EngineApi.RelayWatchStatistics, new WatchRelayStatistics([.. _names.Distinct(StringComparer.OrdinalIgnoreCase)], Interval), Name);
}
