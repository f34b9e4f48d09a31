# Front door for PowerShell, on Linux and Windows: the same tasks as build.sh. `./build.ps1 -Task help` lists them.
[CmdletBinding()]
param(
    [string] $Task = 'help',

    [Parameter(ValueFromRemainingArguments)]
    [string[]] $Arguments = @()
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if (-not $IsWindows) {
    & (Join-Path $PSScriptRoot 'build.sh') $Task @Arguments
    exit $LASTEXITCODE
}

$env:MSBUILDDISABLENODEREUSE = '1'
$sdks = if (Get-Command -Name dotnet -ErrorAction Ignore) { dotnet --list-sdks } else { '' }
if (-not ($sdks -match '^10\.')) {
    throw 'The .NET 10 SDK is needed: https://dotnet.microsoft.com/download/dotnet/10.0'
}

$log = dotnet build (Join-Path $PSScriptRoot 'build/Net.Build') -c Release -nologo -v:q
if ($LASTEXITCODE -ne 0) {
    $log | Write-Output
    exit $LASTEXITCODE
}

dotnet (Join-Path $PSScriptRoot 'artifacts/bin/Net.Build/release/Net.Build.dll') $Task @Arguments
exit $LASTEXITCODE
