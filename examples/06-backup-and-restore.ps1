#Requires -Version 7.6 -Modules Net.Module
# Makes an encrypted backup of configuration and secrets, breaks something, and restores it. Role: admin.
[CmdletBinding()]
param(
    # At least 12 characters. Without it the archive cannot be opened by anybody.
    [securestring]$Passphrase = (Read-Host -AsSecureString -Prompt 'Passphrase'),

    [string]$Path = "$([IO.Path]::GetTempPath())/example.netmod-backup"
)

$ErrorActionPreference = 'Stop'

# A secret: the configuration refers to it as secret:example-token, and nothing ever shows its value.
$token = [securestring]::new()
foreach ($code in Get-SecureRandom -Count 24 -InputObject (97..122)) {
    $token.AppendChar([char]$code)
}

Set-NetSecret -Name example-token -Value $token
New-FirewallRule -Name example-backup -Action Reject -Protocol Tcp -LocalPort 23 | Format-Table -Property Name, Action
Get-NetSecret | Format-Table

# The archive carries the document and the secrets' values, encrypted. Only its owner may read the file.
Export-NetConfiguration -Path $Path -Backup -Passphrase $Passphrase -Force

# Something goes wrong ...
Remove-FirewallRule -Name example-backup
Remove-NetSecret -Name example-token

# ... and comes back whole.
Import-NetConfiguration -Path $Path -Backup -Passphrase $Passphrase -Comment 'restored from the backup'
"rule is back: $((Get-FirewallRule -Name example-backup).Name)"
"secret is back: $((Get-NetSecret -Name example-token).Name)"

# For the document alone no archive is needed: the last 50 generations are kept.
Get-NetConfiguration -History | Select-Object -First 3 | Format-Table
Remove-FirewallRule -Name example-backup
$before = Get-NetConfiguration -History | Select-Object -Skip 1 -First 1
Restore-NetConfiguration -Generation $before.Generation -WhatIf
Restore-NetConfiguration -Generation $before.Generation
"rule is back: $((Get-FirewallRule -Name example-backup).Name)"

Remove-FirewallRule -Name example-backup
Remove-NetSecret -Name example-token
Remove-Item -Path $Path
