using System.Management.Automation;
using System.Security;
using Net.Contracts;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Replaces the whole configuration by one from a file, a backup or the pipeline, in one transaction.</summary>
[Cmdlet(VerbsData.Import, "NetConfiguration", SupportsShouldProcess = true, DefaultParameterSetName = FromFile)]
[OutputType(typeof(ChangeOutcome))]
public sealed class ImportNetConfigurationCommand : ChangeCmdlet
{
    private const string FromFile = "File";
    private const string FromBackup = "Backup";
    private const string FromObject = "InputObject";

    /// <summary>The file to read.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = FromFile)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = FromBackup)]
    [Alias("LiteralPath", "PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>How the file is written.</summary>
    [Parameter(ParameterSetName = FromFile)]
    public ConfigurationFormat? Format { get; set; }

    /// <summary>The file is an encrypted archive.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromBackup)]
    public SwitchParameter Backup { get; set; }

    /// <summary>What the archive was encrypted with.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromBackup)]
    [ValidateNotNull]
    public SecureString? Passphrase { get; set; }

    /// <summary>A configuration, such as the Document of Get-NetConfiguration.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = FromObject)]
    [ValidateNotNull]
    public NetConfiguration? InputObject { get; set; }

    /// <summary>Refuse when the configuration is not at this generation any more.</summary>
    [Parameter]
    public long? ExpectedGeneration { get; set; }

    /// <summary>Write what became of the change.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        ChangeOptions change = Change with { ExpectedGeneration = ExpectedGeneration };
        if (InputObject is not null)
        {
            ApplyWhole(EngineApi.ConfigurationApply, new ApplyConfiguration(InputObject, change), "configuration", "Replace by a document", PassThru);
            return;
        }

        string file = GetUnresolvedProviderPathFromPSPath(Path);
        if (Backup)
        {
            if (TryRead(ConfigurationFile.ReadBytesAsync, file, out byte[] content))
            {
                var request = new RestoreBackup(content, SecretText.Reveal(Passphrase!), change);
                ApplyWhole(EngineApi.ConfigurationRestoreBackup, request, "configuration and secrets", $"Replace by the backup {file}", PassThru);
            }
        }
        else if (TryRead(ConfigurationFile.ReadTextAsync, file, out string text))
        {
            var request = new ImportConfiguration(text, Format, change);
            ApplyWhole(EngineApi.ConfigurationImport, request, "configuration", $"Replace by {file}", PassThru);
        }
    }

    private bool TryRead<T>(Func<string, CancellationToken, Task<T>> read, string file, out T content)
        where T : class
    {
        T? result = null;
        bool done = Run(async (_, _, token) => result = await read(file, token), Path);
        content = result!;
        return done;
    }
}
