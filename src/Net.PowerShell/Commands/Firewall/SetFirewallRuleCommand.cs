using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Changes rules of the engine's firewall. What is not given stays as it is in the engine, whatever a piped rule says.</summary>
[Cmdlet(VerbsCommon.Set, "FirewallRule", SupportsShouldProcess = true, DefaultParameterSetName = ByName)]
[OutputType(typeof(FirewallRule))]
public sealed class SetFirewallRuleCommand : FirewallRulePartsCmdlet
{
    private readonly List<Wanted> _wanted = [];
    private readonly List<FirewallRulePatch> _parts = [];

    /// <summary>Names of rules.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(FirewallRuleNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>A new name for the rule.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>What happens to a packet that matches.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    public RuleAction? Action { get; set; }

    /// <summary>Write the changed rules.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        FirewallRulePatch parts = Parts with { Name = NewName, Action = Action };
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
