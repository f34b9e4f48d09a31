using System.Globalization;
using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Sends test traffic out of one interface, receives it on others, and tells loss, order and latency.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "RelayPath", DefaultParameterSetName = ByRule)]
[OutputType(typeof(RelayMeasurement))]
public sealed class MeasureRelayPathCommand : EngineCmdlet
{
    private const string ByRule = "Rule";
    private const string ByDestination = "Destination";
    private const int ProgressId = 0x4E51;

    /// <summary>A rule to take destinations and ports of.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByRule)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(RelayRuleNameCompleter))]
    [NameText]
    [ValidateNotNullOrEmpty]
    public string? RelayRule { get; set; }

    /// <summary>The address to send to.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByDestination)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>The port to send to.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByDestination)]
    [ValidateRange(1, 65535)]
    public int? Port { get; set; }

    /// <summary>The group or address to receive at.</summary>
    [Parameter]
    public string? ReceiveDestination { get; set; }

    /// <summary>The port to receive at.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int? ReceivePort { get; set; }

    /// <summary>The interface to send by.</summary>
    [Parameter(Mandatory = true)]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [ValidateNotNullOrEmpty]
    public string? SendInterface { get; set; }

    /// <summary>Interfaces to receive on.</summary>
    [Parameter(Mandatory = true)]
    [ArgumentCompleter(typeof(InterfaceAliasCompleter))]
    [ValidateCount(1, 16)]
    public string[]? ReceiveInterface { get; set; }

    /// <summary>Bytes of payload of each packet.</summary>
    [Parameter]
    [ValidateRange(32, 8972)]
    public int PayloadBytes { get; set; } = 64;

    /// <summary>Packets per second.</summary>
    [Parameter]
    [ValidateRange(0.001, 10_000_000)]
    public double PacketsPerSecond { get; set; } = 1000;

    /// <summary>How long to send.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Duration { get; set; }

    /// <summary>Streams with sequence numbers of their own.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Streams { get; set; } = 1;

    /// <summary>The TTL packets are sent with.</summary>
    [Parameter]
    [ValidateRange(1, 255)]
    public int Ttl { get; set; } = 8;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        var request = new MeasureRelayPath
        {
            InterfaceAlias = SendInterface!,
            ReceiveOn = ReceiveInterface!,
            Rule = RelayRule,
            Destination = Destination,
            Port = Port,
            ReceiveDestination = ReceiveDestination,
            ReceivePort = ReceivePort,
            PayloadBytes = PayloadBytes,
            PacketsPerSecond = PacketsPerSecond,
            Duration = Duration,
            Streams = Streams,
            Ttl = Ttl,
        };
        object target = RelayRule ?? Destination!;
        var progress = new ProgressRecord(ProgressId, "Measuring the relay", $"{target}");
        WriteProgress(progress);
        Run(
            async (engine, poster, token) =>
            {
                await foreach (RelayMeasurement measurement in engine.StreamAsync(EngineApi.RelayMeasure, request, token))
                {
                    await poster.PostAsync(() => Show(measurement, progress));
                }
            },
            target);
        progress.RecordType = ProgressRecordType.Completed;
        WriteProgress(progress);
    }

    private void Show(RelayMeasurement measurement, ProgressRecord progress)
    {
        if (measurement.IsFinal)
        {
            WriteObject(measurement);
            return;
        }

        progress.StatusDescription = string.Create(
            CultureInfo.InvariantCulture, $"{measurement.InterfaceAlias}: {measurement.Received} of {measurement.Sent} received, {measurement.Lost} lost");
        WriteProgress(progress);
    }
}
