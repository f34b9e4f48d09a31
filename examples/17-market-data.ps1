#Requires -Version 7.6 -Modules Net.Module
# Fans market data out: two lines (A and B) carry the same packets, consumers get each packet once. Then looks at workers, packets and latency.
# Role: operator; -LogLevel needs admin. In a lab as for 16-iptv.ps1. -SendFrom and -ReceiveOn measure with test traffic where cables lead back to this host.
[CmdletBinding()]
param(
    [string]$From = 'eth*',
    [string]$Group = '239.1.9.1',
    [int]$Port = 9000,
    [string[]]$AllowedSource = @('10.1.0.0/24'),
    [string[]]$To = @('lan1', 'lan2', 'wan0'),
    [string]$SendFrom,
    [string[]]$ReceiveOn,
    [string]$Trace = '2s',
    [string]$LogLevel,
    [switch]$Keep
)

$ErrorActionPreference = 'Stop'

$rule = @{
    Name            = 'example-market-data'
    InterfaceAlias  = $From
    Group           = $Group
    Port            = $Port
    AllowedSource   = $AllowedSource
    Duplicates      = 'Suppress'
    AnalyzeSequence = $true
    Output          = $To.ForEach({ @{ InterfaceAlias = $_; Destination = '239.3.9.1'; Dscp = 46; Ttl = 4 } })
}
$null = New-RelayRule @rule
try {
    # The first rule that needs a worker starts one, which takes it a moment.
    foreach ($look in 1..50) {
        if ((Get-RelayRule -Name 'example-market-data').Reason -notlike '*worker*being started*') {
            break
        }

        Start-Sleep -Milliseconds 100
    }

    Get-RelayRule -Name 'example-market-data' | Format-List -Property State, Reason, EngineInUse, EngineReason

    # Counting sequence numbers and finding duplicates is done by workers: they have no privileges, and are watched.
    Get-RelayWorker | Format-Table
    if ($LogLevel) {
        Get-RelayWorker | Set-RelayWorker -LogLevel $LogLevel
    }

    # Hot standby instead: line A while it sends, line B after 50 ms of silence. Id and counters stay.
    Set-RelayRule -Name 'example-market-data' -Duplicates Standby -StandbyAfter 50ms -WhatIf

    # The next packets, with who sent them and what became of them. A rule that waits has none to show.
    if ((Get-RelayRule -Name 'example-market-data').State -eq 'Forwarding') {
        Start-PacketTrace -RelayRule 'example-market-data' -MaxPackets 20 -Duration $Trace | Format-Table
    }

    if ($SendFrom -and $ReceiveOn) {
        Measure-RelayPath -RelayRule 'example-market-data' -SendInterface $SendFrom -ReceiveInterface $ReceiveOn -PacketsPerSecond 50000 | Format-Table
    }

    # What was lost on the way here, what was dropped here, and a fresh start for the next session.
    Get-RelayStatistic -Name 'example-market-data' | Format-List
    Reset-RelayStatistic -Name 'example-market-data'
}
finally {
    if (-not $Keep) {
        Remove-RelayRule -Name 'example-market-data'
    }
}
