#Requires -Version 7.6 -Modules Net.Module
# Sends all other traffic of this host through a peer, and takes that back by itself unless the way out works. Role: operator.
# Shows the plan only; -Apply does it. On the exit node itself: Add-OverlayRoute OVERLAY 0.0.0.0/0 -Masquerade, and a rule that allows it.
[CmdletBinding()]
param(
    [string]$Overlay = 'example-home',

    [Parameter(Mandatory)]
    [string]$ExitNode,

    # Something outside that answers, to see whether the way out works.
    [string]$Probe = '1.1.1.1',
    [switch]$Apply
)

$ErrorActionPreference = 'Stop'

Set-OverlayPeer -Overlay $Overlay -Name $ExitNode -IsExitNode -WhatIf
if (-not $Apply) {
    # What follows can be planned only once the peer may be an exit node.
    if ((Get-OverlayPeer -Overlay $Overlay -Name $ExitNode).IsExitNode) {
        Set-Overlay -Name $Overlay -ExitNode $ExitNode -KillSwitch -WhatIf
    }

    return
}

if (-not (Test-OverlayPeer -Overlay $Overlay -Name $ExitNode -Quiet)) {
    throw "there is no session with $($ExitNode): $((Get-OverlayPeer -Overlay $Overlay -Name $ExitNode).StateReason)"
}

Set-OverlayPeer -Overlay $Overlay -Name $ExitNode -IsExitNode
Set-Overlay -Name $Overlay -ExitNode $ExitNode -KillSwitch -ConfirmWithin 30s -WarningAction SilentlyContinue
if (Test-Connection -TargetName $Probe -Count 2 -Quiet) {
    Confirm-NetConfiguration
    "all other traffic leaves by $ExitNode; to go back: Set-Overlay $Overlay -ExitNode ''"
}
else {
    Restore-NetConfiguration -Pending
    "$Probe does not answer through $ExitNode; taken back"
}
