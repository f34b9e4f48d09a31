using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Begins the counters of rules of the multicast relay anew. The configuration stays as it is.</summary>
[Cmdlet(VerbsCommon.Reset, "RelayStatistic", SupportsShouldProcess = true)]
[OutputType(typeof(RelayStatistic))]
public sealed class ResetRelayStatisticCommand : NamedItemCmdlet<RelayStatistic>
{
    private readonly List<Wanted> _wanted = [];

    /// <summary>Names of rules.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RelayRuleNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Write the counters as they begin.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override ItemKind<RelayStatistic> Kind => RelayKinds.Statistic;

    /// <inheritdoc />
    protected override void ProcessRecord() => _wanted.AddRange(Name!.Select(name => new Wanted(name)));

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        string[] names = [.. Find(_wanted).Select(statistic => statistic.Name).Where(name => ShouldProcess(name, "Begin counters of relay rule anew"))];
        if (names.Length > 0 && TryCall(EngineApi.RelayResetStatistics, new ResetRelayStatistics(names), names, out RelayStatistic[] statistics) && PassThru)
        {
            WriteObject(statistics, enumerateCollection: true);
        }
    }
}
