using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Adds rules to overlays' policies, if the policy tests hold with them. All rules of one pipeline are added in one transaction.</summary>
[Cmdlet(VerbsCommon.New, "OverlayPolicy", SupportsShouldProcess = true)]
[OutputType(typeof(OverlayPolicyRule))]
public sealed class NewOverlayPolicyCommand : OverlayPolicyPartsCmdlet
{
    private readonly List<OverlayPolicyRule> _rules = [];

    /// <summary>The overlay.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Overlay { get; set; }

    /// <summary>The name of the rule.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Add the rule without letting it count.</summary>
    [Parameter]
    public SwitchParameter Disabled { get; set; }

    /// <summary>Rules from the pipeline.</summary>
    [Parameter(ValueFromPipeline = true)]
    [WholeObject<OverlayPolicyRule>]
    public OverlayPolicyRule[]? InputObject { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        OverlayPolicyPatch parts = Parts(typedOnly: false) with
        {
            Overlay = Overlay,
            Name = Name,
            Enabled = MyInvocation.BoundParameters.ContainsKey(nameof(Disabled)) ? !Disabled : null,
        };
        foreach (OverlayPolicyRule rule in InputObject is null ? [parts.ToRule()] : InputObject.Select(parts.ApplyTo))
        {
            if (Agree(rule.Name, $"Add policy rule of overlay {rule.Overlay} ({rule.Action} {string.Join(',', rule.From)} to {string.Join(',', rule.To)})"))
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
                OverlayPolicyChanged changed = await engine.CallAsync(EngineApi.OverlayCreatePolicy, new CreateOverlayPolicy([.. _rules], Change), token);
                return (changed.Rules, changed.Outcome);
            },
            _rules.Count == 1 ? _rules[0].Name : _rules.Select(rule => rule.Name).ToArray(),
            passThru: true);
    }
}
