#Requires -Version 7.6 -Modules Net.Module
# Joins two sites by their gateways: run it on both gateways, each with the other's key and network. Role: operator.
# The overlay must exist, as 11-two-laptops.ps1 -Keep leaves it. -Keep leaves peer, routes and rules in place.
[CmdletBinding()]
param(
    [string]$Overlay = 'example-home',
    [string]$PeerName = 'branch',

    [Parameter(Mandatory)]
    [string]$PeerKey,

    [string[]]$PeerEndpoint = @(),
    [string]$LocalNetwork = '10.10.0.0/16',
    [string]$RemoteNetwork = '10.20.0.0/16',
    [switch]$Keep
)

$ErrorActionPreference = 'Stop'

# The peer may own its network: packets from other sources are dropped. One that is there already, as 11-two-laptops.ps1 leaves it, keeps its name.
$known = Get-OverlayPeer -Overlay $Overlay | Where-Object PublicKey -EQ $PeerKey
if ($known) {
    $PeerName = $known.Name
    Set-OverlayPeer -Overlay $Overlay -Name $PeerName -Subnet $RemoteNetwork
}
else {
    $peer = @{ Overlay = $Overlay; Name = $PeerName; PublicKey = $PeerKey; Endpoint = $PeerEndpoint; Subnet = $RemoteNetwork }
    Add-OverlayPeer @peer | Format-Table
}

try {
    # Ours is advertised; theirs is used once they advertise it.
    $null = Add-OverlayRoute -Overlay $Overlay -Prefix $LocalNetwork
    Set-Overlay -Name $Overlay -AcceptRoutes

    # A route of the document does without their advertisement, and can name a second way with a higher preference.
    $null = Add-OverlayRoute -Overlay $Overlay -Prefix $RemoteNetwork -Peer $PeerName -Preference 10

    # The networks reach each other; the gateways themselves stay closed.
    $rule = @{ Overlay = $Overlay; Name = 'example-sites'; From = $LocalNetwork, $RemoteNetwork; To = $LocalNetwork, $RemoteNetwork }
    $null = New-OverlayPolicy @rule

    Get-OverlayRoute -Overlay $Overlay | Format-Table
    Get-OverlayGraph -Overlay $Overlay | Select-Object -ExpandProperty Edges | Format-Table

    # The peer has moved: the session follows.
    Set-OverlayPeer -Overlay $Overlay -Name $PeerName -Endpoint 'branch.example.net:47900' -WhatIf
}
finally {
    if (-not $Keep) {
        Get-OverlayPolicy -Overlay $Overlay -Name 'example-*' | Remove-OverlayPolicy
        Remove-OverlayRoute -Overlay $Overlay -Prefix $LocalNetwork, $RemoteNetwork
        if ($known) {
            Set-OverlayPeer -Overlay $Overlay -Name $PeerName -Subnet @($known.Subnets)
        }
        else {
            Remove-OverlayPeer -Overlay $Overlay -Name $PeerName -Confirm:$false
        }

        Set-Overlay -Name $Overlay -AcceptRoutes:$false
    }
}
