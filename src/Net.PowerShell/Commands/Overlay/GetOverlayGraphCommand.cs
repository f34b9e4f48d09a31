using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Gets the nodes of overlays and the sessions between them, as this node knows them.</summary>
[Cmdlet(VerbsCommon.Get, "OverlayGraph")]
[OutputType(typeof(OverlayGraph))]
public sealed class GetOverlayGraphCommand : EngineCmdlet
{
    /// <summary>Names of overlays.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string[]? Overlay { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (string overlay in Overlay!)
        {
            if (TryCall(EngineApi.OverlayGetGraph, new GetOverlayGraph(overlay), overlay, out OverlayGraph graph))
            {
                WriteObject(graph);
            }
        }
    }
}
