using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Makes networks: signing keys on this engine.</summary>
[Cmdlet(VerbsCommon.New, "OverlayNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(OverlayNetwork))]
public sealed class NewOverlayNetworkCommand : EngineCmdlet
{
    /// <summary>Names for the networks.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (string name in Name!)
        {
            if (ShouldProcess(name, "Make network") && TryCall(EngineApi.OverlayCreateNetwork, new CreateOverlayNetwork(name), name, out OverlayNetwork made))
            {
                WriteObject(made);
            }
        }
    }
}
