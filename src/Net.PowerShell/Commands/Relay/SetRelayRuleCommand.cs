using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Changes rules of the multicast relay. What is not given stays as it is in the engine, whatever a piped rule says; id and counters stay.</summary>
[Cmdlet(VerbsCommon.Set, "RelayRule", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(RelayRule))]
public sealed class SetRelayRuleCommand : RelayRulePartsCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    private readonly Patches<RelayRule, RelayRulePatch> _patches = new(RelayKinds.RuleToChange, (parts, item) => parts.ApplyTo(item));

    /// <summary>Names of rules.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(RelayRuleNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Rules from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [WholeObject<RelayRule>]
    public RelayRule[]? InputObject { get; set; }

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
        RelayKinds.RuleToChange,
        _patches.Wanted,
        "Change relay rule",
        (agreed, engine, token) => RelayRuleChanges.SetAsync(agreed, _patches.Apply, Change, engine, token),
        PassThru);
}
