#Requires -Version 7.6 -Modules Net.Module
# Blocks a port, looks at the counter, changes, disables, enables and removes the rule again. Role: operator.
[CmdletBinding()]
param(
    [ValidateRange(1, 65535)]
    [int]$Port = 8080
)

$ErrorActionPreference = 'Stop'
$name = "example-block-$Port"

# -WhatIf asks the engine for its plan; nothing is changed.
New-FirewallRule -Name $name -Action Reject -Protocol Tcp -LocalPort $Port -WhatIf

$rule = New-FirewallRule -Name $name -Action Reject -Protocol Tcp -LocalPort $Port -Description 'Made by an example.' -Comment 'example 03'
"rule $($rule.Id) stands at place $($rule.Position)"

try {
    # Everything is flat: sort it, filter it, group it.
    Get-FirewallRule -Name 'example-*' | Format-Table -Property Position, Name, Action, Protocol, LocalPort, PacketCount

    # Only what is named changes; the counter stays.
    Set-FirewallRule -Name $name -Action Block -RemoteAddress 192.0.2.0/24, 2001:db8::/32

    Get-FirewallRule -Name $name | Disable-FirewallRule
    "enabled: $((Get-FirewallRule -Name $name).Enabled)"

    Get-FirewallRule -Name $name | Enable-FirewallRule
    "enabled: $((Get-FirewallRule -Name $name).Enabled)"
}
finally {
    Remove-FirewallRule -Name $name -Comment 'example 03 is done'
}
