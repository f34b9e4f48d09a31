@{
    RootModule           = 'Net.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '5f0c7a6e-3c0b-4f57-9a54-1f6d0e2b8c41'
    CompatiblePSEditions = @('Core')
    PowerShellVersion    = '7.6'
    Author               = 'Net.Module contributors'
    CompanyName          = 'Net.Module contributors'
    Copyright            = 'Copyright (c) 2026 Net.Module contributors. MIT license.'
    Description          = 'Network paths, routes, a firewall and the configuration of a host from PowerShell, over the Net engine.'
    FormatsToProcess     = @('Net.Module.Format.ps1xml')
    TypesToProcess       = @('Net.Module.Types.ps1xml')
    CmdletsToExport      = @(
        'Confirm-NetConfiguration'
        'Connect-NetEngine'
        'Disable-FirewallRule'
        'Disconnect-NetEngine'
        'Enable-FirewallRule'
        'Export-NetConfiguration'
        'Get-FirewallRule'
        'Get-NetConfiguration'
        'Get-NetEngine'
        'Get-NetEvent'
        'Get-NetPath'
        'Get-NetPathRoute'
        'Get-NetSecret'
        'Import-NetConfiguration'
        'Measure-NetPath'
        'New-FirewallRule'
        'New-NetPathRoute'
        'Remove-FirewallRule'
        'Remove-NetPathRoute'
        'Remove-NetSecret'
        'Restore-NetConfiguration'
        'Set-FirewallRule'
        'Set-NetPathRoute'
        'Set-NetSecret'
        'Test-NetConfiguration'
        'Test-NetPath'
        'Watch-NetPath'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('Network', 'Firewall', 'Routing', 'nftables', 'Linux', 'PSEdition_Core')
            ReleaseNotes = 'CHANGELOG.md says what changed in each version.'
            Prerelease   = 'preview1'
        }
    }
}
