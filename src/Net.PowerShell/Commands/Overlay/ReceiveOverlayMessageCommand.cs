using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Receives messages of peers as they come, until it is stopped, the count is reached or the time is over.</summary>
[Cmdlet(VerbsCommunications.Receive, "OverlayMessage")]
[OutputType(typeof(OverlayMessage))]
public sealed class ReceiveOverlayMessageCommand : EngineCmdlet
{
    /// <summary>The overlay.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [SupportsWildcards]
    public string Overlay { get; set; } = "*";

    /// <summary>The topic.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    public string Topic { get; set; } = "*";

    /// <summary>The peer.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OverlayPeerNameCompleter))]
    [SupportsWildcards]
    public string Peer { get; set; } = "*";

    /// <summary>End after so many messages.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <summary>How long to receive; without it, until stopped.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        var request = new ReceiveOverlayMessages(OverlayKinds.Everywhere(Overlay), OverlayKinds.Everywhere(Topic), OverlayKinds.Everywhere(Peer));
        WriteLimited(EngineApi.OverlayReceiveMessages, request, Overlay, Timeout, Count);
    }
}
