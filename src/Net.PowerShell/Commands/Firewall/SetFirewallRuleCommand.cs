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

    private readonly List<Wanted> _wanted = [];
    private readonly List<FirewallRulePatch> _parts = [];

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
    protected override void ProcessRecord()
    {
        FirewallRulePatch parts = Parts(typedOnly: InputObject is not null) with { Name = NewName };
        if (_parts.Count == 0 || _parts[^1] != parts)
        {
            _parts.Add(parts); // One for the whole pipeline, unless parts come in by property name.
        }

        int part = _parts.Count - 1;
        _wanted.AddRange(InputObject is null
            ? Name!.Select(name => new Wanted(name, Part: part))
            : InputObject.Select(rule => ItemKinds.FirewallRuleToChange.Exactly(rule, part)));
    }

    /// <inheritdoc />
    protected override void EndProcessing() => ChangeSelected(
        ItemKinds.FirewallRuleToChange,
        _wanted,
        "Change firewall rule",
        (agreed, engine, token) => FirewallRuleChanges.SetAsync(agreed, (rule, part) => _parts[part].ApplyTo(rule), Change, engine, token),
        PassThru);
}
