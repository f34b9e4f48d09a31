using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets what went through rules of the multicast relay and each of their outputs: packets, bytes, rates, and drops by reason.</summary>
[Cmdlet(VerbsCommon.Get, "RelayStatistic")]
[OutputType(typeof(RelayStatistic))]
public sealed class GetRelayStatisticCommand : NamedItemCmdlet<RelayStatistic>
{
    /// <summary>Names of rules.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RelayRuleNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    private protected override ItemKind<RelayStatistic> Kind => RelayKinds.Statistic;

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteNamed(Name);
}
