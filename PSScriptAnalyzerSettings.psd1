@{
    Severity            = @('Error', 'Warning')
    IncludeDefaultRules = $true
    ExcludeRules        = @(
        # Assertions of Pester are named Should-<Operator> by its own convention.
        'PSUseSingularNouns'
    )
    Rules               = @{
        PSUseConsistentIndentation              = @{ Enable = $true; Kind = 'space'; IndentationSize = 4 }
        PSUseConsistentWhitespace               = @{ Enable = $true; IgnoreAssignmentOperatorInsideHashTable = $true }
        PSPlaceOpenBrace                        = @{ Enable = $true; OnSameLine = $true; NewLineAfter = $true }
        PSPlaceCloseBrace                       = @{ Enable = $true; NewLineAfter = $true }
        PSUseCorrectCasing                      = @{ Enable = $true }
        PSAlignAssignmentStatement              = @{ Enable = $false }
        PSAvoidLongLines                        = @{ Enable = $true; MaximumLineLength = 160 }
        PSAvoidSemicolonsAsLineTerminators      = @{ Enable = $true }
        PSAvoidUsingDoubleQuotesForConstantString = @{ Enable = $true }
        PSUseCompatibleSyntax                   = @{ Enable = $true; TargetVersions = @('7.6') }
    }
}
