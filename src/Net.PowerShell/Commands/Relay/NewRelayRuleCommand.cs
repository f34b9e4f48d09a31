using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Creates rules of the multicast relay. All rules of one pipeline are created in one transaction.</summary>
[Cmdlet(VerbsCommon.New, "RelayRule", SupportsShouldProcess = true)]
[OutputType(typeof(RelayRule))]
public sealed class NewRelayRuleCommand : RelayRulePartsCmdlet
{
    private readonly List<RelayRule> _rules = [];

    /// <summary>The name of the rule.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The interface packets come in by.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public override string? InterfaceAlias { get; set; }

    /// <summary>The destination of packets to relay.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(MulticastGroupCompleter))]
    public override AddressRange? Group { get; set; }

    /// <summary>Where packets leave.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Outputs")]
    [RelayOutputTransformation]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    public override RelayOutput[]? Output { get; set; }

    /// <summary>Create the rule without letting it take part.</summary>
    [Parameter]
    public SwitchParameter Disabled { get; set; }

    /// <summary>Rules from the pipeline.</summary>
    [Parameter(ValueFromPipeline = true)]
    [WholeObject<RelayRule>]
    public RelayRule[]? InputObject { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        RelayRulePatch parts = Parts(typedOnly: false) with
        {
            Name = Name,
            Enabled = MyInvocation.BoundParameters.ContainsKey(nameof(Disabled)) ? !Disabled : null,
        };
        foreach (RelayRule rule in InputObject is null ? [parts.ToRule()] : InputObject.Select(parts.ApplyTo))
        {
            if (Agree(rule.Name, $"Create relay rule ({rule.Group} at {rule.InterfaceAlias} to {rule.Outputs.Length} outputs)"))
            {
                _rules.Add(rule with { Id = 0 });
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
                RelayRulesChanged changed = await engine.CallAsync(EngineApi.RelayCreateRules, new CreateRelayRules([.. _rules], Change), token);
                return (changed.Rules, changed.Outcome);
            },
            _rules.Count == 1 ? _rules[0].Name : _rules.Select(rule => rule.Name).ToArray(),
            passThru: true);
    }
}
