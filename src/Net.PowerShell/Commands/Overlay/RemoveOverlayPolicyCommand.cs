using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Removes rules from overlays' policies, if the policy tests hold without them. All rules of one overlay are removed in one transaction.</summary>
[Cmdlet(VerbsCommon.Remove, "OverlayPolicy", SupportsShouldProcess = true)]
[OutputType(typeof(OverlayPolicyRule))]
public sealed class RemoveOverlayPolicyCommand : ChangeCmdlet
{
    private readonly List<(string Overlay, Wanted Item)> _wanted = [];

    /// <summary>The overlay.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Overlay { get; set; }

    /// <summary>Names of rules.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayPolicyNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Write the rules as they were.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => _wanted.AddRange(Name!.Select(name => (Overlay!, new Wanted(name))));

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        foreach (IGrouping<string, Wanted> of in _wanted.GroupBy(one => one.Overlay, one => one.Item, StringComparer.OrdinalIgnoreCase))
        {
            ChangeSelected(
                OverlayKinds.RulesOf(of.Key),
                [.. of],
                $"Remove policy rule of overlay {of.Key}",
                async (agreed, engine, token) =>
                {
                    var request = new RemoveOverlayPolicy(of.Key, [.. agreed.Select(one => one.Name)], Change);
                    OverlayPolicyChanged changed = await engine.CallAsync(EngineApi.OverlayRemovePolicy, request, token);
                    return (changed.Rules, changed.Outcome);
                },
                PassThru);
        }
    }
}
