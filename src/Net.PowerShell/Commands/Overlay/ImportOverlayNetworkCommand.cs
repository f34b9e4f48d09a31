using System.Management.Automation;
using System.Security;
using Net.Contracts;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Brings a network's signing key back from its backup.</summary>
[Cmdlet(VerbsData.Import, "OverlayNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(OverlayNetwork))]
public sealed class ImportOverlayNetworkCommand : EngineCmdlet
{
    /// <summary>The file to read.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>What the key is encrypted with.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNull]
    public SecureString? Passphrase { get; set; }

    /// <summary>A name for the network.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Write the network.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        string file = GetUnresolvedProviderPathFromPSPath(Path);
        if (!ShouldProcess(file, "Bring the network's key back"))
        {
            return;
        }

        OverlayNetwork? network = null;
        bool done = Run(
            async (engine, _, token) =>
            {
                string text = await ConfigurationFile.ReadTextAsync(file, token);
                network = await engine.CallAsync(EngineApi.OverlayImportNetwork, new ImportOverlayNetwork(text, SecretText.Reveal(Passphrase!), Name), token);
            },
            Path);
        if (done && PassThru)
        {
            WriteObject(network);
        }
    }
}
