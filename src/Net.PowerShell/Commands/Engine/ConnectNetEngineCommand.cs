using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Connection;

namespace Net.PowerShell.Commands;

/// <summary>Connects the PowerShell session to an engine. Without it the first command connects to the default socket.</summary>
[Cmdlet(VerbsCommunications.Connect, "NetEngine")]
[OutputType(typeof(NetEngineConnection))]
public sealed class ConnectNetEngineCommand : EngineCmdlet
{
    /// <summary>The engine's socket.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Socket")]
    [ValidateNotNullOrEmpty]
    public string? SocketPath { get; set; }

    /// <summary>How long connecting may take.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan Timeout { get; set; } = EngineTarget.DefaultTimeout;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        string socket = SocketPath ?? EngineConnector.DefaultTarget().SocketPath;
        HelloReply? hello = null;
        bool done = RunSession(
            async (session, _, token) => hello = (await session.ConnectAsync(new EngineTarget(socket, Timeout), token)).Hello,
            socket);
        if (done)
        {
            WriteObject(new NetEngineConnection(socket, hello!.EngineVersion, hello.ProtocolVersion, hello.Role, hello.User));
        }
    }
}
