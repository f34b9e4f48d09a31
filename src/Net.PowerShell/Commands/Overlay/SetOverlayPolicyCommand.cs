using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Connection;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Changes rules of overlays' policies, if the policy tests hold then. What is not given stays as it is in the engine. All rules of one overlay are changed in one transaction.</summary>
[Cmdlet(VerbsCommon.Set, "OverlayPolicy", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
[OutputType(typeof(OverlayPolicyRule))]
public sealed class SetOverlayPolicyCommand : OverlayPolicyPartsCmdlet
{
    private const string ByName = "Name";
    private const string ByObject = "InputObject";

    private readonly List<(string Overlay, Wanted Rule)> _wanted = [];
    private readonly List<OverlayPolicyPatch> _parts = [];

    /// <summary>The overlay.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Overlay { get; set; }

    /// <summary>Names of rules.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(OverlayPolicyNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Rules from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [WholeObject<OverlayPolicyRule>]
    public OverlayPolicyRule[]? InputObject { get; set; }

    /// <summary>Let the rule count.</summary>
    [Parameter]
    public SwitchParameter Enabled { get; set; }

    /// <summary>Write the changed rules.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        OverlayPolicyPatch parts = Parts(typedOnly: InputObject is not null) with
        {
            Enabled = MyInvocation.BoundParameters.ContainsKey(nameof(Enabled)) ? Enabled.IsPresent : null,
        };
        if (_parts.Count == 0 || _parts[^1] != parts)
        {
            _parts.Add(parts);
        }

        int part = _parts.Count - 1;
        _wanted.AddRange(InputObject is null
            ? Name!.Select(name => (Overlay!, new Wanted(name, Part: part)))
            : InputObject.Select(rule => (rule.Overlay ?? string.Empty, new Wanted(rule.Name, IsExact: true, Part: part))));
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        foreach (IGrouping<string, Wanted> of in _wanted.GroupBy(one => one.Overlay, one => one.Rule, StringComparer.OrdinalIgnoreCase))
        {
            ChangeSelected(
                OverlayKinds.RulesOf(of.Key),
                [.. of],
                $"Change policy rule of overlay {of.Key}",
                (agreed, engine, token) => SendAsync(of.Key, agreed, engine, token),
                PassThru);
        }
    }

    private async Task<(OverlayPolicyRule[] Items, ChangeOutcome Outcome)> SendAsync(
        string overlay, IReadOnlyList<Wanted> agreed, IEngineCaller engine, CancellationToken cancellationToken)
    {
        OverlayPolicyChanged changed = await Edit.CommitAsync(
            OverlayKinds.RulesOf(overlay),
            agreed,
            (rule, part) => _parts[part].ApplyTo(rule),
            Change,
            (rules, guarded, token) => engine.CallAsync(EngineApi.OverlaySetPolicy, new SetOverlayPolicy(rules, guarded), token),
            engine,
            cancellationToken);
        return (changed.Rules, changed.Outcome);
    }
}
