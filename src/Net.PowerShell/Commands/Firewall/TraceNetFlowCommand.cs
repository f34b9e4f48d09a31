using System.Globalization;
using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Writes what the kernel does with real packets, rule by rule, until enough came, the time is over, or it is stopped.</summary>
[Cmdlet(VerbsDiagnostic.Trace, "NetFlow")]
[OutputType(typeof(NetFlowTraceEvent))]
public sealed class TraceNetFlowCommand : EngineCmdlet
{
    /// <summary>The destination, an address or a prefix.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValueText<AddressRange>]
    public string? DestinationAddress { get; set; }

    /// <summary>The destination port.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValueText<PortRange>]
    public string? DestinationPort { get; set; }

    /// <summary>The protocol.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public IpProtocol? Protocol { get; set; }

    /// <summary>The source, an address or a prefix.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValueText<AddressRange>]
    public string? SourceAddress { get; set; }

    /// <summary>The source port.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValueText<PortRange>]
    public string? SourcePort { get; set; }

    /// <summary>The interface it comes in by, or leaves by when this host sends it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    public string? InterfaceAlias { get; set; }

    /// <summary>After what time it ends.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After how many packets it ends.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int MaxPackets { get; set; } = 100;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        var pattern = new NetFlowPattern
        {
            DestinationAddress = AddressOf(DestinationAddress),
            DestinationPort = PortOf(DestinationPort),
            Protocol = Protocol ?? IpProtocol.Any,
            SourceAddress = AddressOf(SourceAddress),
            SourcePort = PortOf(SourcePort),
            InterfaceAlias = string.IsNullOrEmpty(InterfaceAlias) ? null : InterfaceAlias,
        };
        WriteStream(EngineApi.FirewallTraceFlow, new TraceNetFlow(pattern, Duration, MaxPackets), DestinationAddress);
    }

    private static AddressRange? AddressOf(string? text) => string.IsNullOrEmpty(text) ? null : AddressRange.Parse(text);

    private static PortRange? PortOf(string? text) => string.IsNullOrEmpty(text) ? null : PortRange.Parse(text, CultureInfo.InvariantCulture);
}
