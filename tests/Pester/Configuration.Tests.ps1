BeforeDiscovery {
    . "$PSScriptRoot/Common.ps1"
    $withoutEngine = -not (Test-EngineGiven)
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Configuration' -Skip:$withoutEngine {
    BeforeEach {
        $name = New-TestName
        $null = New-FirewallRule $name -Action Block -Comment "made by $name"
    }

    AfterEach {
        Remove-TestItem
    }

    It 'gives the document and its history' {
        $snapshot = Get-NetConfiguration
        $snapshot.Document.Firewall.Rules.Name | Should -Contain $name
        $newest = Get-NetConfiguration -History | Select-Object -First 1
        $newest.Generation | Should -Be $snapshot.Info.Generation
        $newest.Comment | Should -Be "made by $name"
        $newest.IsCurrent | Should -BeTrue
    }

    It 'tells what changed between generations' {
        $before = (Get-NetEngine).Generation
        Remove-FirewallRule $name
        $plan = Get-NetConfiguration -CompareTo $before
        "$($plan.Changes)" | Should -BeLike "*$name*"
        (Get-NetConfiguration -Generation $before).Document.Firewall.Rules.Name | Should -Contain $name
    }

    It 'restores a generation' {
        $before = (Get-NetEngine).Generation
        Remove-FirewallRule $name
        Restore-NetConfiguration $before -WhatIf
        $name | Should -Not -HaveFirewallRule
        (Restore-NetConfiguration $before -PassThru).Applied | Should -BeTrue
        $name | Should -HaveFirewallRule
    }

    It 'exports and imports <_>' -ForEach 'json', 'yaml' {
        $file = "$TestDrive/$name.$_"
        (Export-NetConfiguration $file -PassThru).Length | Should -BeGreaterThan 10
        Test-NetConfiguration $file -Quiet | Should -BeTrue
        Remove-FirewallRule $name
        $result = Test-NetConfiguration $file
        $result.IsValid | Should -BeTrue
        $result.InDesiredState | Should -BeFalse
        Import-NetConfiguration $file -WhatIf
        $name | Should -Not -HaveFirewallRule
        Import-NetConfiguration $file
        $name | Should -HaveFirewallRule
    }

    It 'does not overwrite a file without -Force' {
        $file = "$TestDrive/$name.json"
        Export-NetConfiguration $file
        (Get-Failure { Export-NetConfiguration $file }).Exception.Message | Should -BeLike '*-Force*'
        Export-NetConfiguration $file -Force
        Export-NetConfiguration "$file.none" -WhatIf
        Test-Path -Path "$file.none" | Should -BeFalse
    }

    It 'applies a document from the pipeline' {
        $document = (Get-NetConfiguration).Document
        Remove-FirewallRule $name
        ($document | Import-NetConfiguration -PassThru).Applied | Should -BeTrue
        $name | Should -HaveFirewallRule
    }

    It 'refuses a change based on an old generation' {
        $document = (Get-NetConfiguration).Document
        $old = (Get-NetEngine).Generation
        Set-FirewallRule $name -Action Reject
        $failure = Get-Failure { $document | Import-NetConfiguration -ExpectedGeneration $old }
        $failure.FullyQualifiedErrorId | Should -BeLike 'ConfigurationChanged,*'
        $failure.CategoryInfo.Category | Should -Be 'ResourceBusy'
    }

    It 'names the places that are wrong in a document' {
        $file = "$TestDrive/$name.json"
        Set-Content -Path $file -Value '{ "schemaVersion": 1, "firewall": { "rules": [ { "name": "x", "protocol": "icmp", "localPort": ["80"] } ] } }'
        $result = Test-NetConfiguration $file
        $result.IsValid | Should -BeFalse
        $result.Problems.Count | Should -BeGreaterThan 0
    }

    It 'backs up and restores with a passphrase' {
        $phrase = ConvertTo-SecureString -String 'correct horse battery staple' -AsPlainText -Force
        $file = "$TestDrive/$name.backup"
        Export-NetConfiguration $file -Backup -Passphrase $phrase
        Remove-FirewallRule $name
        Import-NetConfiguration $file -Backup -Passphrase $phrase
        $name | Should -HaveFirewallRule
        $wrong = ConvertTo-SecureString -String 'something else entirely' -AsPlainText -Force
        (Get-Failure { Import-NetConfiguration $file -Backup -Passphrase $wrong }).FullyQualifiedErrorId | Should -BeLike 'BackupUnreadable,*'
    }

    It 'has nothing to confirm when nothing waits' {
        (Get-Failure { Confirm-NetConfiguration }).FullyQualifiedErrorId | Should -BeLike 'NothingToConfirm,*'
    }
}

Describe 'Secrets' -Skip:$withoutEngine {
    It 'stores, lists and removes a secret, and never shows it' {
        $name = New-TestName
        $value = ConvertTo-SecureString -String 'hidden-4711' -AsPlainText -Force
        Set-NetSecret $name $value -WhatIf
        Get-NetSecret "$name*" | Should -BeNullOrEmpty
        Set-NetSecret $name $value -Verbose 4>&1 | Out-String | Should -Not -BeLike '*hidden-4711*'
        (Get-NetSecret $name).UsedBy | Should -BeNullOrEmpty
        Get-NetSecret $name | Format-List | Out-String | Should -Not -BeLike '*hidden-4711*'
        Get-NetSecret $name | Remove-NetSecret
        (Get-Failure { Get-NetSecret $name }).FullyQualifiedErrorId | Should -BeLike 'SecretNotFound,*'
    }
}

Describe 'Events' -Skip:$withoutEngine {
    AfterEach {
        Remove-TestItem
    }

    It 'tells what happened' {
        $name = New-TestName
        $since = [DateTimeOffset]::Now.AddSeconds(-1)
        $null = New-FirewallRule $name -Action Block
        $events = Get-NetEvent -Area configuration -Since $since
        $events.EventId | Should -Contain 'ConfigurationApplied'
        (Get-NetEvent -Newest 1) | Should -HaveCount 1
    }

    It 'goes on with new events and stops with the pipeline' {
        $last = (Get-NetEvent -Newest 1).Sequence
        Get-NetEvent -Wait -Newest 1 | Select-Object -First 1 -ExpandProperty Sequence | Should -BeGreaterOrEqual $last
    }
}

Describe 'Connection' -Skip:$withoutEngine {
    It 'connects, says who you are, and reconnects by itself' {
        $connection = Connect-NetEngine
        $connection.SocketPath | Should -Be $env:NETMOD_HOST_SOCKET
        $connection.Role | Should -BeIn 'Reader', 'Operator', 'Admin'
        Disconnect-NetEngine
        Disconnect-NetEngine
        (Get-NetEngine).Version | Should -Be $connection.EngineVersion
    }

    It 'leaves the connection alone when another engine does not answer' {
        $null = Get-Failure { Connect-NetEngine -SocketPath "$TestDrive/none.sock" }
        (Get-NetEngine).Socket | Should -Be $env:NETMOD_HOST_SOCKET
    }
}
