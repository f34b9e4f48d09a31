#Requires -Version 7.6 -Modules Net.Module
# Limits SSH to one network without the risk of locking yourself out. Role: operator.
# The rules are in force at once and taken back by themselves unless they are confirmed in time.
# Remove them later: Remove-FirewallRule example-ssh-allow, example-ssh-block
[CmdletBinding()]
param(
    # The network you work from. If it is the wrong one, you lose the connection for the time of -Within and no longer.
    [string]$Management = '10.10.0.0/24',

    # How long you have to find out that you are still connected.
    [string]$Within = '2m',

    # Confirm by asking whether a path still works, instead of asking you.
    [string]$CheckPath
)

$ErrorActionPreference = 'Stop'

# One pipeline is one transaction. Order matters: the first rule that matches decides.
@(
    [pscustomobject]@{ Name = 'example-ssh-allow'; Action = 'Allow'; Protocol = 'Tcp'; LocalPort = '22'; RemoteAddress = $Management }
    [pscustomobject]@{ Name = 'example-ssh-block'; Action = 'Block'; Protocol = 'Tcp'; LocalPort = '22'; RemoteAddress = 'Any' }
) | New-FirewallRule -ConfirmWithin $Within -Comment 'SSH from the management network only' | Format-Table -Property Position, Name, Action, RemoteAddress

"rolled back at $((Get-NetEngine).ConfirmBy) unless confirmed"

# Whoever lost the connection never comes to this line, and the rules go by themselves.
$works = if ($CheckPath) { Test-NetPath -Name $CheckPath } else { (Read-Host -Prompt 'Open a second SSH session. Does it work? (yes/no)') -eq 'yes' }
if ($works) {
    $kept = Confirm-NetConfiguration -PassThru
    "generation $($kept.Generation) is kept"
}
else {
    Restore-NetConfiguration -Pending
    'taken back'
}
