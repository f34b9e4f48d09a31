# Tests of your own network, with the operators of the module NetAssertions. Run: Invoke-Pester ./Network.Tests.ps1 -Output Detailed
# NetAssertions is in tests/Pester of the source; copy NetAssertions.psm1 to a folder of PSModulePath to use it elsewhere.
BeforeAll {
    Import-Module -Name Net.Module
    if (-not (Get-Module -Name NetAssertions)) {
        Import-Module -Name "$PSScriptRoot/../../tests/Pester/NetAssertions.psm1"
    }
}

Describe 'The uplinks' {
    It 'has a way out that works' {
        @(Get-NetPath -State Validated) | Should -Not -BeNullOrEmpty
    }

    It 'reaches the gateway of the path in use quickly' {
        $selected = Get-NetPath -SelectedOnly | Select-Object -First 1
        $selected.PathId | Should -HaveNetPath -State Validated -Selected
        $selected.PathId | Should -BeReachable -Within 100ms
    }
}

Describe 'The firewall' {
    It 'has no rule that blocks everything that comes in' {
        $all = Get-FirewallRule -Direction Inbound -Action Block, Reject |
            Where-Object { $_.Enabled -and "$($_.Protocol)" -eq 'Any' -and -not $_.RemoteAddress -and -not $_.LocalAddress -and -not $_.InterfaceAlias }
        $all.Name | Should -BeNullOrEmpty -Because 'it would block answers, the loopback interface and IPv6 neighbour discovery as well'
    }

    It 'has no leftover of the examples' {
        'example-backup' | Should -Not -HaveFirewallRule
    }
}

Describe 'The engine' {
    It 'has everything in force that is desired' {
        (Get-NetEngine).Subsystems | Where-Object -Property InDesiredState -EQ -Value $false | Should -BeNullOrEmpty
    }

    It 'runs with two capabilities and cannot regain others' {
        $privileges = (Get-NetEngine).Privileges
        $privileges.BoundingCapabilities | Sort-Object | Should -Be 'CAP_BPF', 'CAP_KILL', 'CAP_NET_ADMIN', 'CAP_NET_RAW', 'CAP_PERFMON', 'CAP_SETGID', 'CAP_SETUID'
        $privileges.NoNewPrivileges | Should -BeTrue
    }

    It 'lets no change wait for its confirmation' {
        (Get-NetEngine).ConfirmBy | Should -BeNullOrEmpty
    }
}
