using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets nodes that asked to join.</summary>
[Cmdlet(VerbsCommon.Get, "OverlayJoinRequest")]
[OutputType(typeof(OverlayJoinRequest))]
public sealed class GetOverlayJoinRequestCommand : EngineCmdlet
{
    /// <summary>The overlay.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [SupportsWildcards]
    [NameText]
    public string[] Overlay { get; set; } = ["*"];

    /// <summary>Only requests in these states.</summary>
    [Parameter]
    public JoinState[]? State { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (string overlay in Overlay)
        {
            if (TryCall(EngineApi.OverlayListJoinRequests, new ListOverlayJoinRequests(OverlayKinds.Everywhere(overlay)), overlay, out OverlayJoinRequest[] requests))
            {
                WriteObject(requests.Where(request => State is null || State.Contains(request.State)), enumerateCollection: true);
            }
        }
    }
}
