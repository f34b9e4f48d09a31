#Requires -Version 7.6 -Modules Net.Module
# Carries a group over a network without multicast: as unicast from one site to the other, and as a group again there. Role: operator.
# Run it on both gateways, -Site Head where the group is, -Site Branch where it shall be. In the lab of examples/relay/lab.json these are the nodes
# gateway and branch. -Keep leaves the rule in place.
[CmdletBinding()]
param(
    [ValidateSet('Head', 'Branch')]
    [string]$Site = 'Head',

    [string]$Group = '239.1.1.1',
    [int]$Port = 5000,
    [int]$CarrierPort = 15000,
    [string]$HeadAddress = '192.0.2.1',
    [string]$BranchAddress = '192.0.2.2',
    [string]$Lan = $(if ($Site -eq 'Head') { 'eth0' } else { 'lan0' }),
    [string]$Wan = 'wan0',
    [string]$Wait = '3s',
    [switch]$Keep
)

$ErrorActionPreference = 'Stop'

$name = "example-site-$Site".ToLowerInvariant()
$rule = if ($Site -eq 'Head') {
    # To the branch's address, from ours, so that answers of the network (too big, unreachable) come here; never more than 50 Mbit/s of the line.
    $output = @{
        InterfaceAlias = $Wan
        Destination    = $BranchAddress
        Port           = $CarrierPort
        Source         = 'interface'
        Ttl            = 64
        BitRateLimit   = 50000000
        Oversize       = 'Fragment'
    }
    @{ InterfaceAlias = $Lan; Group = $Group; Port = $Port; Output = $output }
}
else {
    # Only the head may inject. The group leaves with a TTL of 1: it ends on this link.
    $output = @{ InterfaceAlias = $Lan; Destination = $Group; Port = $Port; Source = 'interface'; Ttl = 1 }
    @{ InterfaceAlias = $Wan; Group = $BranchAddress; Port = $CarrierPort; AllowedSource = $HeadAddress; Output = $output }
}

# Taken back by itself after a minute unless all went well.
$null = New-RelayRule -Name $name @rule -ConfirmWithin 1m -WarningAction SilentlyContinue
try {
    Get-RelayRule -Name $name | Format-List -Property State, Reason, EngineInUse, EngineReason, Outputs
    $null = Confirm-NetConfiguration
    Watch-RelayStatistic -Name $name -Timeout $Wait | Format-Table

    # Whoever wants the group at this site, and what this host joined for it.
    Get-MulticastGroup | Format-Table
}
finally {
    if (-not $Keep) {
        Remove-RelayRule -Name $name
    }
}
