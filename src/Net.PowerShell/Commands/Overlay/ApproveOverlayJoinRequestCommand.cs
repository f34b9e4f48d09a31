using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Gives a certificate to nodes that asked to join.</summary>
[Cmdlet(VerbsLifecycle.Approve, "OverlayJoinRequest", SupportsShouldProcess = true)]
[OutputType(typeof(OverlayJoinRequest))]
public sealed class ApproveOverlayJoinRequestCommand : OverlayJoinDecisionCmdlet
{
    private protected override bool Approves => true;
}
