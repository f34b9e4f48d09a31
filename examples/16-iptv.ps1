#Requires -Version 7.6 -Modules Net.Module
# Relays IPTV channels to two networks: one as it comes, one under other addresses, each only while somebody watches. Role: operator.
# In a lab: 'sudo netmod lab up examples/relay/lab.json', an engine in its node gateway, NETMOD_HOST_SOCKET set (examples/README.md says how), then
# 'sudo netmod lab exec relay source -- netmod traffic send eth0 --to 239.1.1.1:5000'. -Keep leaves the rules in place.
[CmdletBinding()]
param(
    [string]$From = 'eth0',
    [string[]]$To = @('lan1', 'lan2'),
    [string[]]$Channel = @('239.1.1.1', '239.1.1.2', '239.1.1.3'),
    [int]$Port = 5000,
    [string]$Watch = '3s',
    [switch]$Keep
)

$ErrorActionPreference = 'Stop'

$settings = Get-RelaySetting
try {
    # Somebody has to ask for receivers, or nobody reports. A router or switch that does so already stays the one that asks if its address is lower.
    Set-RelaySetting -Querier (@($settings.Queriers.Where({ $_.InterfaceAlias -notin $To })) + $To)

    # One transaction for all channels.
    $number = 0
    $rows = foreach ($group in $Channel) {
        $number++
        [pscustomobject]@{
            Name           = "example-channel-$number"
            InterfaceAlias = $From
            Group          = $group
            Port           = $Port
            Output         = "$($To[0]),pause=true;$($To[1]),destination=239.2.1.$number,ttl=4,pause=true"
        }
    }

    $rows | New-RelayRule -WhatIf
    $rows | New-RelayRule -Comment 'IPTV for both networks' | Format-Table

    # Waiting, Paused or Forwarding, by which engine, and why.
    Get-RelayRule -Name 'example-channel-*' | Format-Table -Property Name, State, EngineInUse, Reason
    Get-MulticastGroup -InterfaceAlias $To -Role Receiver | Format-Table

    # What flows.
    Watch-RelayStatistic -Name 'example-channel-*' -Timeout $Watch | Format-Table
    Get-RelayStatistic -Name 'example-channel-1' | Select-Object -ExpandProperty Outputs | Format-Table

    # A channel goes off the air and comes back: id and counters stay.
    Disable-RelayRule -Name 'example-channel-2'
    Enable-RelayRule -Name 'example-channel-2' -PassThru | Format-Table -Property Id, Name, State
}
finally {
    if (-not $Keep) {
        Get-RelayRule -Name 'example-channel-*' | Remove-RelayRule
        Set-RelaySetting -Querier $settings.Queriers
    }
}
