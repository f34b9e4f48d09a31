using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Refuses nodes that asked to join.</summary>
[Cmdlet(VerbsLifecycle.Deny, "OverlayJoinRequest", SupportsShouldProcess = true)]
[OutputType(typeof(OverlayJoinRequest))]
public sealed class DenyOverlayJoinRequestCommand : OverlayJoinDecisionCmdlet
{
    private protected override bool Approves => false;
}
