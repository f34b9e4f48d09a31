using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets rules of the multicast relay with what they do now, by which engine, and their counters.</summary>
[Cmdlet(VerbsCommon.Get, "RelayRule")]
[OutputType(typeof(RelayRule))]
public sealed class GetRelayRuleCommand : NamedItemCmdlet<RelayRule>
{
    /// <summary>Names of rules.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RelayRuleNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only rules in these states.</summary>
    [Parameter]
    public RelayRuleState[]? State { get; set; }

    /// <summary>Only rules whose packets these engines move.</summary>
    [Parameter]
    public RelayEngine[]? Engine { get; set; }

    private protected override ItemKind<RelayRule> Kind => RelayKinds.Rule;

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteNamed(
        Name,
        rule => (State is null || (rule.State is { } state && State.Contains(state))) && (Engine is null || (rule.EngineInUse is { } engine && Engine.Contains(engine))));
}
