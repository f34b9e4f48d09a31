using System.Management.Automation;
using System.Security;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Joins a network by an invitation: makes the overlay and asks for a certificate.</summary>
[Cmdlet(VerbsCommon.Join, "Overlay", SupportsShouldProcess = true, DefaultParameterSetName = ByText)]
[OutputType(typeof(Overlay))]
public sealed class JoinOverlayCommand : EngineCmdlet
{
    private const string ByText = "Text";
    private const string BySecret = "Secret";
    private const string ByFile = "Path";

    /// <summary>The invitation.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByText)]
    [ValidateNotNullOrEmpty]
    public string? Invitation { get; set; }

    /// <summary>The invitation as a secret, typed unseen or from a vault.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BySecret)]
    [ValidateNotNull]
    public SecureString? SecureInvitation { get; set; }

    /// <summary>A file with the invitation.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByFile)]
    [Alias("LiteralPath", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>A name for the overlay.</summary>
    [Parameter]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    public string? Overlay { get; set; }

    /// <summary>The name this node asks for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NodeName { get; set; }

    /// <summary>How long to wait for the certificate.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        string what = Overlay ?? "the overlay of the invitation";
        if (!ShouldProcess(what, "Join overlay"))
        {
            return;
        }

        string? file = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path);
        Contracts.Overlay? joined = null;
        bool done = Run(
            async (engine, _, token) =>
            {
                string text = file is not null ? await ConfigurationFile.ReadTextAsync(file, token)
                    : SecureInvitation is not null ? SecretText.Reveal(SecureInvitation) : Invitation!;
                joined = await engine.CallAsync(EngineApi.OverlayJoin, new JoinOverlay(text.Trim(), Overlay, NodeName, Timeout), token);
            },
            Path ?? Overlay); // The invitation is a secret and must not become the target of an error.
        if (done)
        {
            WriteObject(joined);
        }
    }
}
