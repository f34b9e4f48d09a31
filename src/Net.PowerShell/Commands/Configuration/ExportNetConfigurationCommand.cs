using System.Management.Automation;
using System.Security;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Writes the configuration to a file, as JSON or YAML, or as an encrypted backup with its secrets.</summary>
[Cmdlet(VerbsData.Export, "NetConfiguration", SupportsShouldProcess = true, DefaultParameterSetName = AsText)]
[OutputType(typeof(FileInfo))]
public sealed class ExportNetConfigurationCommand : EngineCmdlet
{
    private const string AsText = "Text";
    private const string AsBackup = "Backup";

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("LiteralPath", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>How to write it.</summary>
    [Parameter(ParameterSetName = AsText)]
    public ConfigurationFormat? Format { get; set; }

    /// <summary>A kept generation.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = AsText)]
    [ArgumentCompleter(typeof(GenerationCompleter))]
    public long? Generation { get; set; }

    /// <summary>Write an encrypted archive of document and secrets.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AsBackup)]
    public SwitchParameter Backup { get; set; }

    /// <summary>What the archive is encrypted with.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AsBackup)]
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
        if (!ShouldProcess(file, Backup ? "Write backup" : "Write configuration"))
        {
            return;
        }

        bool done = Run(
            async (engine, _, token) =>
            {
                ConfigurationFile.CheckTarget(file, Force);
                if (Backup)
                {
                    var request = new CreateBackup(SecretText.Reveal(Passphrase!));
                    BackupArchive archive = await engine.CallAsync(EngineApi.ConfigurationBackup, request, token);
                    await ConfigurationFile.WriteAsync(file, archive.Content, Force, token);
                }
                else
                {
                    var request = new ExportConfiguration(Format ?? ConfigurationFile.FormatOf(file), Generation);
                    ConfigurationText text = await engine.CallAsync(EngineApi.ConfigurationExport, request, token);
                    await ConfigurationFile.WriteAsync(file, System.Text.Encoding.UTF8.GetBytes(text.Text), Force, token);
                }
            },
            Path);
        if (done && PassThru)
        {
            WriteObject(new FileInfo(file));
        }
    }
}
