using System.Management.Automation;
using Net.Contracts;

namespace Net.PowerShell.Commands;

/// <summary>Gets what the engine is and does.</summary>
[Cmdlet(VerbsCommon.Get, "NetEngine")]
[OutputType(typeof(EngineStatus))]
public sealed class GetNetEngineCommand : EngineCmdlet
{
    /// <inheritdoc />
    protected override void EndProcessing()
    {
        if (TryCall(EngineApi.EngineStatus, new GetStatus(), target: null, out EngineStatus status))
        {
            WriteObject(status);
        }
    }
}
