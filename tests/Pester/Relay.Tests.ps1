BeforeDiscovery {
    . "$PSScriptRoot/Common.ps1"
    $withoutEngine = -not (Test-EngineGiven)
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"

    function Remove-TestRelay {
        [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '')]
        param()

        if (Get-NetEngine | Where-Object -Property ConfirmBy) {
            Restore-NetConfiguration -Pending
        }

        Get-RelayRule -Name 'pester-*' | Remove-RelayRule
    }
}

Describe 'Rules of the relay' -Skip:$withoutEngine {
    BeforeEach {
        $name = New-TestName

        # An interface nobody has: rules wait for it, so that no packet of the host is touched.
        $output = @{ InterfaceAlias = 'nm-none1'; Destination = '239.2.2.2'; Port = 6000; Ttl = 4 }
        $parts = @{ InterfaceAlias = 'nm-none0'; Group = '239.1.1.1'; Port = 5000; Output = $output }
        $rule = New-RelayRule -Name $name @parts
    }

    AfterEach {
        Remove-TestRelay
    }

    It 'makes a rule with an id, which waits for its interface and says so' {
        $rule.Id | Should -BeGreaterThan 0
        $rule.Outputs[0].ToString() | Should -Be 'nm-none1,destination=239.2.2.2,port=6000,ttl=4'
        $now = Get-RelayRule -Name $name
        $now.State | Should -Be 'Waiting'
        $now.Reason | Should -BeLike '*nm-none*'
        Get-RelayRule -State Waiting | Where-Object -Property Name -EQ $name | Should -HaveCount 1
    }

    It 'keeps the id through every change, and gives another after a removal' {
        $id = $rule.Id
        (Set-RelayRule -Name $name -Output 'nm-none2', 'nm-none3,ttl=2' -PassThru).Id | Should -Be $id
        (Get-RelayRule -Name $name | Set-RelayRule -NewName "$name-2" -Description renamed -PassThru).Id | Should -Be $id
        Disable-RelayRule -Name "$name-2"
        (Get-RelayRule -Name "$name-2").State | Should -Be 'Disabled'
        (Get-RelayRule -Name "$name-2" | Enable-RelayRule -PassThru).Id | Should -Be $id
        Remove-RelayRule -Name "$name-2"
        (New-RelayRule -Name "$name-2" @parts).Id | Should -BeGreaterThan $id
    }

    It 'takes outputs as tables, texts and cells' {
        $rows = @(
            [pscustomobject]@{ Name = "$name-a"; InterfaceAlias = 'nm-none0'; Group = '239.1.1.2'; Port = '5000-5010'; Output = 'nm-none1;nm-none2,ttl=2' }
            [pscustomobject]@{ Name = "$name-b"; InterfaceAlias = 'nm-none0'; Group = '239.1.0.0/16'; Port = 5001; Output = 'nm-none1,pause' }
        )
        $made = $rows | New-RelayRule
        $made[0].Outputs | Should -HaveCount 2
        $made[1].Outputs[0].PauseWithoutReceivers | Should -BeTrue
        "$($made[0].Port)" | Should -Be '5000-5010'
    }

    It 'takes values away' {
        Set-RelayRule -Name $name -Source 192.0.2.1 -AllowedSource 192.0.2.0/24 -Description text
        $changed = Set-RelayRule -Name $name -Source Any -AllowedSource Any -Description '' -PassThru
        $changed.Source | Should -BeNullOrEmpty
        $changed.AllowedSources | Should -BeNullOrEmpty
        $changed.Description | Should -BeNullOrEmpty
    }

    It 'changes nothing under -WhatIf' {
        New-RelayRule -Name "$name-2" @parts -WhatIf | Should -BeNullOrEmpty
        Remove-RelayRule -Name $name -WhatIf
        Get-RelayRule -Name "$name*" | Should -HaveCount 1
    }

    It 'takes a change back that nobody confirms' {
        Remove-RelayRule -Name $name -ConfirmWithin 1m -WarningAction SilentlyContinue
        Restore-NetConfiguration -Pending
        (Get-RelayRule -Name $name).Id | Should -Be $rule.Id
    }

    It 'refuses loops, scopes and engines that cannot, with what to do' {
        $loop = Get-Failure { New-RelayRule -Name "$name-2" -InterfaceAlias nm-none0 -Group 239.1.1.9 -Port 5000 -Output nm-none0 }
        $loop.FullyQualifiedErrorId | Should -BeLike 'RelayRuleLoops,*'
        $scope = Get-Failure { New-RelayRule -Name "$name-2" -InterfaceAlias nm-none0 -Group 239.255.1.1 -Port 5000 -Output 'nm-none1,ttl=9' }
        $scope.FullyQualifiedErrorId | Should -BeLike 'RelayScopeExceeded,*'
        $scope.ErrorDetails.RecommendedAction | Should -BeLike '*Set-RelaySetting*'
        (Get-Failure { New-RelayRule -Name "$name-2" @parts -Engine Tcx -AnalyzeSequence }).FullyQualifiedErrorId | Should -BeLike 'RelayEngineNotUsable,*'
        (Get-Failure { New-RelayRule -Name $name @parts }).FullyQualifiedErrorId | Should -BeLike 'RelayRuleExists,*'
    }

    It 'names what it could not find' {
        $failure = Get-Failure { Set-RelayRule -Name 'no-such-rule' -Engine Auto }
        $failure.FullyQualifiedErrorId | Should -BeLike 'RelayRuleNotFound,*'
        $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        Get-RelayRule -Name 'no-such-*' | Should -BeNullOrEmpty
        (Get-Failure { Get-RelayWorker -Index 63 }).FullyQualifiedErrorId | Should -BeLike 'RelayWorkerNotFound,*'
    }

    It 'counts, and begins counters anew' {
        $statistic = Get-RelayStatistic -Name $name
        $statistic.Id | Should -Be $rule.Id
        $statistic.Outputs | Should -HaveCount 1
        (Reset-RelayStatistic -Name $name -PassThru).Packets | Should -Be 0
        Watch-RelayStatistic -Name $name -Timeout 1s | Should -Not -BeNullOrEmpty
    }

    It 'does not trace what does not forward' {
        (Get-Failure { Start-PacketTrace -RelayRule $name -Duration 1s }).FullyQualifiedErrorId | Should -BeLike 'RelayTraceRefused,*'
    }

    It 'completes names and shows rules in a table' {
        (TabExpansion2 -inputScript "Get-RelayRule $($name.Substring(0, 12))" -cursorColumn 26).CompletionMatches.CompletionText | Should -Contain $name
        Get-RelayRule -Name $name | Format-Table | Out-String -Width 80 | Should -BeLike '*Waiting*239.1.1.1:5000*'
        Get-RelayRule -Name $name | Format-List | Out-String | Should -BeLike '*nm-none1,destination=239.2.2.2*'
    }
}

Describe 'Settings of the relay' -Skip:$withoutEngine {
    BeforeEach {
        $before = Get-RelaySetting
    }

    AfterEach {
        Set-RelaySetting -Workers $before.Workers -PinWorkers:$before.PinWorkers -RingBytes $before.RingBytes -Querier $before.Queriers
    }

    It 'change one by one' {
        $changed = Set-RelaySetting -Workers 1 -Querier 'nm-none1', @{ InterfaceAlias = 'nm-none2'; QueryInterval = '30s' } -PassThru
        $changed.Workers | Should -Be 1
        $changed.RingBytes | Should -Be $before.RingBytes
        $changed.Queriers[1].QueryInterval | Should -Be ([timespan]'00:00:30')
        (Set-RelaySetting -Querier @() -PassThru).Queriers | Should -BeNullOrEmpty
    }

    It 'are refused out of range' {
        (Get-Failure { Set-RelaySetting -Workers 65 }).FullyQualifiedErrorId | Should -BeLike 'RelaySettingInvalid,*'
    }

    It 'list groups' {
        Get-MulticastGroup -InterfaceAlias 'nm-none*' -Role Receiver | Should -BeNullOrEmpty
    }
}
