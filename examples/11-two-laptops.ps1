#Requires -Version 7.6 -Modules Net.Module
# Joins two hosts by an overlay: run it on both, each with the other's key. Role: admin.
# Without -PeerKey it shows its own key and tries everything with a peer that never answers. -Keep leaves the overlay in place.
[CmdletBinding()]
param(
    [string]$Overlay = 'example-home',
    [string]$PeerName = 'other',
    [string]$PeerKey,
    [string[]]$PeerEndpoint = @(),
    [int]$ListenPort = 47900,
    [string]$Wait = '10s',
    [switch]$Keep
)

$ErrorActionPreference = 'Stop'

# What the host must have: libraries, a TUN device, the worker.
Test-Overlay | Format-Table

New-Overlay -Name $Overlay -ListenPort $ListenPort -WhatIf
New-Overlay -Name $Overlay -ListenPort $ListenPort | Format-Table
try {
    "my public key: $((Get-Overlay -Name $Overlay).PublicKey)"
    if (-not $PeerKey) {
        $PeerKey = (New-OverlayIdentity -Name example-other).PublicKey
    }

    $peer = @{ Overlay = $Overlay; Name = $PeerName; PublicKey = $PeerKey; Endpoint = $PeerEndpoint }
    $null = Add-OverlayPeer @peer

    # Nothing passes until both sides allow it: what this host opens, and ssh from the other.
    $null = New-OverlayPolicy -Overlay $Overlay -Name out -From self
    $ssh = @{ Overlay = $Overlay; Name = 'ssh'; From = $PeerName; To = 'self'; Protocol = 'Tcp'; Port = 22 }
    $null = New-OverlayPolicy @ssh

    # Ends with the first change to Up, or when the time is over.
    $up = Watch-OverlayPeer -Overlay $Overlay -Timeout $Wait |
        Where-Object { $_.Peer.Name -eq $PeerName -and $_.Peer.State -eq 'Up' } |
        Select-Object -First 1
    Get-OverlayPeer -Overlay $Overlay | Format-Table
    if ($up) {
        Test-OverlayPeer -Overlay $Overlay -Name $PeerName -Mtu | Format-List

        # Applications can talk over the session without any port of their own. The other side sees it with Receive-OverlayMessage.
        Send-OverlayMessage -Overlay $Overlay -Peer $PeerName -Topic hello -Text "hello from $([Environment]::MachineName)"
        Receive-OverlayMessage -Overlay $Overlay -Topic hello -Count 1 -Timeout 5s | Format-Table
    }

    # Off and on again, and a fresh worker: addresses stay.
    Stop-Overlay -Name $Overlay
    Start-Overlay -Name $Overlay
    Restart-Overlay -Name $Overlay
}
finally {
    if (-not $Keep) {
        Remove-Overlay -Name $Overlay -Confirm:$false
        Get-OverlayIdentity -Name 'example-*' | Remove-OverlayIdentity -Confirm:$false
    }
}
