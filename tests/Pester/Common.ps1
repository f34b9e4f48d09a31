# Dot-sourced by every test: imports the module that was built and connects to the engine of NETMOD_HOST_SOCKET.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = Split-Path -Path (Split-Path -Path $PSScriptRoot)
if (-not (Get-Module -Name Net.Module)) {
    $manifest = Get-ChildItem -Path "$root/artifacts/module/Net.Module/*/Net.Module.psd1" |
        Sort-Object -Property LastWriteTime |
        Select-Object -Last 1
    if (-not $manifest) {
        throw 'The module is not built: dotnet build src/Net.PowerShell'
    }

    Import-Module -Name $manifest.FullName
}

if (-not (Get-Module -Name NetAssertions)) {
    Import-Module -Name "$PSScriptRoot/NetAssertions.psm1"
}

function Test-EngineGiven {
    <#
    .SYNOPSIS
    Tells whether there is an engine to test with.
    #>
    [OutputType([bool])]
    param()

    [bool]$env:NETMOD_HOST_SOCKET
}

function Get-ValidatedPath {
    <#
    .SYNOPSIS
    Gets the paths that work. An engine that started just now has not measured any yet, so this waits for the first one, up to half a minute.
    #>
    param()

    $null = Watch-NetPath -StateOnly -Timeout 30s | Where-Object { $_.Path.State -eq 'Validated' } | Select-Object -First 1
    Get-NetPath -State Validated
}

function New-TestName {
    <#
    .SYNOPSIS
    Makes a name no other test uses. Cleaning up is Remove-TestItem's work.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '')]
    [OutputType([string])]
    param()

    "pester-$([guid]::NewGuid().ToString('N').Substring(0, 12))"
}

function Remove-TestItem {
    <#
    .SYNOPSIS
    Removes what tests made, and takes back a change that waits.
    #>
    [CmdletBinding(SupportsShouldProcess)]
    param()

    if (Get-NetEngine | Where-Object -Property ConfirmBy) {
        Restore-NetConfiguration -Pending
    }

    Get-FirewallRule -Name 'pester-*' | Remove-FirewallRule
    Get-NetPathRoute -Name 'pester-*' | Remove-NetPathRoute
}

function Get-Failure {
    <#
    .SYNOPSIS
    Runs a script and gives the error it makes, whether it ends the pipeline or not.
    #>
    [OutputType([Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)]
        [scriptblock]$Script
    )

    try {
        $ErrorActionPreference = 'Stop'
        $null = & $Script
    }
    catch {
        $_
    }
}
