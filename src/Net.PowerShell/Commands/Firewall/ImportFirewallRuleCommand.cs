using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Takes rules over from what iptables-save or nft list ruleset wrote, and tells what cannot be.</summary>
[Cmdlet(VerbsData.Import, "FirewallRule", SupportsShouldProcess = true)]
[OutputType(typeof(FirewallImported))]
public sealed class ImportFirewallRuleCommand : ChangeCmdlet
{
    /// <summary>The file to read.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Let them take the place of all rules.</summary>
    [Parameter]
    public SwitchParameter Replace { get; set; }

    /// <summary>Write what was taken over and what not.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        string file = GetUnresolvedProviderPathFromPSPath(Path);
        if (!Agree(file, Replace ? "Replace all firewall rules by those of the file" : "Add the firewall rules of the file"))
        {
            return;
        }

        FirewallImported? imported = null;
        bool done = Run(
            async (engine, _, token) =>
            {
                string text = await ConfigurationFile.ReadTextAsync(file, token);
                imported = await engine.CallAsync(EngineApi.FirewallImport, new ImportFirewall(text, Replace, Change), token);
            },
            Path);
        if (!done)
        {
            return;
        }

        Show(imported!.Outcome);
        foreach (FirewallImportProblem problem in imported.Problems)
        {
            WriteWarning($"Line {problem.Line} is not taken over: {problem.Reason} ({problem.Text})");
        }

        if (PassThru)
        {
            WriteObject(imported);
        }
    }
}
