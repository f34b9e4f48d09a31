using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Creates rules of the engine's firewall. All rules of one pipeline are created in one transaction.</summary>
[Cmdlet(VerbsCommon.New, "FirewallRule", SupportsShouldProcess = true)]
[OutputType(typeof(FirewallRule))]
public sealed class NewFirewallRuleCommand : FirewallRulePartsCmdlet
{
    private readonly List<FirewallRule> _rules = [];

    /// <summary>The name of the rule.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>What happens to a packet that matches.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public override RuleAction? Action { get; set; }

    /// <summary>Create the rule without letting it take part.</summary>
    [Parameter]
    public SwitchParameter Disabled { get; set; }

    /// <summary>Rules from the pipeline.</summary>
    [Parameter(ValueFromPipeline = true)]
    [WholeObject<FirewallRule>]
    public FirewallRule[]? InputObject { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        FirewallRulePatch parts = Parts(typedOnly: false) with
        {
            Name = Name,
            Enabled = MyInvocation.BoundParameters.ContainsKey(nameof(Disabled)) ? !Disabled : null,
            Position = null,
        };
        foreach (FirewallRule rule in InputObject is null ? [parts.ToRule()] : InputObject.Select(parts.ApplyTo))
        {
            if (Agree(rule.Name, $"Create firewall rule ({rule.Action} {rule.Direction} {rule.Protocol})"))
            {
                _rules.Add(rule);
            }
        }
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        if (_rules.Count == 0)
        {
            return;
        }

        Transact(
            async (engine, token) =>
            {
                var request = new CreateFirewallRules([.. _rules], Position, Change);
                FirewallRulesChanged changed = await engine.CallAsync(EngineApi.FirewallCreateRules, request, token);
                return (changed.Rules, changed.Outcome);
            },
            _rules.Count == 1 ? _rules[0].Name : _rules.Select(rule => rule.Name).ToArray(),
            passThru: true);
    }
}
