using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Checks a document, or the configuration in force, and tells what applying it would change.</summary>
[Cmdlet(VerbsDiagnostic.Test, "NetConfiguration")]
[OutputType(typeof(ConfigurationTestResult), typeof(bool))]
public sealed class TestNetConfigurationCommand : EngineCmdlet
{
    /// <summary>The file to check.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>How the file is written.</summary>
    [Parameter]
    public ConfigurationFormat? Format { get; set; }

    /// <summary>Write true or false only: whether the document is valid and in force.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        ConfigurationTestResult? result = null;
        bool done = Run(
            async (engine, _, token) =>
            {
                string? text = Path is null ? null : await ConfigurationFile.ReadTextAsync(GetUnresolvedProviderPathFromPSPath(Path), token);
                result = await engine.CallAsync(EngineApi.ConfigurationTest, new TestConfiguration(text, Format), token);
            },
            Path);
        if (done)
        {
            WriteObject(Quiet ? result!.IsValid && result.InDesiredState : result);
        }
    }
}
