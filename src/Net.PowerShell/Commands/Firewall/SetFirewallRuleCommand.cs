using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Changes rules of the engine's firewall. What is not given stays as it is in the engine, whatever a piped rule says.</summary>
[Cmdlet(VerbsCommon.Set, "FirewallRule", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(FirewallRule))]
public sealed class SetFirewallRuleCommand : FirewallRulePartsCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    private readonly Patches<FirewallRule, FirewallRulePatch> _patches = new(ItemKinds.FirewallRuleToChange, (parts, item) => parts.ApplyTo(item));

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
    protected override void ProcessRecord() => _patches.Add(Parts(typedOnly: InputObject is not null) with { Name = NewName }, Name, InputObject);

    /// <inheritdoc />
    protected override void EndProcessing() => ChangeSelected(
        ItemKinds.FirewallRuleToChange,
        _patches.Wanted,
        "Change firewall rule",
        (agreed, engine, token) => FirewallRuleChanges.SetAsync(agreed, _patches.Apply, Change, engine, token),
        PassThru);
}
