#Requires -Version 7.6 -Modules Net.Module
# Closes a server but for what it serves, with names for ports, groups that go on and off together, a log, and a look at what happens. Role: operator.
# Everything is taken back at the end; -Keep leaves it in place.
[CmdletBinding()]
param(
    # Who administers the server. Allowed before anything is closed.
    [string]$Management = '0.0.0.0/0',
    [string]$ServerAddress = '127.0.0.1',
    [string]$ExportPath,
    [string]$Watch = '2s',
    [switch]$Keep
)

$ErrorActionPreference = 'Stop'
$before = Get-FirewallProfile
try {
    New-FirewallPortList -Name example-web -Port 80, 443 | Format-Table
    Set-FirewallPortList -Name example-web -Port 80, 443, '8000-8010' -Description 'web servers'
    Get-FirewallPortList -Name 'example-*' | Format-Table

    # One pipeline is one transaction. The first rule that matches decides.
    @(
        [pscustomobject]@{ Name = 'example-ssh'; Action = 'Allow'; LocalPort = '22'; RemoteAddress = $Management; Group = 'example-admin' }
        [pscustomobject]@{ Name = 'example-web'; Action = 'Allow'; LocalPortList = 'example-web'; Group = 'example-public' }
        [pscustomobject]@{ Name = 'example-telnet'; Action = 'Reject'; LocalPort = '23'; Group = 'example-public' }
    ) | New-FirewallRule -Protocol Tcp -Comment 'a server' | Format-Table

    # In front of the others: log whoever tries telnet, at most ten lines a minute.
    $log = @{ Name = 'example-telnet-log'; Action = 'Continue'; Protocol = 'Tcp'; LocalPort = 23; RateLimit = '10/minute' }
    $null = New-FirewallRule @log -Log -Before example-telnet

    # Everything else is blocked from here on; what is connected goes on. Nobody confirms from a broken connection.
    Set-FirewallProfile -Enabled -LogBlocked -ConfirmWithin 2m -WarningAction SilentlyContinue
    Confirm-NetConfiguration

    # For maintenance the public side goes off in one step, and on again.
    Disable-FirewallRuleGroup -Group example-public
    Get-FirewallRule -Group example-public | Format-Table -Property Name, Group, Enabled, IsActive, InactiveReason
    Enable-FirewallRuleGroup -Group example-public

    # What the rules say about a packet, and what the kernel does with real ones.
    Test-NetFlow -DestinationAddress $ServerAddress -DestinationPort 80 | Select-Object -ExpandProperty Steps | Format-Table
    Trace-NetFlow -DestinationPort 23 -Protocol Tcp -Duration $Watch -MaxPackets 5 | Format-Table
    Watch-FirewallLog -Name 'example-*' -Timeout $Watch | Format-Table

    # Counters from here on.
    Reset-FirewallCounter -Name 'example-*'
    Get-FirewallRule -Name 'example-*' | Format-Table -Property Position, Name, PacketCount, LastHit

    if ($ExportPath) {
        # What the kernel has, and what would become of it where it is taken over from a text.
        Export-FirewallRule -Path $ExportPath -Force
        Import-FirewallRule -Path $ExportPath -WhatIf -PassThru | Format-List
    }
}
finally {
    if (-not $Keep) {
        Set-FirewallProfile -Enabled:$before.Enabled -LogBlocked:$before.LogBlocked
        Get-FirewallRule -Name 'example-*' | Remove-FirewallRule
        Get-FirewallPortList -Name 'example-*' | Remove-FirewallPortList
    }
}
