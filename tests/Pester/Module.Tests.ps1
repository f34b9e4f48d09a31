BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Net.Module' {
    It 'imports in less than 300 milliseconds, ten times that on a busy machine' {
        $manifest = (Get-Module -Name Net.Module).Path -replace '[^/\\]+$', 'Net.Module.psd1'
        $run = "`$w = [Diagnostics.Stopwatch]::StartNew(); Import-Module '$manifest'; `$w.ElapsedMilliseconds"
        # Installed as a .NET tool, PowerShell is a program that dotnet runs.
        $program = (Get-Process -Id $PID).Path
        $assembly = @(if ((Split-Path -Path $program -LeafBase) -eq 'dotnet') { Join-Path -Path $PSHOME -ChildPath 'pwsh.dll' })
        $milliseconds = 1..3 | ForEach-Object { [int](& $program @assembly -NoProfile -NonInteractive -Command $run) }
        ($milliseconds | Measure-Object -Minimum).Minimum | Should -BeLessThan 3000
    }

    It 'exports exactly what its manifest says' {
        $data = Import-PowerShellDataFile -Path ((Get-Module -Name Net.Module).Path -replace '[^/\\]+$', 'Net.Module.psd1')
        (Get-Command -Module Net.Module).Name | Sort-Object | Should -Be ($data.CmdletsToExport | Sort-Object)
    }

    It 'uses approved verbs only' {
        (Get-Command -Module Net.Module).Verb | Sort-Object -Unique | Should -BeIn (Get-Verb).Verb
    }

    It 'shows help of <_> with examples and described parameters' -ForEach @(
        'Get-FirewallRule', 'New-FirewallRule', 'Watch-NetPath', 'Import-NetConfiguration', 'Get-NetEvent', 'Set-NetSecret'
    ) {
        $help = Get-Help -Name $_ -Full
        $help.Synopsis | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        foreach ($parameter in $help.parameters.parameter) {
            "$($parameter.description | ForEach-Object Text)" | Should -Not -BeNullOrEmpty
        }
    }

    It 'has no example or guide with an argument that finds no parameter' {
        $folder = "$(Split-Path -Path (Split-Path -Path $PSScriptRoot))"
        $calls = 0
        $wrong = foreach ($file in Get-ChildItem -Path "$folder/help/en-US/*.md", "$folder/help/guides/*.md", "$folder/README.md") {
            foreach ($block in [regex]::Matches((Get-Content -Path $file -Raw), '(?ms)^```powershell\r?\n(.*?)^```')) {
                $script = [Management.Automation.Language.Parser]::ParseInput($block.Groups[1].Value, [ref]$null, [ref]$null)
                foreach ($call in $script.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
                    $name = $call.GetCommandName()
                    if ($name -and (Get-Command -Name $name -Module Net.Module -ErrorAction Ignore)) {
                        $calls++
                        # What a pipeline brings is not known here, so nothing is missing.
                        [Management.Automation.Language.StaticParameterBinder]::BindCommand($call, $true).BindingExceptions.Values |
                            Where-Object { $_.BindingException.ErrorId -ne 'MissingArgument' } |
                            ForEach-Object { "$($file.Name): $($call.Extent.Text): $($_.BindingException.Message)" }
                    }
                }
            }
        }

        $wrong | Should -BeNullOrEmpty
        $calls | Should -BeGreaterThan 500
    }

    It 'shows the topic <_>' -ForEach 'about_Net_Overview', 'about_Net_Errors', 'about_Net_Firewall' {
        Get-Help -Name $_ | Out-String | Should -BeLike "*$($_.ToUpperInvariant())*"
    }

    It 'says what to do when no engine answers' {
        $failure = Get-Failure { Connect-NetEngine -SocketPath "$TestDrive/none.sock" }
        $failure.CategoryInfo.Category | Should -Be 'ConnectionError'
        $failure.FullyQualifiedErrorId | Should -BeLike 'EngineNotReachable,*'
        $failure.TargetObject | Should -Be "$TestDrive/none.sock"
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'completes nothing, quickly and without an error, when no engine answers' {
        $socket = $env:NETMOD_HOST_SOCKET
        $env:NETMOD_HOST_SOCKET = "$TestDrive/none.sock"
        try {
            Disconnect-NetEngine
            $line = 'Get-FirewallRule -Name pester'
            $matching = (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches
            $matching | Where-Object -Property ResultType -EQ -Value ParameterValue | Should -BeNullOrEmpty
        }
        finally {
            $env:NETMOD_HOST_SOCKET = $socket
        }
    }
}
