#Requires -Version 7.6 -Modules Net.Module
# The life of a network: its key and backup, certificates, an invitation, a request to join, rotation and revocation. Role: admin.
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [securestring]$Passphrase,

    # Where the backup of the network's key goes. Move it off line.
    [string]$BackupPath = './example-office.netkey',

    [int]$ListenPort = 47901
)

$ErrorActionPreference = 'Stop'

# The key that signs memberships, and its backup: without it nobody can be added or revoked.
$network = New-OverlayNetwork -Name example-office
Export-OverlayNetwork -Name example-office -Path $BackupPath -Passphrase $Passphrase -Force
try {
    # This node is a member as well, with a certificate of its own.
    $identity = New-OverlayIdentity -Name example-gateway
    $mine = New-OverlayCertificate -Network example-office -Name gateway -PublicKey $identity.PublicKey -Group gateways
    $overlay = @{
        Name        = 'example-office'
        Identity    = 'example-gateway'
        ListenPort  = $ListenPort
        NetworkKey  = $network.PublicKey
        Certificate = $mine.Text
    }
    New-Overlay @overlay | Format-Table

    # The easy way in: one command here, one there. Whoever has the text may join, once; here somebody has to approve it.
    $invitation = New-OverlayInvitation -Overlay example-office -ValidFor 1h -NeedsApproval -Group staff
    "invitation until $($invitation.ExpiresAt)"
    Join-Overlay -Invitation $invitation.Text -Overlay example-other -WhatIf

    # Who asked. Compare the node id with what the other side sees before approving.
    Get-OverlayJoinRequest -Overlay example-office -State Pending | Format-Table
    Get-OverlayJoinRequest -Overlay example-office -State Pending | Where-Object -Property Name -Like -Value 'laptop*' | Approve-OverlayJoinRequest
    Get-OverlayJoinRequest -Overlay example-office -State Pending | Deny-OverlayJoinRequest

    # By hand: a certificate for a key somebody sent. It is no secret.
    $key = (New-OverlayIdentity -Name example-alice).PublicKey
    $null = New-OverlayCertificate -Network example-office -Name alice -PublicKey $key -Group staff -ValidFor 30d

    # A new key, the same address: the old key vouches for the new one. The certificate is of the old key, so there is a new one too;
    # a name belongs to one key at a time.
    $rotated = Update-OverlayIdentity -Name example-gateway
    $null = Get-OverlayCertificate -Network example-office -Name gateway | Revoke-OverlayCertificate -Confirm:$false
    $mine = New-OverlayCertificate -Network example-office -Name gateway -PublicKey $rotated.PublicKey -Group gateways
    Set-Overlay -Name example-office -Certificate $mine.Text

    # Alice leaves. Her session ends wherever the new list of revocations arrives.
    Get-OverlayCertificate -Network example-office -Name alice | Revoke-OverlayCertificate -Confirm:$false
    Get-OverlayCertificate -Network example-office | Format-Table

    # The backup brings the key back, here or on another engine.
    Remove-OverlayNetwork -Name example-office -Confirm:$false
    Import-OverlayNetwork -Path $BackupPath -Passphrase $Passphrase
    "network is back: $((Get-OverlayNetwork -Name example-office).PublicKey -eq $network.PublicKey)"
}
finally {
    Get-Overlay -Name 'example-office*' | Remove-Overlay -Confirm:$false
    Get-OverlayNetwork -Name 'example-*' | Remove-OverlayNetwork -Confirm:$false
    Get-OverlayIdentity -Name 'example-*' | Remove-OverlayIdentity -Confirm:$false
}
