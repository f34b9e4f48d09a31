using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Streams packets that rules with logging matched, until it is stopped.</summary>
[Cmdlet(VerbsCommon.Watch, "FirewallLog")]
[OutputType(typeof(FirewallLogEntry))]
public sealed class WatchFirewallLogCommand : WatchCmdlet
{
    private readonly List<string> _names = [];

    /// <summary>Names of rules.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Rule")]
    [ArgumentCompleter(typeof(FirewallRuleNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc />
    protected override void ProcessRecord() => _names.AddRange(Name);

    /// <inheritdoc />
    protected override void EndProcessing() =>
        Watch(EngineApi.FirewallWatchLog, new WatchFirewallLog(_names.Contains("*") ? null : [.. _names.Distinct(StringComparer.OrdinalIgnoreCase)]), Name);
}
