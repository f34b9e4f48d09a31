using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Tries what an overlay needs of this host, without any peer.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Overlay")]
[OutputType(typeof(OverlaySelfTestStep), typeof(bool))]
public sealed class TestOverlayCommand : EngineCmdlet
{
    /// <summary>Write only whether every step worked.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        if (!TryCall(EngineApi.OverlaySelfTest, new RunOverlaySelfTest(), null, out OverlaySelfTestStep[] steps))
        {
            return;
        }

        if (Quiet)
        {
            WriteObject(Array.TrueForAll(steps, step => step.Succeeded));
        }
        else
        {
            WriteObject(steps, enumerateCollection: true);
        }
    }
}
