using System.Text.RegularExpressions;

namespace Net.Build.Testing;

/// <summary>The part of the tests that needs pwsh: the Pester suite against the laid-out module, and PSScriptAnalyzer.</summary>
internal static partial class PowerShellTests
{
    private const string PesterScript = "tests/Pester/Run.ps1";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task<TestOutcome> RunPesterAsync(BuildContext context, string pwsh, CancellationToken cancellationToken)
    {
        TestOutcome outcome = new("Pester");
        string mark = Guid.NewGuid().ToString("N");
        IEnumerable<string?> modules = [LocalPowerShell.ModulePath(context), Environment.GetEnvironmentVariable("PSModulePath")];
        ProcessResult run = await ProcessRunner.RunAsync(
            new ProcessRequest(pwsh, ["-NoProfile", "-NonInteractive", "-File", context.PathOf(PesterScript.Split('/'))])
            {
                WorkingDirectory = context.Root,
                Timeout = Limit,
                Environment = new Dictionary<string, string>
                {
                    [StrayProcesses.Variable] = mark,
                    ["NO_COLOR"] = "1",
                    ["PSModulePath"] = string.Join(Path.PathSeparator, modules.Where(path => !string.IsNullOrEmpty(path))),
                },
            },
            cancellationToken);
        outcome.Elapsed = run.Elapsed;
        await StrayProcesses.KillAsync(mark, cancellationToken);
        ReadPester(outcome, run.Output, run.ExitCode, run.TimedOut);
        return outcome;
    }

    /// <summary>The script's last line has the counts; lines `[-]` and `[!]` name what failed and what was skipped.</summary>
    public static void ReadPester(TestOutcome outcome, string output, int exitCode, bool timedOut)
    {
        string[] lines = [.. output.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
        Match last = CountLine().Match(lines.Length == 0 ? string.Empty : lines[^1]);
        if (timedOut || !last.Success)
        {
            string why = timedOut ? "did not finish in time" : $"ended with exit code {exitCode} and without its last line of counts";
            outcome.Failed.Add($"Pester {why}:\n{string.Join('\n', lines.TakeLast(40).Select(line => "      " + line))}");
            return;
        }

        outcome.Passed = int.Parse(last.Groups[1].ValueSpan);
        int failed = int.Parse(last.Groups[2].ValueSpan);
        int skipped = int.Parse(last.Groups[3].ValueSpan);
        Fill(outcome.Skipped, skipped, [.. lines.Where(line => line.TrimStart().StartsWith("[!]", StringComparison.Ordinal)).Select(line => line.Trim())]);
        if (failed > 0)
        {
            Fill(outcome.Failed, failed, [.. lines.Where(line => line.TrimStart().StartsWith("[-]", StringComparison.Ordinal)).Select(line => line.Trim())]);
            outcome.Failed[^1] += "\n" + string.Join('\n', lines.TakeLast(80).Select(line => "      " + line));
        }
        else if (exitCode != 0)
        {
            outcome.Failed.Add($"Pester counted no failure but ended with exit code {exitCode}.");
        }
    }

    public static async Task<TestOutcome> RunAnalyzerAsync(BuildContext context, string pwsh, CancellationToken cancellationToken)
    {
        TestOutcome outcome = new("PSScriptAnalyzer");
        // One process for everything; the settings file decides the rules, an absent module says so.
        const string Script = """
            $ErrorActionPreference = 'Stop'
            if (-not (Get-Module -ListAvailable PSScriptAnalyzer)) { 'ABSENT'; exit 0 }
            $options = @{ Recurse = $true }
            if (Test-Path PSScriptAnalyzerSettings.psd1) { $options.Settings = (Resolve-Path PSScriptAnalyzerSettings.psd1).Path }
            $files = Get-ChildItem -Path . -Recurse -File -Include *.ps1, *.psm1, *.psd1 | Where-Object FullName -NotMatch '[\\/](artifacts|bin|obj|node_modules)[\\/]'
            foreach ($file in $files) {
                # Pester runs blocks in scopes of its own, which these rules cannot follow; and a test needs a passphrase written down.
                $extra = @{}
                if ($file.FullName -match '[\\/]pester[\\/]') {
                    $extra.ExcludeRule = 'PSUseDeclaredVarsMoreThanAssignments', 'PSReviewUnusedParameter', 'PSUseUsingScopeModifierInNewRunspaces',
                        'PSAvoidUsingConvertToSecureStringWithPlainText', 'PSShouldProcess'
                }
                $found = @(Invoke-ScriptAnalyzer -Path $file.FullName @options @extra)
                "FILE $($file.FullName)"
                $found | ForEach-Object { "FOUND $($_.ScriptName)($($_.Line)): $($_.RuleName): $($_.Message -replace '\s+', ' ')" }
            }
            """;
        ProcessResult run = await ProcessRunner.RunAsync(
            new ProcessRequest(pwsh, ["-NoProfile", "-NonInteractive", "-Command", Script])
            {
                WorkingDirectory = context.Root,
                Timeout = Limit,
                Environment = new Dictionary<string, string> { ["NO_COLOR"] = "1" },
            },
            cancellationToken);
        outcome.Elapsed = run.Elapsed;
        string[] lines = [.. run.Output.Split('\n').Select(line => line.Trim())];
        if (lines.Contains("ABSENT"))
        {
            outcome.Skipped.Add("PSScriptAnalyzer: the module is not installed here");
            return outcome;
        }

        outcome.Failed.AddRange(lines.Where(line => line.StartsWith("FOUND ", StringComparison.Ordinal)).Select(line => line["FOUND ".Length..]));
        outcome.Passed = lines.Count(line => line.StartsWith("FILE ", StringComparison.Ordinal)) - outcome.Failed.Select(line => line.Split('(')[0]).Distinct().Count();
        if (run.ExitCode != 0 || run.TimedOut)
        {
            outcome.Failed.Add($"PSScriptAnalyzer ended with exit code {run.ExitCode}:\n{run.Output.Trim()}");
        }

        return outcome;
    }

    public static bool HasPester(BuildContext context) => File.Exists(context.PathOf(PesterScript.Split('/')));

    private static void Fill(List<string> list, int count, IReadOnlyList<string> names)
    {
        for (int index = 0; index < count; index++)
        {
            list.Add(index < names.Count ? names[index] : "Pester: a test it did not name");
        }
    }

    [GeneratedRegex(@"^(\d+) passed, (\d+) failed, (\d+) skipped$")]
    private static partial Regex CountLine();
}
