#Requires -Version 7.6 -Modules Net.Module
# Keeps a route in the kernel, changes it, and takes it out again. Role: operator.
[CmdletBinding()]
param(
    [string]$Prefix = '198.18.0.0/15',

    # A neighbour on one of this host's networks. Default: the gateway of the IPv4 path in use.
    [string]$NextHop = (Get-NetPath -SelectedOnly | Where-Object -Property Family -EQ -Value IPv4 | Select-Object -First 1).Gateway
)

$ErrorActionPreference = 'Stop'

New-NetPathRoute -Name example-lab -DestinationPrefix $Prefix -NextHop $NextHop -WhatIf
New-NetPathRoute -Name example-lab -DestinationPrefix $Prefix -NextHop $NextHop -RouteMetric 500 | Format-Table
try {
    Set-NetPathRoute -Name example-lab -RouteMetric 900

    # A route whose interface is not there waits for it, and says so.
    New-NetPathRoute -Name example-later -DestinationPrefix 198.51.100.128/25 -InterfaceAlias notthere0 | Out-Null
    Get-NetPathRoute -Name 'example-*' | Format-List -Property Name, DestinationPrefix, RouteMetric, State, StateReason
}
finally {
    Get-NetPathRoute -Name 'example-*' | Remove-NetPathRoute
}
