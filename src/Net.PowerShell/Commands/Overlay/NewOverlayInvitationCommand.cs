using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Makes an invitation into an overlay. It holds a one-time secret: whoever has it may join.</summary>
[Cmdlet(VerbsCommon.New, "OverlayInvitation", SupportsShouldProcess = true)]
[OutputType(typeof(OverlayInvitation))]
public sealed class NewOverlayInvitationCommand : EngineCmdlet
{
    /// <summary>The overlay.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string? Overlay { get; set; }

    /// <summary>Where this node can be reached.</summary>
    [Parameter]
    [ListTransformation<string>]
    public string[]? Endpoint { get; set; }

    /// <summary>How long it holds.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? ValidFor { get; set; }

    /// <summary>Let somebody approve whoever comes with it.</summary>
    [Parameter]
    public SwitchParameter NeedsApproval { get; set; }

    /// <summary>Groups the member gets.</summary>
    [Parameter]
    [ListTransformation<string>]
    public string[]? Group { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Overlay, "Make invitation into overlay"))
        {
            return;
        }

        var request = new CreateOverlayInvitation(Overlay!, Endpoint, ValidFor, NeedsApproval, Group);
        if (TryCall(EngineApi.OverlayCreateInvitation, request, Overlay, out OverlayInvitation invitation))
        {
            WriteObject(invitation);
        }
    }
}
