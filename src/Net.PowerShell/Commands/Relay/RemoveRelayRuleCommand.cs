using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Removes rules of the multicast relay, all of one pipeline in one transaction. Their ids are not used again.</summary>
[Cmdlet(VerbsCommon.Remove, "RelayRule", SupportsShouldProcess = true, DefaultParameterSetName = "InputObject")]
[OutputType(typeof(RelayRule))]
public sealed class RemoveRelayRuleCommand : RelayRuleSelectionCmdlet
{
    private protected override string ActionText => "Remove relay rule";

    private protected override Task<(RelayRule[] Items, ChangeOutcome Outcome)> SendAsync(
        IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken) =>
        RelayRuleChanges.RemoveAsync(agreed, Change, engine, cancellationToken);
}
