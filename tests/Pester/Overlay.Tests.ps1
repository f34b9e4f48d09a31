BeforeDiscovery {
    . "$PSScriptRoot/Common.ps1"
    $withoutEngine = -not (Test-EngineGiven)

    # An engine of a host that lacks a library or /dev/net/tun has overlays in its document, and runs none.
    $withoutOverlay = $withoutEngine -or -not (Test-Overlay -Quiet)
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"

    function New-TestPassphrase {
        [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '')]
        [OutputType([securestring])]
        param()

        $passphrase = [securestring]::new()
        'correct horse battery'.ToCharArray() | ForEach-Object -Process { $passphrase.AppendChar($_) }
        $passphrase
    }

    function Remove-TestOverlay {
        [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '')]
        param()

        if (Get-NetEngine | Where-Object -Property ConfirmBy) {
            Restore-NetConfiguration -Pending
        }

        Get-Overlay -Name 'pester-*' | Remove-Overlay -Confirm:$false
        Get-OverlayNetwork -Name 'pester-*' | Remove-OverlayNetwork -Confirm:$false
        Get-OverlayIdentity -Name 'pester-*' | Remove-OverlayIdentity -Confirm:$false
    }
}

Describe 'Overlays in the document' -Skip:$withoutEngine {
    BeforeEach {
        $name = New-TestName
        $null = New-Overlay -Name $name -Disabled -ListenPort 0
    }

    AfterEach {
        Remove-TestOverlay
    }

    It 'adds, changes and removes an overlay' {
        (Get-Overlay -Name $name).State | Should -Be 'Stopped'
        (Set-Overlay -Name $name -MtuBytes 1300 -KillSwitch:$false -PassThru).KillSwitch | Should -BeFalse
        (Get-Overlay -Name $name).MtuBytes | Should -Be 1300
        $copy = Get-Overlay -Name $name | New-Overlay -Name "$name-2" -InterfaceAlias nm-copy
        $copy.MtuBytes | Should -Be 1300
        Get-Overlay -Name "$name*" | Remove-Overlay -Confirm:$false
        Get-Overlay -Name "$name*" | Should -BeNullOrEmpty
    }

    It 'changes nothing under -WhatIf' {
        New-Overlay -Name "$name-2" -WhatIf | Should -BeNullOrEmpty
        Remove-Overlay -Name $name -WhatIf
        Get-Overlay -Name "$name*" | Should -HaveCount 1
    }

    It 'names what it could not find' {
        $failure = Get-Failure { Set-Overlay -Name 'no-such-overlay' -MtuBytes 1300 }
        $failure.FullyQualifiedErrorId | Should -BeLike 'OverlayNotFound,*'
        $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failure.TargetObject | Should -Be 'no-such-overlay'
        Get-Overlay -Name 'no-such-*' | Should -BeNullOrEmpty
        (Get-Failure { Get-OverlayPeer -Overlay $name -Name 'no-such-peer' }).FullyQualifiedErrorId | Should -BeLike 'OverlayPeerNotFound,*'
    }

    It 'adds, changes and removes peers, by name and by pipeline' {
        $keys = 'bob', 'eve' | ForEach-Object -Process { New-OverlayIdentity -Name "$name-$_" } | ForEach-Object -MemberName PublicKey
        $rows = @(
            [pscustomobject]@{ Overlay = $name; Name = 'bob'; PublicKey = $keys[0]; Endpoint = '192.0.2.1:47900,192.0.2.2:47900' }
            [pscustomobject]@{ Overlay = $name; Name = 'eve'; PublicKey = $keys[1]; Endpoint = '' }
        )
        $added = $rows | Add-OverlayPeer
        $added[0].Endpoints | Should -HaveCount 2
        Get-Overlay -Name $name | Get-OverlayPeer | Should -HaveCount 2
        (Get-OverlayPeer -Overlay $name -Name 'b*').PublicKey | Should -Be $keys[0]
        Get-OverlayPeer -Overlay $name -Name bob | Set-OverlayPeer -Subnet 10.20.0.0/16
        $bob = Get-OverlayPeer -Overlay $name -Name bob
        $bob.Subnets.Count | Should -Be 1
        $bob.Endpoints | Should -HaveCount 2
        Get-OverlayPeer -Overlay $name | Remove-OverlayPeer -Confirm:$false
        Get-OverlayPeer -Overlay $name | Should -BeNullOrEmpty
    }

    It 'adds and removes routes' {
        $null = Add-OverlayRoute -Overlay $name -Prefix 10.10.0.0/16 -Masquerade
        $route = Get-OverlayRoute -Overlay $name | Where-Object -Property Source -EQ -Value document
        "$($route.Prefix)" | Should -Be '10.10.0.0/16'
        $route.Masquerade | Should -BeTrue
        $route | Remove-OverlayRoute
        Get-OverlayRoute -Overlay $name | Where-Object -Property Source -EQ -Value document | Should -BeNullOrEmpty
    }

    It 'keeps rules in their order and refuses what breaks a test' {
        $null = Add-OverlayPeer -Overlay $name -Name bob -PublicKey (New-OverlayIdentity -Name "$name-bob").PublicKey
        $rule = @{ Overlay = $name; From = 'bob'; To = 'self'; Protocol = 'Tcp' }
        $null = New-OverlayPolicy @rule -Name second -Port 22
        $null = New-OverlayPolicy @rule -Name first -Port 23 -Action Deny -Position 1 -StartTime 08:00 -EndTime 18:00 -TimeZone Europe/Berlin
        (Get-OverlayPolicy -Overlay $name).Name | Should -Be 'first', 'second'
        (Get-OverlayPolicy -Overlay $name -Name first).StartTime | Should -Be ([timeonly]'08:00')
        $verdict = Test-OverlayPolicy -Overlay $name -From bob -To self -Port 22
        $verdict.Action | Should -Be 'Allow'
        $verdict.Rule | Should -Be 'second'
        Test-OverlayPolicy -Overlay $name -From bob -To self -Port 80 -Quiet | Should -BeFalse
        Set-Overlay -Name $name -PolicyTest $verdict
        (Get-Failure { Remove-OverlayPolicy -Overlay $name -Name second }).FullyQualifiedErrorId | Should -BeLike 'OverlayPolicyTestFailed,*'
        Get-OverlayPolicy -Overlay $name -Name first | Set-OverlayPolicy -Description 'kept'
        (Get-OverlayPolicy -Overlay $name -Name first).Action | Should -Be 'Deny'
        Get-OverlayPolicy -Overlay $name -Name first | Remove-OverlayPolicy
        (Get-OverlayPolicy -Overlay $name).Name | Should -Be 'second'
    }

    It 'completes names of overlays' {
        (TabExpansion2 -inputScript "Get-Overlay -Name $name").CompletionMatches.CompletionText | Should -Contain $name
    }
}

Describe 'Keys and memberships' -Skip:$withoutEngine {
    BeforeEach {
        $name = New-TestName
    }

    AfterEach {
        Remove-TestOverlay
    }

    It 'makes, rotates and removes an identity' {
        $identity = New-OverlayIdentity -Name $name
        $identity.PublicKey | Should -BeLike 'nmk1*'
        $rotated = Update-OverlayIdentity -Name $name
        $rotated.PublicKey | Should -Not -Be $identity.PublicKey
        $rotated.AddressNodeId | Should -Be $identity.NodeId
        Remove-OverlayIdentity -Name $name -Confirm:$false
        Get-OverlayIdentity -Name "$name*" | Should -BeNullOrEmpty
    }

    It 'issues and revokes certificates' {
        $null = New-OverlayNetwork -Name $name
        $key = (New-OverlayIdentity -Name $name).PublicKey
        $certificate = New-OverlayCertificate -Network $name -Name eve -PublicKey $key -Group staff -ValidFor 30d
        $certificate.Text | Should -BeLike 'nmc1*'
        $certificate.Groups | Should -Be 'staff'
        Get-OverlayNetwork -Name $name | Get-OverlayCertificate | Revoke-OverlayCertificate -Confirm:$false
        (Get-OverlayCertificate -Network $name).IsRevoked | Should -BeTrue
    }

    It 'keeps the key of a network in an encrypted file of its owner' {
        $network = New-OverlayNetwork -Name $name
        $file = Export-OverlayNetwork -Name $name -Path "$TestDrive/key" -Passphrase (New-TestPassphrase) -PassThru
        if ($IsLinux) {
            $file.UnixFileMode | Should -Be 'UserRead, UserWrite'
        }

        $failure = Get-Failure { Export-OverlayNetwork -Name $name -Path "$TestDrive/key" -Passphrase (New-TestPassphrase) }
        $failure.FullyQualifiedErrorId | Should -BeLike 'ArgumentInvalid,*'
        Remove-OverlayNetwork -Name $name -Confirm:$false
        (Import-OverlayNetwork -Path "$TestDrive/key" -Passphrase (New-TestPassphrase) -PassThru).PublicKey | Should -Be $network.PublicKey
    }

    It 'invites nodes' {
        $network = New-OverlayNetwork -Name $name
        $null = New-Overlay -Name $name -Disabled -ListenPort 0 -NetworkKey $network.PublicKey
        $invitation = New-OverlayInvitation -Overlay $name -Endpoint 192.0.2.1:47900 -ValidFor 1h -NeedsApproval
        $invitation.Text | Should -BeLike 'nmi1*'
        Get-OverlayJoinRequest -Overlay $name | Should -BeNullOrEmpty
        (Get-Failure { Approve-OverlayJoinRequest -Id 'no-such-id' }).FullyQualifiedErrorId | Should -BeLike 'OverlayJoinRequestNotFound,*'
        (Get-Failure { Join-Overlay -Invitation 'nmi1nonsense' }).FullyQualifiedErrorId | Should -BeLike 'OverlayInvitationInvalid,*'
    }
}

Describe 'Running overlays' -Skip:$withoutOverlay {
    BeforeAll {
        $name = New-TestName
        $null = New-Overlay -Name $name -ListenPort 0
    }

    AfterAll {
        Remove-TestOverlay
    }

    It 'runs, stops and starts' {
        (Get-Overlay -Name $name).State | Should -BeIn 'Starting', 'Running'
        (Get-Overlay -Name $name).PublicKey | Should -BeLike 'nmk1*'
        Stop-Overlay -Name $name
        (Get-Overlay -Name $name).State | Should -Be 'Stopped'
        (Start-Overlay -Name $name -PassThru).Enabled | Should -BeTrue
        (Restart-Overlay -Name $name -PassThru).Name | Should -Be $name
    }

    It 'says why a peer is as it is' {
        $key = (New-OverlayIdentity -Name "$name-other").PublicKey
        $null = Add-OverlayPeer -Overlay $name -Name other -PublicKey $key
        $peer = Get-OverlayPeer -Overlay $name -Name other
        $peer.State | Should -Not -Be 'Up'
        $peer.StateReason | Should -Not -BeNullOrEmpty
        (Watch-OverlayPeer -Overlay $name | Select-Object -First 1).Peer.Name | Should -Be 'other'
        Test-OverlayPeer -Overlay $name -Name other -Quiet | Should -BeFalse
        (Get-OverlayGraph -Overlay $name).Nodes | Should -Contain 'other'
        (Get-Failure { Send-OverlayMessage -Overlay $name -Peer other -Topic t -Text x }).FullyQualifiedErrorId | Should -BeLike 'OverlayPeerNotConnected,*'
        Receive-OverlayMessage -Overlay $name -Timeout 200ms | Should -BeNullOrEmpty
        { Get-OverlayAudit -Overlay $name } | Should -Not -Throw
    }
}
