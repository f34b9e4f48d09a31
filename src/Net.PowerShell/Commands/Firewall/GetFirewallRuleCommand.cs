using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets rules of the engine's firewall in their order, with their counters.</summary>
[Cmdlet(VerbsCommon.Get, "FirewallRule")]
[OutputType(typeof(FirewallRule))]
public sealed class GetFirewallRuleCommand : NamedItemCmdlet<FirewallRule>
{
    /// <summary>Names of rules.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FirewallRuleNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only rules of these directions.</summary>
    [Parameter]
    public RuleDirection[]? Direction { get; set; }

    /// <summary>Only rules with these actions.</summary>
    [Parameter]
    public RuleAction[]? Action { get; set; }

    /// <summary>Only rules of these groups.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FirewallGroupCompleter))]
    [SupportsWildcards]
    public string[]? Group { get; set; }

    /// <summary>Also the rules the engine adds for profile, zones and port forwards.</summary>
    [Parameter]
    public SwitchParameter Generated { get; set; }

    private protected override ItemKind<FirewallRule> Kind => ItemKinds.Rules(counters: true, Generated, Group);

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteNamed(
        Name,
        rule => (Direction is null || Direction.Contains(rule.Direction)) && (Action is null || Action.Contains(rule.Action)));
}
