BeforeDiscovery {
    . "$PSScriptRoot/Common.ps1"
    $withoutEngine = -not (Test-EngineGiven)
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Firewall rules' -Skip:$withoutEngine {
    BeforeEach {
        $name = New-TestName
    }

    AfterEach {
        Remove-TestItem
    }

    It 'creates a rule and gives it back whole' {
        $rule = New-FirewallRule $name -Action Block -Protocol Tcp -LocalPort 80, '8000-8010' -RemoteAddress 192.0.2.0/24 -Description 'a test'
        $rule.Name | Should -Be $name
        $rule.Id | Should -BeGreaterThan 0
        $name | Should -HaveFirewallRule -Action Block -Protocol Tcp -LocalPort 80, 8000-8010 -RemoteAddress 192.0.2.0/24
        (Get-FirewallRule -Name $name).Description | Should -Be 'a test'
    }

    It 'takes ports as numbers, texts, ranges and texts with commas' {
        (New-FirewallRule $name -Action Allow -Protocol Udp -LocalPort 53).LocalPort -join ' ' | Should -Be '53'
        (Set-FirewallRule $name -LocalPort '53,5353' -PassThru).LocalPort -join ' ' | Should -Be '53 5353'
        (Set-FirewallRule $name -LocalPort Any -PassThru).LocalPort | Should -BeNullOrEmpty
    }

    It 'says which port it cannot read' {
        $failure = Get-Failure { New-FirewallRule $name -Action Allow -Protocol Tcp -LocalPort 70000 }
        $failure.Exception.Message | Should -BeLike "*'70000'*"
    }

    It 'shows the plan under -WhatIf and changes nothing' {
        $before = (Get-NetEngine).Generation
        New-FirewallRule $name -Action Block -Protocol Tcp -LocalPort 23 -WhatIf 6>&1 | Should -BeNullOrEmpty
        $name | Should -Not -HaveFirewallRule
        (Get-NetEngine).Generation | Should -Be $before
    }

    It 'obeys $WhatIfPreference as well' {
        & {
            $WhatIfPreference = $true
            New-FirewallRule $name -Action Block | Should -BeNullOrEmpty
        }
        $name | Should -Not -HaveFirewallRule
    }

    It 'disables, enables and removes by pipeline' {
        New-FirewallRule $name -Action Block | Disable-FirewallRule
        $name | Should -HaveFirewallRule -Disabled
        (Get-FirewallRule $name | Enable-FirewallRule -PassThru).Enabled | Should -BeTrue
        (Get-FirewallRule $name | Remove-FirewallRule -PassThru).Name | Should -Be $name
        $name | Should -Not -HaveFirewallRule
    }

    It 'removes nothing under -WhatIf' {
        $rule = New-FirewallRule $name -Action Block
        $rule | Remove-FirewallRule -WhatIf
        $name | Should -HaveFirewallRule
    }

    It 'writes nothing without -PassThru' {
        $null = New-FirewallRule $name -Action Block
        Set-FirewallRule $name -Action Reject | Should -BeNullOrEmpty
        Disable-FirewallRule $name | Should -BeNullOrEmpty
        Remove-FirewallRule $name | Should -BeNullOrEmpty
    }

    It 'changes only what is given, even when the piped rule is old' {
        $old = New-FirewallRule $name -Action Block -Protocol Tcp -LocalPort 80
        Set-FirewallRule $name -LocalPort 443
        $old | Set-FirewallRule -Description 'new'
        $rule = Get-FirewallRule $name
        $rule.LocalPort -join ' ' | Should -Be '443'
        $rule.Description | Should -Be 'new'
        $rule.Id | Should -Be $old.Id
    }

    It 'makes one transaction of one pipeline' {
        $before = (Get-NetEngine).Generation
        $rules = 1..50 | ForEach-Object { [pscustomobject]@{ Name = "$name-$_"; Action = 'Block'; Protocol = 'Tcp'; LocalPort = $_ } } |
            New-FirewallRule -Comment 'fifty'
        $rules | Should -HaveCount 50
        (Get-NetEngine).Generation | Should -Be ($before + 1)
        $rules | Remove-FirewallRule
        (Get-NetEngine).Generation | Should -Be ($before + 2)
    }

    It 'takes different changes for different rules by property name in one transaction' {
        $null = New-FirewallRule "$name-a" -Action Block -Protocol Tcp -LocalPort 1
        $null = New-FirewallRule "$name-b" -Action Block -Protocol Tcp -LocalPort 2
        $before = (Get-NetEngine).Generation
        @"
Name,LocalPort,Description
$name-a,"80,443",first
$name-b,53,second
"@ | ConvertFrom-Csv | Set-FirewallRule
        (Get-NetEngine).Generation | Should -Be ($before + 1)
        (Get-FirewallRule "$name-a").LocalPort -join ' ' | Should -Be '80 443'
        (Get-FirewallRule "$name-b").Description | Should -Be 'second'
    }

    It 'takes names from the pipeline' {
        $null = New-FirewallRule "$name-a" -Action Block
        $null = New-FirewallRule "$name-b" -Action Block
        "$name-a", "$name-b" | Disable-FirewallRule
        (Get-FirewallRule "$name-*").Enabled | Should -Be $false, $false
        [pscustomobject]@{ Name = "$name-a" } | Remove-FirewallRule
        (Get-FirewallRule "$name-*").Name | Should -Be "$name-b"
    }

    It 'keeps a copy of a disabled rule disabled' {
        $copy = New-FirewallRule $name -Action Block -Disabled | New-FirewallRule -Name "$name-copy"
        $copy.Enabled | Should -BeFalse
    }

    It 'copies rules, with parts replaced' {
        $null = New-FirewallRule $name -Action Block -Protocol Tcp -LocalPort 80
        $copy = Get-FirewallRule $name | New-FirewallRule -Name "$name-copy" -LocalPort 81
        $copy.LocalPort -join ' ' | Should -Be '81'
        $copy.Action | Should -Be 'Block'
    }

    It 'places rules' {
        $null = New-FirewallRule "$name-a" -Action Block
        (New-FirewallRule "$name-b" -Action Block -Position 1).Position | Should -Be 1
        (Set-FirewallRule "$name-a" -Position 1 -PassThru).Position | Should -Be 1
        (Get-FirewallRule "$name-*").Name | Should -Be "$name-a", "$name-b"
    }

    It 'names the rule it could not find and goes on with the others' {
        $null = New-FirewallRule $name -Action Block
        Remove-FirewallRule 'no-such-rule', $name -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure | Should -HaveCount 1
        $failure[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'FirewallRuleNotFound,*'
        $failure[0].TargetObject | Should -Be 'no-such-rule'
        $name | Should -Not -HaveFirewallRule
    }

    It 'is silent about a pattern that matches nothing' {
        Get-FirewallRule 'no-such-*' -ErrorVariable failure | Should -BeNullOrEmpty
        Remove-FirewallRule 'no-such-*' -ErrorVariable +failure
        $failure | Should -BeNullOrEmpty
    }

    It 'refuses a name that exists' {
        $null = New-FirewallRule $name -Action Block
        $failure = Get-Failure { New-FirewallRule $name.ToUpperInvariant() -Action Block }
        $failure.CategoryInfo.Category | Should -Be 'ResourceExists'
        $failure.FullyQualifiedErrorId | Should -BeLike 'FirewallRuleExists,*'
    }

    It 'refuses parts that do not fit together' {
        $failure = Get-Failure { New-FirewallRule $name -Action Block -Protocol Icmp -LocalPort 80 }
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
    }

    It 'takes a change back that nobody confirms' {
        $null = New-FirewallRule $name -Action Block -ConfirmWithin 2m -WarningVariable warning -WarningAction SilentlyContinue
        $warning | Should -Match 'Confirm-NetConfiguration'
        Restore-NetConfiguration -Pending
        $name | Should -Not -HaveFirewallRule
    }

    It 'keeps a change that is confirmed' {
        $null = New-FirewallRule $name -Action Block -ConfirmWithin 00:02:00 -WarningAction SilentlyContinue
        (Confirm-NetConfiguration -PassThru).ConfirmBy | Should -BeNullOrEmpty
        $name | Should -HaveFirewallRule
    }

    It 'completes names, with the state as tooltip' {
        $null = New-FirewallRule "$name with space" -Action Block
        $line = "Get-FirewallRule -Name $name"
        $found = (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches
        $found.CompletionText | Should -Contain "'$name with space'"
        $found[0].ToolTip | Should -BeLike 'Block*'
    }

    It 'fits a table of 80 columns' {
        $null = New-FirewallRule $name -Action Block -Protocol Tcp -LocalPort 80, 443
        Get-FirewallRule $name | Out-String -Width 80 -Stream | ForEach-Object { $_.TrimEnd().Length | Should -BeLessOrEqual 80 }
    }

    It 'writes CSV that can be read back' {
        $null = New-FirewallRule $name -Action Block -Protocol Tcp -LocalPort 80, 443
        $row = Get-FirewallRule $name | Select-Object -Property Name, Action, @{ Name = 'LocalPort'; Expression = { $_.LocalPort -join ',' } }, Protocol |
            ConvertTo-Csv | ConvertFrom-Csv
        Remove-FirewallRule $name
        ($row | New-FirewallRule).LocalPort -join ' ' | Should -Be '80 443'
    }
}
