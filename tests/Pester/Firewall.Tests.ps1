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

Describe 'What a rule can say' -Skip:$withoutEngine {
    BeforeEach {
        $name = New-TestName
    }

    AfterEach {
        Remove-TestItem
    }

    It 'takes conditions, limits and effects and gives them back' {
        $rule = @{
            Name            = $name
            Action          = 'Block'
            Protocol        = 'Tcp'
            LocalPort       = 22
            ConnectionState = 'New'
            RateLimit       = '10/minute'
            RatePerSource   = $true
            AboveRate       = $true
            Log             = $true
            Group           = $name
        }
        $made = New-FirewallRule @rule
        $made.ConnectionState | Should -Be 'New'
        $made.RateLimit | Should -Be '10/minute'
        $made.RatePerSource -and $made.AboveRate -and $made.Log | Should -BeTrue
        (Set-FirewallRule $name -Log:$false -RateLimit '' -AboveRate:$false -RatePerSource:$false -PassThru).RateLimit | Should -BeNullOrEmpty
    }

    It 'takes a schedule by its parts, and takes it away' {
        $made = New-FirewallRule $name -Action Block -Day Monday, Friday -From 21:00 -Until 06:00 -TimeZone Europe/Berlin
        $made.Schedule.Day | Should -Be 'Monday', 'Friday'
        $made.Schedule.Until | Should -Be ([TimeOnly]'06:00')
        (Set-FirewallRule $name -Until 07:00 -PassThru).Schedule.From | Should -Be ([TimeOnly]'21:00')
        (Set-FirewallRule $name -Always -PassThru).Schedule | Should -BeNullOrEmpty
    }

    It 'ends by itself' {
        (New-FirewallRule $name -Action Block -ExpiresIn 2h).ExpiresAt | Should -BeGreaterThan ([datetimeoffset]::UtcNow.AddMinutes(119))
        (Set-FirewallRule $name -ExpiresIn 0 -PassThru).ExpiresAt | Should -BeNullOrEmpty
    }

    It 'goes before and behind others' {
        $null = New-FirewallRule "$name-b" -Action Block
        $null = New-FirewallRule "$name-a" -Action Block -Before "$name-b"
        $null = New-FirewallRule "$name-c" -Action Block -After "$name-b"
        (Get-FirewallRule "$name-*").Name | Should -Be "$name-a", "$name-b", "$name-c"
        Get-FirewallRule "$name-a", "$name-b" | Set-FirewallRule -After "$name-c"
        (Get-FirewallRule "$name-*").Name | Should -Be "$name-c", "$name-a", "$name-b"
    }

    It 'has one place' {
        $failure = Get-Failure { New-FirewallRule $name -Action Block -Position 1 -Before x }
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
    }

    It 'goes off and on with its group' {
        $null = New-FirewallRule "$name-a" -Action Block -Group $name
        $null = New-FirewallRule "$name-b" -Action Block -Group $name -Disabled
        Disable-FirewallRuleGroup $name
        (Get-FirewallRule -Group $name).IsActive | Should -Be $false, $false
        (Get-FirewallRule "$name-a").InactiveReason | Should -BeLike '*group*'
        Enable-FirewallRuleGroup -Group "$name*"
        (Get-FirewallRule "$name-a").IsActive | Should -BeTrue
        (Get-FirewallRule "$name-b").Enabled | Should -BeFalse
        (Get-Failure { Disable-FirewallRuleGroup 'no-such-group' }).CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'counts from where it is reset' {
        $null = New-FirewallRule $name -Action Block -RemoteAddress 192.0.2.200
        (Reset-FirewallCounter $name -PassThru).PacketCount | Should -Be 0
        Reset-FirewallCounter $name -WhatIf
    }
}

Describe 'Lists, zones and NAT' -Skip:$withoutEngine {
    BeforeEach {
        $name = New-TestName
    }

    AfterEach {
        Get-FirewallRule "$name*" | Remove-FirewallRule
        Get-PortForward "$name*" | Remove-PortForward
        Get-NatRule "$name*" | Remove-NatRule
        Get-FirewallZone "$name*" | Remove-FirewallZone
        Get-FirewallAddressList "$name*" | Remove-FirewallAddressList
        Get-FirewallPortList "$name*" | Remove-FirewallPortList
    }

    It 'keeps addresses by name, for rules that name the list' {
        (New-FirewallAddressList $name -Address 192.0.2.0/24, 2001:db8::/32).Address -join ' ' | Should -Be '192.0.2.0/24 2001:db8::/32'
        $null = New-FirewallRule $name -Action Block -RemoteAddressList $name
        $null = Add-FirewallAddress $name 198.51.100.7
        (Get-FirewallAddressEntry $name | ForEach-Object -MemberName Address) -join ' ' | Should -BeLike '*198.51.100.7*'
        Get-Failure { Remove-FirewallAddressList $name } | Should -Not -BeNullOrEmpty
        Remove-FirewallAddress $name 198.51.100.7
        (Set-FirewallAddressList $name -Address 10.0.0.0/8 -PassThru).Address -join ' ' | Should -Be '10.0.0.0/8'
    }

    It 'fills a dynamic list without a new generation' {
        $null = New-FirewallAddressList $name -Dynamic -Timeout 1h
        $before = (Get-NetEngine).Generation
        $null = '192.0.2.7', '192.0.2.8' | Add-FirewallAddress $name -Timeout 10m
        (Get-FirewallAddressEntry $name).Count | Should -Be 2
        (Get-NetEngine).Generation | Should -Be $before
        Get-FirewallAddressEntry $name | Remove-FirewallAddress -Name $name
        Get-FirewallAddressEntry $name | Should -BeNullOrEmpty
    }

    It 'keeps ports by name' {
        (New-FirewallPortList $name -Port 80, '8000-8010').Port -join ' ' | Should -Be '80 8000-8010'
        (Get-FirewallPortList $name | Set-FirewallPortList -Port 443 -PassThru).Port -join ' ' | Should -Be '443'
        (Get-FirewallPortList $name | New-FirewallPortList -Name "$name-copy").Port -join ' ' | Should -Be '443'
    }

    It 'treats interfaces of a zone alike' {
        (New-FirewallZone $name -InterfaceAlias nm-none0 -Inbound Reject -Masquerade).Inbound | Should -Be 'Reject'
        (Set-FirewallZone $name -Inbound $null -Masquerade:$false -PassThru).Inbound | Should -BeNullOrEmpty
        (Get-FirewallZone $name).Masquerade | Should -BeFalse
    }

    It 'translates addresses, in an order' {
        $null = New-NatRule "$name-a" Masquerade -OutInterfaceAlias nm-none0
        $null = New-NatRule "$name-b" Source -OutInterfaceAlias nm-none0 -ToAddress 192.0.2.9 -Disabled
        (Get-NatRule "$name-b").Enabled | Should -BeFalse
        (Enable-NatRule "$name-b" -PassThru).Enabled | Should -BeTrue
        Set-NatRule "$name-b" -Position 1
        (Get-NatRule "$name-*").Name | Should -Be "$name-b", "$name-a"
    }

    It 'forwards a port and shows the rule that implies' {
        $forward = New-PortForward $name 8080 192.168.7.10 -ToPort 80 -InterfaceAlias nm-none0
        "$($forward.Port) $($forward.ToAddress) $($forward.ToPort)" | Should -Be '8080 192.168.7.10 80'
        (Get-FirewallRule -Generated | Where-Object Origin -like "*$name*") | Should -Not -BeNullOrEmpty
        (Set-PortForward $name -ToPort '' -PassThru).ToPort | Should -BeNullOrEmpty
        (Disable-PortForward $name -PassThru).Enabled | Should -BeFalse
    }

    It 'changes nothing under -WhatIf' {
        $before = (Get-NetEngine).Generation
        New-FirewallAddressList $name -Address 192.0.2.1 -WhatIf
        New-FirewallPortList $name -Port 1 -WhatIf
        New-FirewallZone $name -InterfaceAlias nm-none0 -WhatIf
        New-NatRule $name Masquerade -OutInterfaceAlias nm-none0 -WhatIf
        New-PortForward $name 8080 192.168.7.10 -WhatIf
        Set-FirewallProfile -LogBlocked -WhatIf
        Set-FirewallDetection -ScanPorts 3 -WhatIf
        (Get-NetEngine).Generation | Should -Be $before
    }

    It 'completes names of each kind' {
        $null = New-FirewallZone "$name-zone" -InterfaceAlias nm-none0
        foreach ($line in "Get-FirewallZone -Name $name", "New-FirewallRule x -Action Block -Zone $name", "New-FirewallZone y -ForwardTo $name") {
            (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should -Contain "$name-zone"
        }
    }
}

Describe 'What the firewall does' -Skip:$withoutEngine {
    BeforeEach {
        $name = New-TestName
    }

    AfterEach {
        Remove-TestItem
    }

    It 'says whether a packet would pass, and why' {
        $null = New-FirewallRule $name -Action Reject -Protocol Tcp -LocalPort 2323 -Position 1
        $verdict = Test-NetFlow 127.0.0.1 2323 -SourceAddress 192.0.2.7 -Direction Inbound
        $verdict.Allowed | Should -BeFalse
        $verdict.Rule | Should -Be $name
        $verdict.Steps | Should -Not -BeNullOrEmpty
        Test-NetFlow 127.0.0.1 2323 -SourceAddress 192.0.2.7 -Direction Inbound -Quiet | Should -BeFalse
    }

    It 'asks about captured packets by the pipeline, and reports each that is none' {
        $null = New-FirewallRule $name -Action Reject -Protocol Tcp -LocalPort 2323 -Position 1
        $lines = @(
            '12:00:00.000001 IP 192.0.2.7.50000 > 127.0.0.1.2323: Flags [S], seq 1, win 64240, length 0'
            '12:00:00.000002 ARP, Request who-has 192.0.2.2 tell 192.0.2.1, length 28'
            '12:00:00.000003 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto UDP (17), length 38)'
            '    192.0.2.7.50000 > 127.0.0.1.2323: UDP, length 10'
            ''
        )
        $verdicts = $lines | Test-NetFlow -Direction Inbound -ErrorVariable problems -ErrorAction SilentlyContinue
        $verdicts.Count | Should -Be 2
        $verdicts[0].Rule | Should -Be $name
        $verdicts[1].Flow.Protocol | Should -Be 'Udp'
        $verdicts[1].Flow.Length | Should -Be 38
        "$problems" | Should -BeLike '*ARP*'
        (Get-Failure { Test-NetFlow -Packet 'nonsense' }).CategoryInfo.Category | Should -Be 'InvalidArgument'
    }

    It 'asks about many packets by property name' {
        $flows = 1..300 | ForEach-Object {
            [pscustomobject]@{ DestinationAddress = '127.0.0.1'; DestinationPort = $_; Direction = 'Inbound'; SourceAddress = '192.0.2.7' }
        }
        ($flows | Test-NetFlow).Count | Should -Be 300
    }

    It 'tells numbers and connections' {
        (Get-FirewallStatistic -Talkers 3).MaxConnections | Should -BeGreaterOrEqual 0
        { Get-FirewallConnection -Limit 5 } | Should -Not -Throw
        (Get-Failure { Remove-FirewallConnection }).CategoryInfo.Category | Should -Be 'InvalidArgument'
        Remove-FirewallConnection -SourceAddress 192.0.2.250 -WhatIf
    }

    It 'ends what streams by itself' {
        Watch-FirewallLog -Timeout 1s | Out-Null
        Watch-FirewallConnection -Timeout 1s | Out-Null
    }

    It 'writes its table as text, and reads what iptables-save wrote' {
        (Export-FirewallRule "$TestDrive/$name.nft" -PassThru).Length | Should -BeGreaterThan 0
        $old = "*filter`n:INPUT ACCEPT [0:0]`n-A INPUT -p tcp -m tcp --dport 2324 -j DROP`nCOMMIT`n"
        Set-Content -Path "$TestDrive/old" -Value $old -NoNewline
        $before = (Get-NetEngine).Generation
        (Import-FirewallRule "$TestDrive/old" -WhatIf -PassThru).Rules.Count | Should -Be 1
        (Get-NetEngine).Generation | Should -Be $before
    }
}
