using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets the rules of overlays' policies in their order, with how often each decided.</summary>
[Cmdlet(VerbsCommon.Get, "OverlayPolicy", DefaultParameterSetName = ByName)]
[OutputType(typeof(OverlayPolicyRule))]
public sealed class GetOverlayPolicyCommand : NamedItemCmdlet<OverlayPolicyRule>
{
    private const string ByName = "Name";
    private const string ByOverlay = "InputObject";

    private string _overlay = "*";

    /// <summary>The overlay.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [SupportsWildcards]
    public string Overlay { get; set; } = "*";

    /// <summary>Overlays from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByOverlay)]
    [WholeObject<Overlay>]
    public Overlay[]? InputObject { get; set; }

    /// <summary>Names of rules.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [Parameter(Position = 1, ParameterSetName = ByOverlay)]
    [ArgumentCompleter(typeof(OverlayPolicyNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only rules with these actions.</summary>
    [Parameter]
    public OverlayAction[]? Action { get; set; }

    private protected override ItemKind<OverlayPolicyRule> Kind => OverlayKinds.Rules(_overlay);

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (string overlay in InputObject is null ? [Overlay] : InputObject.Select(one => one.Name))
        {
            _overlay = overlay;
            WriteNamed(Name, rule => Action is null || Action.Contains(rule.Action));
        }
    }
}
