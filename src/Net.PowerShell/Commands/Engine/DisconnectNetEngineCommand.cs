using System.Management.Automation;

namespace Net.PowerShell.Commands;

/// <summary>Closes the PowerShell session's connection. The next command connects to the default socket again.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "NetEngine")]
[OutputType(typeof(void))]
public sealed class DisconnectNetEngineCommand : EngineCmdlet
{
    /// <inheritdoc />
    protected override void EndProcessing()
    {
        bool wasConnected = false;
        if (RunSession(async (session, _, _) => wasConnected = await session.DisconnectAsync(), target: null))
        {
            WriteVerbose(wasConnected ? "Disconnected." : "There was no connection.");
        }
    }
}
