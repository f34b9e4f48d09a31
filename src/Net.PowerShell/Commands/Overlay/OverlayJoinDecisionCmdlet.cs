using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>The base of the cmdlets that decide about nodes which asked to join.</summary>
public abstract class OverlayJoinDecisionCmdlet : EngineCmdlet
{
    /// <summary>Ids of requests.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayJoinRequestCompleter))]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Id { get; set; }

    /// <summary>Write the requests.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Whether the node gets a certificate.</summary>
    private protected abstract bool Approves { get; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (string id in Id!)
        {
            if (ShouldProcess(id, Approves ? "Approve request to join" : "Deny request to join")
                && TryCall(EngineApi.OverlayDecideJoinRequest, new DecideOverlayJoinRequest(id, Approves), id, out OverlayJoinRequest request)
                && PassThru)
            {
                WriteObject(request);
            }
        }
    }
}
