#Requires -Version 7.6 -Modules Net.Module
# Makes many rules from a table in one transaction: all of them or none. Role: operator.
# Remove them later: Get-FirewallRule example-csv-* | Remove-FirewallRule
[CmdletBinding()]
param(
    # The columns are named like the parameters of New-FirewallRule; an empty cell means "any".
    [string]$Path = "$PSScriptRoot/05-bulk-rules.csv"
)

$ErrorActionPreference = 'Stop'

# Look first.
Import-Csv -Path $Path | New-FirewallRule -WhatIf

$clock = [Diagnostics.Stopwatch]::StartNew()
$rules = Import-Csv -Path $Path | New-FirewallRule -Comment "from $(Split-Path -Path $Path -Leaf)"
"$($rules.Count) rules in one transaction, $($clock.ElapsedMilliseconds) ms"

$rules | Format-Table -Property Position, Name, Direction, Action, Protocol, LocalPort, RemoteAddress
$rules | Group-Object -Property Direction, Action -NoElement | Format-Table -Property Count, Name
