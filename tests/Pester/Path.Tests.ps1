BeforeDiscovery {
    . "$PSScriptRoot/Common.ps1"
    $withoutEngine = -not (Test-EngineGiven)
    $withoutPath = $withoutEngine -or -not (Get-ValidatedPath)
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Paths' -Skip:$withoutPath {
    BeforeAll {
        $path = Get-ValidatedPath | Select-Object -First 1
    }

    It 'gets paths by id and by interface' {
        (Get-NetPath -Name $path.PathId).PathId | Should -Be $path.PathId
        (Get-NetPath -Name $path.InterfaceAlias).PathId | Should -Contain $path.PathId
        ($path | Get-NetPath).PathId | Should -Be $path.PathId
        $path.PathId | Should -HaveNetPath -State Validated
    }

    It 'says why a path is as it is' {
        $path.StateReason | Should -Not -BeNullOrEmpty
        $path.SelectionReason | Should -Not -BeNullOrEmpty
        $path.RoundTripTime | Should -BeOfType timespan
    }

    It 'names a path it could not find' {
        $failure = Get-Failure { Get-NetPath -Name 'no-such-path' }
        $failure.FullyQualifiedErrorId | Should -BeLike 'PathNotFound,*'
        $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failure.TargetObject | Should -Be 'no-such-path'
        Get-NetPath -Name 'no-such-*' | Should -BeNullOrEmpty
    }

    It 'measures paths of a pipeline' {
        $measured = $path | Measure-NetPath -Count 3 -Interval 10ms
        $measured.PathId | Should -Be $path.PathId
        $measured.Sent | Should -Be 3
        $measured.Received | Should -Be 3
        $measured.MedianRoundTripTime | Should -BeGreaterThan ([timespan]::Zero)
    }

    It 'tests paths' {
        Test-NetPath -Name $path.PathId | Should -BeTrue
        Test-NetPath -Name 'no-such-path' | Should -BeFalse
        $path.PathId | Should -BeReachable -Within 5s
        'no-such-path' | Should -Not -BeReachable
    }

    It 'streams paths as they are, and stops with the pipeline' {
        $first = Watch-NetPath -Name $path.PathId | Select-Object -First 1
        $first.Kind | Should -Be 'Present'
        $first.Path.PathId | Should -Be $path.PathId
    }

    It 'stops watching when its time is over' {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $null = Watch-NetPath -StateOnly -Timeout 200ms
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
    }

    It 'has a connection for each parallel runspace' {
        $manifest = (Get-Module -Name Net.Module).Path -replace '[^/\\]+$', 'Net.Module.psd1'
        $found = 1..4 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module -Name $using:manifest
            (Get-NetPath -Name $using:path.PathId).PathId
        }
        $found | Should -HaveCount 4
    }
}

Describe 'Routes' -Skip:$withoutPath {
    BeforeAll {
        $path = Get-NetPath -State Validated | Where-Object -Property Family -EQ -Value IPv4 | Select-Object -First 1
        $route = @{ DestinationPrefix = '198.18.77.0/24'; NextHop = $path.Gateway; InterfaceAlias = $path.InterfaceAlias }
    }

    BeforeEach {
        $name = New-TestName
    }

    AfterEach {
        Remove-TestItem
    }

    It 'adds, changes and removes a route' {
        (New-NetPathRoute -Name $name @route).State | Should -Be 'Installed'
        (Set-NetPathRoute -Name $name -RouteMetric 77 -PassThru).RouteMetric | Should -Be 77
        (Get-NetPathRoute -Name $name).NextHop | Should -Be $path.Gateway
        Get-NetPathRoute -Name $name | Remove-NetPathRoute
        Get-NetPathRoute -Name "$name*" | Should -BeNullOrEmpty
    }

    It 'changes a route of a pipeline and keeps what is not given' {
        $old = New-NetPathRoute -Name $name @route
        Set-NetPathRoute -Name $name -Description 'kept'
        $old | Set-NetPathRoute -RouteMetric 78
        $now = Get-NetPathRoute -Name $name
        $now.Description | Should -Be 'kept'
        $now.RouteMetric | Should -Be 78
        $copy = $old | New-NetPathRoute -Name "$name-copy" -DestinationPrefix 203.0.113.0/24
        $copy.NextHop | Should -Be $path.Gateway
    }

    It 'changes nothing under -WhatIf' {
        New-NetPathRoute -Name $name @route -WhatIf | Should -BeNullOrEmpty
        Get-NetPathRoute -Name "$name*" | Should -BeNullOrEmpty
    }

    It 'names a route it could not find' {
        $failure = Get-Failure { Set-NetPathRoute -Name 'no-such-route' -RouteMetric 1 }
        $failure.FullyQualifiedErrorId | Should -BeLike 'PathRouteNotFound,*'
        $failure.TargetObject | Should -Be 'no-such-route'
    }
}
