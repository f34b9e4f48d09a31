using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that do one thing to firewall rules which exist.</summary>
public abstract class FirewallRuleSelectionCmdlet : SelectionCmdlet<FirewallRule>
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
    [ValidateNotNull]
    [WholeObject<FirewallRule>]
    public FirewallRule[]? InputObject { get; set; }

    private protected override ItemKind<FirewallRule> Kind => ItemKinds.FirewallRuleToChange;

    /// <inheritdoc />
    protected override void ProcessRecord() => Want(Name, InputObject);
}
