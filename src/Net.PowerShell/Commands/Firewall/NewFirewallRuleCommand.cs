using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Commands;

/// <summary>Creates rules of the engine's firewall. All rules of one pipeline are created in one transaction.</summary>
[Cmdlet(VerbsCommon.New, "FirewallRule", SupportsShouldProcess = true)]
[OutputType(typeof(FirewallRule))]
public sealed class NewFirewallRuleCommand : FirewallRulePartsCmdlet
{
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
    protected override void ProcessRecord() => Create(Name, InputObject);

    /// <inheritdoc />
    protected override void EndProcessing() => CommitCreated();

    private protected override async Task<(FirewallRule[] Items, ChangeOutcome Outcome)> CreateAsync(
        FirewallRule[] items, IEngineCaller engine, CancellationToken cancellationToken)
    {
        foreach (FirewallRule rule in items)
        {
            rule.Position = null; // The place is that of the first of them, and part of the request.
        }

        var request = new CreateFirewallRules(items, Position, Change, Before, After);
        FirewallRulesChanged changed = await engine.CallAsync(EngineApi.FirewallCreateRules, request, cancellationToken);
        return (changed.Rules, changed.Outcome);
    }
}
