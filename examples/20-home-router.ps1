#Requires -Version 7.6 -Modules Net.Module
# Makes a home router: an inner and an outer zone, default deny from outside, one shared address, and a port forward. Role: operator.
# In a lab: 'sudo netmod lab up examples/firewall/lab.json', an engine in its node gateway, NETMOD_HOST_SOCKET set (examples/README.md says how).
# Everything is taken back at the end; -Keep leaves it in place.
[CmdletBinding()]
param(
    [string]$Wan = 'eth0',
    [string]$Lan = 'lan0',
    [string]$LanNetwork = '192.168.1.0/24',
    [string]$WanAddress = '203.0.113.1',
    [string]$Server = '192.168.1.10',
    [int]$ServerPort = 8080,
    [string]$OutsideHost = '203.0.113.2',

    # Not in a lab, whose outer addresses are themselves not of the public Internet.
    [switch]$BlockBogons,
    [switch]$Keep
)

$ErrorActionPreference = 'Stop'
$before = Get-FirewallProfile
try {
    # What comes from the inner zone may, also on to the outer one; what comes from outside meets the profile: nothing.
    New-FirewallZone -Name example-wan -InterfaceAlias $Wan -BlockBogons:$BlockBogons -Masquerade | Format-Table
    New-FirewallZone -Name example-lan -InterfaceAlias $Lan -Inbound Allow -ForwardTo example-wan | Format-Table
    Set-FirewallProfile -Enabled -ConfirmWithin 2m -WarningAction SilentlyContinue
    Confirm-NetConfiguration

    # Reached from outside: the rule it implies is made by the engine, and shown.
    $forward = @{
        Name           = 'example-web'
        Port           = 80
        ToAddress      = $Server
        ToPort         = $ServerPort
        InterfaceAlias = $Wan
        Hairpin        = $true
    }
    New-PortForward @forward | Format-Table
    Get-FirewallRule -Generated | Where-Object Origin | Format-Table -Property Position, Name, Direction, Action, Origin

    # An inner host that keeps its own address towards one network outside, before what the zone does for all.
    $nat = @{
        Name               = 'example-exempt'
        Kind               = 'Exempt'
        SourceAddress      = $Server
        DestinationAddress = '198.51.100.0/24'
        OutInterfaceAlias  = $Wan
    }
    New-NatRule @nat | Format-Table
    Set-NatRule -Name example-exempt -DestinationAddress 198.51.100.0/25
    Disable-NatRule -Name example-exempt
    Enable-NatRule -Name example-exempt
    Get-NatRule -Name 'example-*' | Format-Table

    # Would it work? From outside to the port forward, to anything else, and from inside out.
    $outside = @{ SourceAddress = $OutsideHost; InterfaceAlias = $Wan }
    Test-NetFlow -DestinationAddress $WanAddress -DestinationPort 80 @outside
    Test-NetFlow -DestinationAddress $WanAddress -DestinationPort 22 @outside
    $inside = @{ SourceAddress = ($LanNetwork -replace '0/\d+$', '50'); InterfaceAlias = $Lan }
    Test-NetFlow -DestinationAddress $OutsideHost -DestinationPort 443 @inside | Format-List -Property Allowed, Rule, Reason, Translations, Route

    # Only one network may use it, for now nobody, and again.
    Set-PortForward -Name example-web -RemoteAddress 203.0.113.0/24
    Get-PortForward -Name example-web | Disable-PortForward
    Get-PortForward -Name example-web | Enable-PortForward -PassThru | Format-Table

    # Who is connected now.
    Get-FirewallConnection -DestinationAddress $WanAddress | Format-Table
    Get-FirewallStatistic -Talkers 5 | Format-List

    # Guests see the inner zone no more than the outer one does.
    Set-FirewallZone -Name example-lan -Inbound Reject -WhatIf
}
finally {
    if (-not $Keep) {
        Set-FirewallProfile -Enabled:$before.Enabled
        Get-PortForward -Name 'example-*' | Remove-PortForward
        Get-NatRule -Name 'example-*' | Remove-NatRule
        Get-FirewallZone -Name 'example-*' | Remove-FirewallZone
    }
}
