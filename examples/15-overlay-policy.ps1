#Requires -Version 7.6 -Modules Net.Module
# What peers may reach: groups, rules, tests that every later change must meet, and the audit log. Role: admin.
[CmdletBinding()]
param(
    [string]$Overlay = 'example-policy',
    [int]$ListenPort = 47902
)

$ErrorActionPreference = 'Stop'

$group = @{ admins = 'alice'; staff = 'bob', 'group:admins' }
# A key of its own: the address derived from the default one may be another overlay's on this host.
$null = New-OverlayIdentity -Name example-policy
$null = New-Overlay -Name $Overlay -ListenPort $ListenPort -Identity example-policy
try {
    foreach ($name in 'alice', 'bob') {
        $key = (New-OverlayIdentity -Name "example-$name").PublicKey
        $null = Add-OverlayPeer -Overlay $Overlay -Name $name -PublicKey $key
    }

    Set-Overlay -Name $Overlay -Group $group

    # What this node opens may go out; of what comes in, the first rule that matches decides, and the rest is denied.
    $null = New-OverlayPolicy -Overlay $Overlay -Name out -From self
    $ssh = @{ Overlay = $Overlay; Name = 'ssh-admins'; From = 'group:admins'; To = 'self'; Protocol = 'Tcp'; Port = 22 }
    $null = New-OverlayPolicy @ssh
    $web = @{ Overlay = $Overlay; Name = 'web-office-hours'; From = 'group:staff'; To = 'self'; Protocol = 'Tcp'; Port = 80, 443 }
    $hours = @{ Day = 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'; StartTime = '08:00'; EndTime = '18:00'; TimeZone = 'Europe/Berlin' }
    $null = New-OverlayPolicy @web @hours
    Get-OverlayPolicy -Overlay $Overlay | Format-Table

    # Would it pass, and by which rule?
    $verdicts = @(
        Test-OverlayPolicy -Overlay $Overlay -From alice -To self -Port 22
        Test-OverlayPolicy -Overlay $Overlay -From bob -To self -Port 22
    )
    $verdicts | Format-Table

    # Keep that as expectations. A change that breaks one is refused.
    Set-Overlay -Name $Overlay -PolicyTest $verdicts
    Remove-OverlayPolicy -Overlay $Overlay -Name ssh-admins -ErrorAction SilentlyContinue -ErrorVariable refused
    "refused: $($refused[0].FullyQualifiedErrorId)"
    Set-OverlayPolicy -Overlay $Overlay -Name web-office-hours -Port 443

    # What was decided. Denials of the last connections, who wanted what.
    Get-OverlayAudit -Overlay $Overlay -Newest 20 -DeniedOnly | Format-Table
}
finally {
    Remove-Overlay -Name $Overlay -Confirm:$false
    Get-OverlayIdentity -Name 'example-*' | Remove-OverlayIdentity -Confirm:$false
}
