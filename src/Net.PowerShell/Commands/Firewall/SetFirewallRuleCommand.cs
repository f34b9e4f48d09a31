using System.Management.Automation;
using Net.Client;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Changes rules of the engine's firewall. What is not given stays as it is in the engine, whatever a piped rule says.</summary>
[Cmdlet(VerbsCommon.Set, "FirewallRule", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(FirewallRule))]
public sealed class SetFirewallRuleCommand : FirewallRulePartsCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    /// <summary>Names of rules.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(FirewallRuleNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Rules from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [WholeObject<FirewallRule>]
    public FirewallRule[]? InputObject { get; set; }

    /// <summary>A new name for the rule.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>Write the changed rules.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => Alter(Name, InputObject, NewName);

    /// <inheritdoc />
    protected override void EndProcessing() => CommitAltered(PassThru);

    private protected override Task<(FirewallRule[] Items, ChangeOutcome Outcome)> AlterAsync(
        IReadOnlyList<Wanted> agreed, Func<FirewallRule, int, FirewallRule> change, IEngineCaller engine, CancellationToken cancellationToken)
    {
        string? anchor = Before ?? After;
        ItemFamily<FirewallRule> family = anchor is null ? Things : Things with
        {
            SetAsync = async (caller, rules, guarded, token) =>
            {
                FirewallRule[] all = await Things.KindToChange.ListAsync(caller, null, token);
                return await Things.SetAsync(caller, RulePlacement.Place(rules, all, anchor, behind: After is not null), guarded, token);
            },
        };
        return family.EditAsync(agreed, change, Change, engine, cancellationToken);
    }
}
