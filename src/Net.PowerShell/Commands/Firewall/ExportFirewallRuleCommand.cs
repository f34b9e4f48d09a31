using System.Management.Automation;
using System.Text;
using Net.Contracts;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Writes the engine's firewall to a file as commands for nft.</summary>
[Cmdlet(VerbsData.Export, "FirewallRule", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportFirewallRuleCommand : EngineCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Overwrite a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write the file's information to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        string file = GetUnresolvedProviderPathFromPSPath(Path);
        if (!ShouldProcess(file, "Write the firewall as nftables text"))
        {
            return;
        }

        bool done = Run(
            async (engine, _, token) =>
            {
                ConfigurationFile.CheckTarget(file, Force);
                FirewallExported exported = await engine.CallAsync(EngineApi.FirewallExport, new ExportFirewall(), token);
                await ConfigurationFile.WriteAsync(file, Encoding.UTF8.GetBytes(exported.Text), Force, token);
            },
            file);
        if (done && PassThru)
        {
            WriteObject(new FileInfo(file));
        }
    }
}
