#Requires -Version 7.6 -Modules Net.Module
# Closes a host you only reach over the network, in three steps that cannot lock you out: ask, change for a time, confirm. Role: operator.
# The last lines tell how to keep it; without -Keep everything is taken back.
[CmdletBinding()]
param(
    # Where you come from, and the address of this host you connect to; by default that of its first path.
    [string]$Management = '10.10.0.0/24',
    [string]$From = '10.10.0.7',
    [string]$HostAddress,
    [string]$InterfaceAlias,
    [int]$Port = 22,

    # How long you have to find out that you are still connected.
    [string]$Within = '2m',

    # Answer instead of being asked.
    [ValidateSet('Yes', 'No')]
    [string]$Works,
    [switch]$Keep
)

$ErrorActionPreference = 'Stop'
if (-not $HostAddress) {
    $HostAddress = Get-NetPath | Where-Object -Property LocalAddress | Select-Object -First 1 -ExpandProperty LocalAddress
}

$before = Get-FirewallProfile
try {
    $null = New-FirewallRule -Name example-management -Action Allow -Protocol Tcp -LocalPort $Port -RemoteAddress $Management -Position 1

    # First ask, without changing anything: would your connection pass if the profile were in force?
    $plan = (Get-NetConfiguration).Document
    $plan.Firewall.Profile.Enabled = $true
    $me = @{ DestinationAddress = $HostAddress; DestinationPort = $Port; SourceAddress = $From; Direction = 'Inbound' }
    if ($InterfaceAlias) {
        $me.InterfaceAlias = $InterfaceAlias
    }

    $verdict = Test-NetFlow @me -Document $plan
    $verdict | Format-List -Property Allowed, Rule, Reason
    if (-not $verdict.Allowed) {
        'not changed: you would lose the connection'
        return
    }

    if ($before.Enabled) {
        'not changed: the profile is in force already, so that there is nothing to confirm'
        return
    }

    # Then change it for a time. The engine takes it back by itself: no matter what becomes of this session, the network, or the engine.
    Set-FirewallProfile -Enabled -ConfirmWithin $Within -Comment 'closed, by example 22' -WarningAction SilentlyContinue
    "taken back at $((Get-NetEngine).ConfirmBy) unless confirmed"

    # And confirm from a second session, which shows that new connections pass as well.
    $answer = if ($Works) { $Works } else { Read-Host -Prompt 'Open a second session. Does it work? (yes/no)' }
    if ($answer -eq 'yes') {
        "generation $((Confirm-NetConfiguration -PassThru).Generation) is kept"
    }
    else {
        Restore-NetConfiguration -Pending
        'taken back'
    }
}
finally {
    if (-not $Keep) {
        Set-FirewallProfile -Enabled:$before.Enabled
        Get-FirewallRule -Name 'example-management*' | Remove-FirewallRule
    }
}
