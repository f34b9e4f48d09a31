using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Makes node keys.</summary>
[Cmdlet(VerbsCommon.New, "OverlayIdentity", SupportsShouldProcess = true)]
[OutputType(typeof(OverlayIdentity))]
public sealed class NewOverlayIdentityCommand : EngineCmdlet
{
    /// <summary>Names for the identities.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (string name in Name!)
        {
            if (ShouldProcess(name, "Make identity") && TryCall(EngineApi.OverlayCreateIdentity, new CreateOverlayIdentity(name), name, out OverlayIdentity made))
            {
                WriteObject(made);
            }
        }
    }
}
