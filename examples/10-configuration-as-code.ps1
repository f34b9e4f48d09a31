#Requires -Version 7.6 -Modules Net.Module
# Keeps a host as a file says. Run it as often as you like: it changes something only when something differs.
# Role: operator; admin if the file changes the section access.
# The file is the whole document: what it does not name gets its default.
[CmdletBinding()]
param(
    [string]$Path = "$PSScriptRoot/10-configuration.yaml",

    # Look only.
    [switch]$CheckOnly
)

$ErrorActionPreference = 'Stop'

$test = Test-NetConfiguration -Path $Path
if (-not $test.IsValid) {
    $test.Problems | ForEach-Object { "$($_.Place) $($_.Message)".Trim() }
    throw "$Path is not a valid configuration."
}

if ($test.InDesiredState) {
    'in force already, nothing to do'
    return
}

$test.Plan.Changes | ForEach-Object { "$_" }
if ($CheckOnly) {
    return
}

# Refuse if somebody changed the configuration since we looked.
$before = (Get-NetConfiguration).Info.Generation
$change = @{ ConfirmWithin = '1m'; ExpectedGeneration = $before; Comment = "from $(Split-Path -Path $Path -Leaf)" }
Import-NetConfiguration -Path $Path @change

# The engine has an uplink that answers: keep the change. Otherwise it goes by itself.
if ((Get-NetPath -State Validated).Count -gt 0) {
    Confirm-NetConfiguration
}

# What differs from before, as the engine sees it, and the file as the engine would write it.
Get-NetConfiguration -CompareTo $before | Select-Object -ExpandProperty Changes | ForEach-Object { "$_" }
Export-NetConfiguration -Path "$([IO.Path]::GetTempPath())/example-exported.yaml" -Force
"to go back: Restore-NetConfiguration -Generation $before"
