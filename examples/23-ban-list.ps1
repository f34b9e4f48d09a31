#Requires -Version 7.6 -Modules Net.Module
# Keeps lists of addresses: an allow list, and a ban list that a rule, detection and you fill. Role: operator.
# Everything is taken back at the end; -Keep leaves it in place.
[CmdletBinding()]
param(
    [string[]]$Office = @('192.0.2.0/24', '2001:db8:1::/48'),
    [string]$Offender = '198.51.100.7',
    [string]$BanTime = '10m',
    [string]$FeedPath,
    [string]$Watch = '1s',
    [switch]$Keep
)

$ErrorActionPreference = 'Stop'
$before = Get-FirewallDetection
try {
    # Names for addresses. Rules follow when a list changes, without being touched.
    New-FirewallAddressList -Name example-office -Address $Office | Format-Table
    New-FirewallAddressList -Name example-banned -Dynamic -Timeout $BanTime | Format-Table
    Set-FirewallAddressList -Name example-office -Description 'never banned'

    # A feed of somebody else's: a file with an address or prefix a line, read again whenever it changes.
    if ($FeedPath) {
        New-FirewallAddressList -Name example-feed -File $FeedPath | Format-Table
    }

    # In this order: the office always, the banned never, and whoever opens more than ten SSH connections a minute is banned.
    @(
        [pscustomobject]@{ Name = 'example-office'; Action = 'Allow'; RemoteAddressList = 'example-office' }
        [pscustomobject]@{ Name = 'example-banned'; Action = 'Block'; RemoteAddressList = 'example-banned' }
    ) | New-FirewallRule -Position 1 | Format-Table
    $guard = @{
        Name            = 'example-ssh-guard'
        Action          = 'Block'
        Protocol        = 'Tcp'
        LocalPort       = 22
        ConnectionState = 'New'
        RateLimit       = '10/minute'
        RatePerSource   = $true
        AboveRate       = $true
        AddSourceTo     = 'example-banned'
        After           = 'example-banned'
    }
    New-FirewallRule @guard | Format-List -Property Name, RateLimit, RatePerSource, AboveRate, AddSourceTo

    # Detection counts scans, logins and floods of all ports, tells of them by events, and bans as well.
    Set-FirewallDetection -Enabled -BanList example-banned -BanTime $BanTime -NeverBan $Office -PassThru | Format-List

    # By hand: at once, and only for a time. Connections that stand are ended with it.
    Add-FirewallAddress -Name example-banned -Address $Offender -Timeout 1h | Format-Table
    Remove-FirewallConnection -SourceAddress $Offender -WhatIf
    Get-FirewallAddressEntry -Name example-banned | Format-Table
    Test-NetFlow -DestinationAddress 127.0.0.1 -DestinationPort 22 -SourceAddress $Offender -Direction Inbound | Format-Table

    # New connections, as they come; and who was found.
    Watch-FirewallConnection -DestinationPort 22 -Timeout $Watch | Format-Table
    Get-NetEvent -Area firewall -Newest 5 | Format-Table

    # Forgiven.
    Remove-FirewallAddress -Name example-banned -Address $Offender
    Get-FirewallAddressList -Name 'example-*' | Format-Table
}
finally {
    if (-not $Keep) {
        Set-FirewallDetection -Enabled:$before.Enabled -BanList "$($before.BanList)" -NeverBan $before.NeverBan
        Get-FirewallRule -Name 'example-*' | Remove-FirewallRule
        Get-FirewallAddressList -Name 'example-*' | Remove-FirewallAddressList
    }
}
