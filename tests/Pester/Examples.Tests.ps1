# The examples do what they say, against a real engine.
BeforeDiscovery {
    . "$PSScriptRoot/Common.ps1"
    $overlays = (Test-EngineGiven) -and (Test-Overlay -Quiet)
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $examples = "$(Split-Path -Path (Split-Path -Path $PSScriptRoot))/examples"

    # The examples ask for the module by its name.
    $modules = Split-Path -Path (Split-Path -Path (Split-Path -Path (Get-Module -Name Net.Module).Path))
    if ($env:PSModulePath -notlike "*$modules*") {
        $env:PSModulePath = "$modules$([IO.Path]::PathSeparator)$env:PSModulePath"
    }

    if (Test-EngineGiven) {
        $null = Get-ValidatedPath
    }
}

Describe 'The examples' -Skip:(-not $env:NETMOD_HOST_SOCKET) {
    BeforeEach {
        $before = (Get-NetConfiguration).Info.Generation
    }

    AfterEach {
        if ((Get-NetEngine).ConfirmBy) {
            Restore-NetConfiguration -Pending
        }

        Restore-NetConfiguration -Generation $before -WarningAction SilentlyContinue
    }

    It 'show paths' {
        & "$examples/01-see-paths.ps1" | Out-String | Should -BeLike '*Validated*'
    }

    It 'measure paths' {
        $fastest = & "$examples/02-measure-paths.ps1" | Where-Object { "$_" -like 'fastest: *' }
        $fastest -replace '^fastest: ' | Should -BeIn (Get-NetPath).PathId
    }

    It 'block a port and clean up' {
        & "$examples/03-block-a-port.ps1" -Port 8081 | Out-String | Should -BeLike '*enabled: False*enabled: True*'
        Get-FirewallRule -Name 'example-*' | Should -BeNullOrEmpty
    }

    It 'keep a change when the path works, and take it back when it does not' {
        $good = (Get-NetPath -State Validated | Select-Object -First 1).InterfaceAlias
        $change = @{ Management = '0.0.0.0/0'; Within = '1m'; WarningAction = 'SilentlyContinue' }
        & "$examples/04-safe-change-over-ssh.ps1" @change -CheckPath $good | Select-Object -Last 1 | Should -BeLike 'generation * is kept'
        (Get-FirewallRule -Name 'example-ssh-*').Count | Should -Be 2
        Get-FirewallRule -Name 'example-ssh-*' | Remove-FirewallRule

        & "$examples/04-safe-change-over-ssh.ps1" @change -CheckPath 'nothing*' | Select-Object -Last 1 | Should -Be 'taken back'
        Get-FirewallRule -Name 'example-ssh-*' | Should -BeNullOrEmpty
    }

    It 'make rules from a table' {
        & "$examples/05-bulk-rules-from-csv.ps1" | Out-String | Should -BeLike '*5 rules in one transaction*'
        (Get-FirewallRule -Name 'example-csv-web').LocalPort -join ',' | Should -Be '80,443'
        (Get-FirewallRule -Name 'example-csv-dns').RemoteAddress -join ',' | Should -Be '192.0.2.0/24'
    }

    It 'restore a backup' {
        $passphrase = [securestring]::new()
        'correct horse battery'.ToCharArray() | ForEach-Object { $passphrase.AppendChar($_) }
        $output = & "$examples/06-backup-and-restore.ps1" -Passphrase $passphrase -Path "$TestDrive/backup" | Out-String
        $output | Should -BeLike '*rule is back: example-backup*secret is back: example-token*rule is back: example-backup*'
    }

    It 'watch' {
        & "$examples/07-watch-events.ps1" -For 1s | Out-String | Should -BeLike '*path Present*'
    }

    It 'keep a route and clean up' {
        & "$examples/08-routes.ps1" | Out-String | Should -BeLike '*example-lab*Installed*example-later*Waiting*'
        Get-NetPathRoute -Name 'example-*' | Should -BeNullOrEmpty
    }

    It 'compare an engine with itself' {
        & "$examples/09-compare-engines.ps1" -Left $env:NETMOD_HOST_SOCKET -Right $env:NETMOD_HOST_SOCKET | Select-Object -Last 1 | Should -Be '0 differences'
    }

    It 'apply a file once and find it in force the second time' {
        & "$examples/10-configuration-as-code.ps1" -WarningAction SilentlyContinue | Select-Object -Last 1 | Should -BeLike 'to go back:*'
        & "$examples/10-configuration-as-code.ps1" | Should -Be 'in force already, nothing to do'
    }

    It 'join two hosts by an overlay and clean up' -Skip:(-not $overlays) {
        & "$examples/11-two-laptops.ps1" -ListenPort 0 -Wait 1s | Out-String | Should -BeLike '*my public key: nmk1*'
        Get-Overlay -Name 'example-*' | Should -BeNullOrEmpty
    }

    It 'show the life of a network and clean up' -Skip:(-not $overlays) {
        $passphrase = [securestring]::new()
        'correct horse battery'.ToCharArray() | ForEach-Object { $passphrase.AppendChar($_) }
        $output = & "$examples/14-membership.ps1" -Passphrase $passphrase -BackupPath "$TestDrive/key" -ListenPort 0 | Out-String
        $output | Should -BeLike '*network is back: True*'
        Get-OverlayNetwork -Name 'example-*' | Should -BeNullOrEmpty
    }

    It 'keep a policy by its tests and clean up' -Skip:(-not $overlays) {
        & "$examples/15-overlay-policy.ps1" -ListenPort 0 | Out-String | Should -BeLike '*refused: OverlayPolicyTestFailed*'
        Get-Overlay -Name 'example-*' | Should -BeNullOrEmpty
    }

    It 'relay channels to two networks and clean up' {
        & "$examples/16-iptv.ps1" -From nm-none0 -To nm-none1, nm-none2 -Watch 1s | Out-String | Should -BeLike '*example-channel-1*Waiting*'
        Get-RelayRule -Name 'example-*' | Should -BeNullOrEmpty
    }

    It 'fan market data out and clean up' {
        & "$examples/17-market-data.ps1" -From nm-none0 -To nm-none1 | Out-String | Should -BeLike '*Waiting*'
        Get-RelayRule -Name 'example-*' | Should -BeNullOrEmpty
    }

    It 'carry a group between sites and clean up' {
        foreach ($site in 'Head', 'Branch') {
            & "$examples/18-multicast-between-sites.ps1" -Site $site -Lan nm-none0 -Wan nm-none1 -Wait 1s | Out-String | Should -BeLike '*Waiting*'
        }

        Get-RelayRule -Name 'example-*' | Should -BeNullOrEmpty
    }

    It 'make a home router and clean up' {
        & "$examples/20-home-router.ps1" -Wan nm-none0 -Lan nm-none1 | Out-String | Should -BeLike '*example-web*'
        Get-FirewallZone -Name 'example-*' | Should -BeNullOrEmpty
    }

    It 'close a server and clean up' {
        & "$examples/21-server-firewall.ps1" -Watch 1s -ExportPath "$TestDrive/server.nft" | Out-String | Should -BeLike '*example-ssh*'
        Get-FirewallRule -Name 'example-*' | Should -BeNullOrEmpty
    }

    It 'close a host from afar, and take it back when it does not work' {
        $me = @{ Management = '0.0.0.0/0'; From = '192.0.2.7'; Within = '1m' }
        & "$examples/22-lock-out-safe-change.ps1" @me -Works Yes | Select-Object -Last 1 | Should -BeLike 'generation * is kept'
        & "$examples/22-lock-out-safe-change.ps1" @me -Works No | Select-Object -Last 1 | Should -Be 'taken back'
    }

    It 'ban and clean up' {
        & "$examples/23-ban-list.ps1" | Out-String | Should -BeLike '*198.51.100.7*'
        Get-FirewallAddressList -Name 'example-*' | Should -BeNullOrEmpty
    }

    It 'keep rules by time and clean up' {
        & "$examples/24-schedule-and-application.ps1" -Lan nm-none0 | Out-String | Should -BeLike '*2026-01-14T22:30*'
        Get-FirewallRule -Name 'example-*' | Should -BeNullOrEmpty
    }
}
