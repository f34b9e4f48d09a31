# Operators for Pester's Should, for tests of networks: 'web' | Should -HaveFirewallRule -Action Allow
Set-StrictMode -Version Latest

function New-Result {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '')]
    param(
        [bool]$Found,
        [switch]$Negate,
        [string]$Wanted,
        [string]$Actual,
        [string]$Because
    )

    $reason = if ($Because) { " because $Because," } else { '' }
    $not = if ($Negate) { 'not ' } else { '' }
    $succeeded = $Found -xor $Negate
    $message = if ($succeeded) { '' } else { "Expected$reason $not$Wanted, but $Actual." }
    [pscustomobject]@{ Succeeded = $succeeded; FailureMessage = $message }
}

function Should-HaveFirewallRule {
    <#
    .SYNOPSIS
    Asserts that the engine has a firewall rule of that name, and that it is as wanted.
    .EXAMPLE
    'web' | Should -HaveFirewallRule -Action Allow -Protocol Tcp -LocalPort 443
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseApprovedVerbs', '')]
    param(
        $ActualValue,
        [switch]$Negate,
        [string]$Because,
        $CallerSessionState,
        [string]$Action,
        [string]$Direction,
        [string]$Protocol,
        [string[]]$LocalPort,
        [string[]]$RemoteAddress,
        [switch]$Disabled
    )

    $rules = @(Get-FirewallRule | Where-Object -Property Name -EQ -Value "$ActualValue")
    $wrong = [System.Collections.Generic.List[string]]::new()
    if ($rules.Count -eq 0) {
        $wrong.Add('there is none')
    }

    foreach ($rule in $rules) {
        foreach ($name in 'Action', 'Direction', 'Protocol') {
            $value = Get-Variable -Name $name -ValueOnly
            if ($value -and "$($rule.$name)" -ne $value) {
                $wrong.Add("its $name is $($rule.$name)")
            }
        }

        foreach ($name in 'LocalPort', 'RemoteAddress') {
            $value = Get-Variable -Name $name -ValueOnly
            if ($value -and ($rule.$name -join ',') -ne ($value -join ',')) {
                $wrong.Add("its $name is $($rule.$name -join ',')")
            }
        }

        if ($rule.Enabled -eq $Disabled) {
            $wrong.Add($(if ($rule.Enabled) { 'it is enabled' } else { 'it is disabled' }))
        }
    }

    $actual = if ($wrong.Count) { $wrong -join ' and ' } else { 'it is there' }
    New-Result -Found ($wrong.Count -eq 0) -Negate:$Negate -Because $Because -Actual $actual -Wanted "a firewall rule '$ActualValue' as described"
}

function Should-HaveNetPath {
    <#
    .SYNOPSIS
    Asserts that the engine knows a path of that id or interface, and that it is as wanted.
    .EXAMPLE
    'eth0' | Should -HaveNetPath -State Validated -Selected
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseApprovedVerbs', '')]
    param(
        $ActualValue,
        [switch]$Negate,
        [string]$Because,
        $CallerSessionState,
        [string]$State,
        [switch]$Selected
    )

    $paths = @(Get-NetPath | Where-Object { $_.PathId -eq "$ActualValue" -or $_.InterfaceAlias -eq "$ActualValue" })
    $good = @($paths | Where-Object { (-not $State -or "$($_.State)" -eq $State) -and (-not $Selected -or $_.IsSelected) })
    $actual = if ($good.Count) {
        'it is there'
    }
    elseif ($paths.Count) {
        "there is $(@($paths | ForEach-Object { "$($_.PathId), $($_.State): $($_.StateReason)" }) -join '; ')"
    }
    else {
        'there is none'
    }

    New-Result -Found ($good.Count -gt 0) -Negate:$Negate -Because $Because -Actual $actual -Wanted "a path '$ActualValue' as described"
}

function Should-BeReachable {
    <#
    .SYNOPSIS
    Asserts that a path answers, or with -Over that an address answers over a path.
    .EXAMPLE
    'eth0' | Should -BeReachable -Within 50ms
    .EXAMPLE
    '198.51.100.7' | Should -BeReachable -Over eth1
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseApprovedVerbs', '')]
    param(
        $ActualValue,
        [switch]$Negate,
        [string]$Because,
        $CallerSessionState,
        [string]$Over,
        [string]$Within,
        [int]$Count = 3
    )

    $test = @{ Count = $Count; Name = "$ActualValue" }
    if ($Over) {
        $test.Name = $Over
        $test.Target = "$ActualValue"
    }

    if ($Within) {
        $test.MaximumRoundTripTime = $Within
    }

    $lines = @(Test-NetPath @test -Verbose 4>&1)
    $reason = $lines | Where-Object { $_ -is [Management.Automation.VerboseRecord] -and $_.Message -notlike '*streams.' } | Select-Object -Last 1
    $found = [bool]($lines | Where-Object { $_ -is [bool] })
    New-Result -Found $found -Negate:$Negate -Because $Because -Actual "$reason" -Wanted "'$ActualValue' to be reachable"
}

foreach ($operator in 'HaveFirewallRule', 'HaveNetPath', 'BeReachable') {
    if (-not (Get-ShouldOperator | Where-Object -Property Name -EQ -Value $operator)) {
        Add-ShouldOperator -Name $operator -InternalName "Should-$operator" -Test (Get-Item -Path "Function:/Should-$operator").ScriptBlock
    }
}

Export-ModuleMember -Function @()
