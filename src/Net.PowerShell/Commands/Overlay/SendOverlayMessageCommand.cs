using System.Management.Automation;
using System.Text;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Sends messages to applications of peers. Each call ends when the peer's engine has the message.</summary>
[Cmdlet(VerbsCommunications.Send, "OverlayMessage", DefaultParameterSetName = AsText)]
[OutputType(typeof(void))]
public sealed class SendOverlayMessageCommand : EngineCmdlet
{
    private const string AsText = "Text";
    private const string AsData = "Data";

    /// <summary>The overlay.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Overlay { get; set; }

    /// <summary>The peers.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(OverlayPeerNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Peer { get; set; }

    /// <summary>What it is about.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateLength(1, 64)]
    public string? Topic { get; set; }

    /// <summary>The text.</summary>
    [Parameter(Mandatory = true, Position = 3, ValueFromPipeline = true, ParameterSetName = AsText)]
    [AllowEmptyString]
    public string? Text { get; set; }

    /// <summary>The data.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AsData)]
    [AllowEmptyCollection]
    public byte[]? Data { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        string data = Convert.ToBase64String(Data ?? Encoding.UTF8.GetBytes(Text ?? string.Empty));
        foreach (string peer in Peer!)
        {
            TryCall(EngineApi.OverlaySendMessage, new SendOverlayMessage(Overlay!, peer, Topic!, data), peer, out Done _);
        }
    }
}
