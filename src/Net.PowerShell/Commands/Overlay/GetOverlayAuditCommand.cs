using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Gets the newest records of overlays' audit logs.</summary>
[Cmdlet(VerbsCommon.Get, "OverlayAudit")]
[OutputType(typeof(OverlayAuditRecord))]
public sealed class GetOverlayAuditCommand : EngineCmdlet
{
    /// <summary>The overlay.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [SupportsWildcards]
    [NameText]
    public string[] Overlay { get; set; } = ["*"];

    /// <summary>How many records.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int Newest { get; set; } = 100;

    /// <summary>Leave out connections that were allowed.</summary>
    [Parameter]
    public SwitchParameter DeniedOnly { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (string overlay in Overlay)
        {
            var request = new ListOverlayAudit(OverlayKinds.Everywhere(overlay), Newest, DeniedOnly);
            if (TryCall(EngineApi.OverlayListAudit, request, overlay, out OverlayAuditRecord[] records))
            {
                WriteObject(records, enumerateCollection: true);
            }
        }
    }
}
