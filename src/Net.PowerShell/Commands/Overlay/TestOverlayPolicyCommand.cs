using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Tells whether a connection would pass, and by which rule, without sending anything.</summary>
[Cmdlet(VerbsDiagnostic.Test, "OverlayPolicy")]
[OutputType(typeof(OverlayPolicyVerdict), typeof(bool))]
public sealed class TestOverlayPolicyCommand : EngineCmdlet
{
    /// <summary>The overlay.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Overlay { get; set; }

    /// <summary>Who opens the connection.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayEndCompleter))]
    [ValidateNotNullOrEmpty]
    public string? From { get; set; }

    /// <summary>Who is reached.</summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayEndCompleter))]
    [ValidateNotNullOrEmpty]
    public string? To { get; set; }

    /// <summary>The protocol above IP.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public IpProtocol Protocol { get; set; } = IpProtocol.Tcp;

    /// <summary>The destination port.</summary>
    [Parameter(Position = 3, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, ushort.MaxValue)]
    public int? Port { get; set; }

    /// <summary>The time to ask for.</summary>
    [Parameter]
    public DateTimeOffset? At { get; set; }

    /// <summary>Write only whether it would pass.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        var request = new TestOverlayPolicy(Overlay!, From!, To!, Protocol, Port, At);
        if (!TryCall(EngineApi.OverlayTestPolicy, request, Overlay, out OverlayPolicyVerdict verdict))
        {
            return;
        }

        if (Quiet)
        {
            WriteVerbose(verdict.Reason);
            WriteObject(verdict.Action == OverlayAction.Allow);
        }
        else
        {
            WriteObject(verdict);
        }
    }
}
