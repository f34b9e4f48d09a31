using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Begins the counters of firewall rules anew. The configuration stays as it is.</summary>
[Cmdlet(VerbsCommon.Reset, "FirewallCounter", SupportsShouldProcess = true)]
[OutputType(typeof(FirewallRule))]
public sealed class ResetFirewallCounterCommand : NamedItemCmdlet<FirewallRule>
{
    private readonly List<Wanted> _wanted = [];

    /// <summary>Names of rules.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(FirewallRuleNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Write the rules with the counters as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override ItemKind<FirewallRule> Kind => ItemKinds.FirewallRuleToChange;

    /// <inheritdoc />
    protected override void ProcessRecord() => _wanted.AddRange(Name!.Select(name => new Wanted(name)));

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        string[] names = [.. Find(_wanted).Select(rule => rule.Name).Where(name => ShouldProcess(name, "Begin counter of firewall rule anew"))];
        if (names.Length > 0 && TryCall(EngineApi.FirewallResetCounters, new ResetFirewallCounters(names), names, out FirewallRule[] rules) && PassThru)
        {
            WriteObject(rules, enumerateCollection: true);
        }
    }
}
