<#
.SYNOPSIS
Runs the Pester suite against the built module and a real engine in a lab of its own; ends with the counts alone on a line.
.DESCRIPTION
Needs root (network namespaces), Pester 5, and the published programs (./build.sh publish). Without root only the tests that need no engine run.
#>
[CmdletBinding()]
param()

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = Split-Path -Path (Split-Path -Path $PSScriptRoot)
$netmod = Join-Path -Path $root -ChildPath 'artifacts/publish/netmod/netmod'
$lab = "pester-$PID"
$folder = Join-Path -Path ([IO.Path]::GetTempPath()) -ChildPath "netmod-$lab"

function Start-LabEngine {
    <#
    .SYNOPSIS
    Builds the lab, starts an engine in its router and waits until it answers.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '')]
    param()

    & $netmod lab up two-uplinks --name $lab | Out-Null
    New-Item -Path $folder -ItemType Directory | Out-Null
    & chmod 0700 $folder
    $env:NETMOD_HOST_SOCKET = Join-Path -Path $folder -ChildPath 'engine.sock'
    $engine = @{
        FilePath               = $netmod
        ArgumentList           = 'lab', 'exec', $lab, 'router', $netmod, 'engine', 'run', '--socket', $env:NETMOD_HOST_SOCKET,
        '--state', "$folder/state", '--config', "$folder/config"
        RedirectStandardOutput = "$folder/engine.log"
        RedirectStandardError  = "$folder/engine.err"
    }
    Start-Process @engine
    $deadline = [datetime]::UtcNow.AddSeconds(20)
    do {
        $paths = & $netmod path list --output json 2> $null | ConvertFrom-Json
        $isReady = $LASTEXITCODE -eq 0 -and @($paths | Where-Object -Property state -EQ 'validated').Count -gt 0
    } until ($isReady -or [datetime]::UtcNow -gt $deadline)

    if (-not $isReady) {
        throw "The engine did not answer within 20 s: $(Get-Content -Path "$folder/engine.err" -Raw)"
    }
}

function Stop-LabEngine {
    <#
    .SYNOPSIS
    Stops the engine and takes the lab down.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '')]
    param()

    & $netmod engine stop 2>&1 | Out-Null
    & $netmod lab down $lab 2>&1 | Out-Null
    Remove-Item -Path $folder -Recurse -Force -ErrorAction SilentlyContinue
    $env:NETMOD_HOST_SOCKET = $null
}

if (-not (Get-Module -Name Pester -ListAvailable | Where-Object -Property Version -GE '5.0')) {
    '[!] every test: Pester 5 is not installed here'
    '0 passed, 0 failed, 1 skipped'
    exit 0
}

Import-Module -Name Pester -MinimumVersion 5.0
$hasEngine = (& id -u) -eq '0'
try {
    if ($hasEngine) {
        Start-LabEngine
    }

    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $PSScriptRoot
    $configuration.Run.PassThru = $true
    $configuration.Output.Verbosity = 'Detailed'
    $configuration.Output.RenderMode = 'Plaintext'
    $result = Invoke-Pester -Configuration $configuration
}
finally {
    if ($hasEngine) {
        Stop-LabEngine
    }
}

"$($result.PassedCount) passed, $($result.FailedCount) failed, $($result.SkippedCount) skipped"
exit ([int]($result.FailedCount -gt 0))
