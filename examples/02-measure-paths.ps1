#Requires -Version 7.6 -Modules Net.Module
# Measures every path at the same time and says which is the fastest. Changes nothing. Role: reader.
[CmdletBinding()]
param(
    # Path ids or interfaces; * and ? match.
    [string[]]$Path = '*',

    # An address to ask instead of each path's gateway, such as a server you care about.
    [string]$Target
)

$ErrorActionPreference = 'Stop'
$where = @{}
if ($Target) {
    $where.Target = $Target
}

$measured = @(Measure-NetPath -Name $Path -Count 20 -Interval 20ms @where)
$measured | Sort-Object -Property MedianRoundTripTime | Format-Table -Property PathId, Received, LossRatio, MedianRoundTripTime

$fastest = $measured | Where-Object -Property Received -GT -Value 0 | Sort-Object -Property MedianRoundTripTime | Select-Object -First 1
"fastest: $($fastest.PathId)"

# Yes or no, for scripts: at most 5 % loss, and the median below 100 ms.
foreach ($id in $measured.PathId) {
    $good = Test-NetPath -Name $id -MaximumLossRatio 0.05 -MaximumRoundTripTime 100ms @where
    "$id is good enough: $good"
}
