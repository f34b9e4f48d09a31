using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Writes packets of a rule of the multicast relay as they come in, until enough came, the time is over, or it is stopped.</summary>
[Cmdlet(VerbsLifecycle.Start, "PacketTrace")]
[OutputType(typeof(RelayTracedPacket))]
public sealed class StartPacketTraceCommand : EngineCmdlet
{
    /// <summary>The rule.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(RelayRuleNameCompleter))]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string? RelayRule { get; set; }

    /// <summary>After how many packets it ends.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int MaxPackets { get; set; } = 100;

    /// <summary>After what time it ends.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Duration { get; set; }

    /// <summary>How many bytes of each packet come with it.</summary>
    [Parameter]
    [ValidateRange(0, 9216)]
    public int SnapLength { get; set; } = 128;

    /// <inheritdoc />
    protected override void ProcessRecord() =>
        WriteStream(EngineApi.RelayTrace, new TraceRelayRule(RelayRule!, MaxPackets, Duration, SnapLength), RelayRule);
}
