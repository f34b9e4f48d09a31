using System.Management.Automation;
using System.Security;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Writes a network's signing key to a file, encrypted under a passphrase.</summary>
[Cmdlet(VerbsData.Export, "OverlayNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportOverlayNetworkCommand : EngineCmdlet
{
    /// <summary>The network.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNetworkNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("LiteralPath", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>What the key is encrypted with.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNull]
    public SecureString? Passphrase { get; set; }

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
        if (!ShouldProcess(file, $"Write the encrypted key of network {Name}"))
        {
            return;
        }

        bool done = Run(
            async (engine, _, token) =>
            {
                ConfigurationFile.CheckTarget(file, Force);
                TextReply reply = await engine.CallAsync(EngineApi.OverlayExportNetwork, new ExportOverlayNetwork(Name!, SecretText.Reveal(Passphrase!)), token);
                await ConfigurationFile.WriteAsync(file, System.Text.Encoding.UTF8.GetBytes(reply.Text), Force, token);
            },
            Name);
        if (done && PassThru)
        {
            WriteObject(new FileInfo(file));
        }
    }
}
