#Requires -Version 7.6 -Modules Net.Module
# Compares the firewall rules of two engines of this host, such as one in a lab and the real one. Changes nothing. Role: reader on both.
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string]$Left,

    [Parameter(Mandatory)]
    [string]$Right
)

$ErrorActionPreference = 'Stop'
$rules = @{}
try {
    foreach ($socket in $Left, $Right) {
        $connection = Connect-NetEngine -SocketPath $socket -Timeout 2s
        "$socket runs $($connection.EngineVersion); generation $((Get-NetEngine).Generation)"
        $rules[$socket] = @(Get-FirewallRule | ForEach-Object { "$($_.Name): $($_.Action) $($_.Direction) $($_.Protocol) $($_.LocalPort -join ',') $($_.RemoteAddress -join ',')" })
    }
}
finally {
    # The session is back at the default engine, also when something failed.
    Disconnect-NetEngine
}

$difference = @(Compare-Object -ReferenceObject $rules[$Left] -DifferenceObject $rules[$Right])
foreach ($line in $difference) {
    "$($line.SideIndicator) $($line.InputObject)"
}

"$($difference.Count) differences"
