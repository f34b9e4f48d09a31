#Requires -Version 7.6 -Modules Net.Module
# Rules by time and by program: no games on school nights, one service that may talk to nobody but its database, a hole that closes by itself. Role: operator.
# Everything is taken back at the end; -Keep leaves it in place.
[CmdletBinding()]
param(
    [string]$Children = '192.168.1.64/26',
    [string]$Lan = 'lan0',
    [string]$TimeZone = 'Europe/Berlin',

    # The control group of a service, as 'systemd-cgls' shows it. It must exist.
    [string]$Cgroup,
    [string]$Database = '10.0.0.5',
    [switch]$Keep
)

$ErrorActionPreference = 'Stop'
try {
    # From Sunday to Thursday, from nine in the evening to six in the morning: the window belongs to the day it begins on, also across a change of the clock.
    $night = @{
        Name           = 'example-school-nights'
        Direction      = 'Forward'
        Action         = 'Reject'
        InterfaceAlias = $Lan
        SourceAddress  = $Children
        Day            = 'Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday'
        From           = '21:00'
        Until          = '06:00'
        TimeZone       = $TimeZone
    }
    New-FirewallRule @night | Format-List -Property Name, Schedule, IsActive, InactiveReason

    # Asked for another time: a Wednesday night, a Saturday night, and holidays.
    $flow = @{
        DestinationAddress = '203.0.113.2'
        DestinationPort    = 443
        SourceAddress      = $Children -replace '\.\d+/\d+$', '.70'
        InterfaceAlias     = $Lan
        Direction          = 'Forward'
    }
    foreach ($time in '2026-01-14T22:30:00+01:00', '2026-01-17T22:30:00+01:00') {
        '{0}: {1}' -f $time, (Test-NetFlow @flow -At $time).Reason
    }

    Set-FirewallRule -Name example-school-nights -LastDate 2026-07-15 -WhatIf
    Set-FirewallRule -Name example-school-nights -From '20:00'

    # Two hours for somebody who helps; the engine takes the rule out by itself.
    $hole = @{ Name = 'example-helper'; Action = 'Allow'; Protocol = 'Tcp'; LocalPort = 22; RemoteAddress = '198.51.100.7' }
    New-FirewallRule @hole -ExpiresIn 2h | Format-List -Property Name, ExpiresAt

    # A program by its control group: every process of the service, and no other.
    if ($Cgroup) {
        @(
            [pscustomobject]@{ Name = 'example-app-database'; Action = 'Allow'; Protocol = 'Tcp'; RemotePort = '5432'; RemoteAddress = $Database }
            [pscustomobject]@{ Name = 'example-app-others'; Action = 'Reject' }
        ) | New-FirewallRule -Direction Outbound -Cgroup $Cgroup | Format-Table
        Test-NetFlow -DestinationAddress $Database -DestinationPort 5432 -Cgroup $Cgroup | Format-Table
        Test-NetFlow -DestinationAddress 203.0.113.2 -DestinationPort 443 -Cgroup $Cgroup | Format-Table
    }
}
finally {
    if (-not $Keep) {
        Get-FirewallRule -Name 'example-*' | Remove-FirewallRule
    }
}
