using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Ends the workers of overlays and starts them anew. The configuration stays as it is.</summary>
[Cmdlet(VerbsLifecycle.Restart, "Overlay", SupportsShouldProcess = true)]
[OutputType(typeof(Overlay))]
public sealed class RestartOverlayCommand : NamedItemCmdlet<Overlay>
{
    private readonly List<Wanted> _wanted = [];

    /// <summary>Names of overlays.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [SupportsWildcards]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Write the overlays.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override ItemKind<Overlay> Kind => OverlayKinds.Overlay;

    /// <inheritdoc />
    protected override void ProcessRecord() => _wanted.AddRange(Name!.Select(name => new Wanted(name)));

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        string[] names = [.. Find(_wanted).Select(overlay => overlay.Name).Where(name => ShouldProcess(name, "Restart overlay: its sessions are made again"))];
        if (names.Length > 0 && TryCall(EngineApi.OverlayRestart, new RestartOverlays(names), names, out Overlay[] overlays) && PassThru)
        {
            WriteObject(overlays, enumerateCollection: true);
        }
    }
}
