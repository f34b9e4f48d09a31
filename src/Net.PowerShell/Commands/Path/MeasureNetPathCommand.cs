using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Measures paths by ICMP echo through each path's own interface.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "NetPath")]
[OutputType(typeof(PathMeasurement))]
public sealed class MeasureNetPathCommand : EngineCmdlet
{
    private const int ProgressId = 0x4E50;
    private readonly List<string> _names = [];

    /// <summary>Ids of paths, or names of interfaces.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PathId", "InterfaceAlias")]
    [ArgumentCompleter(typeof(NetPathNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Probes for each path.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 10;

    /// <summary>Time between two probes.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Interval { get; set; }

    /// <summary>How long to wait for each reply.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>An address to ask instead of each path's own target.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Target { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => _names.AddRange(Name);

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        string[] names = [.. _names.Distinct(StringComparer.OrdinalIgnoreCase)];
        if (names.Length == 0)
        {
            return;
        }

        int measured = 0;
        var progress = new ProgressRecord(ProgressId, "Measuring paths", $"{Count} probes for each path");
        WriteProgress(progress);
        Run(
            async (engine, poster, token) =>
            {
                var request = new MeasurePaths(names, Count, Interval, Timeout, Target);
                await foreach (PathMeasurement measurement in engine.StreamAsync(EngineApi.PathsMeasure, request, token))
                {
                    await poster.PostAsync(() =>
                    {
                        progress.StatusDescription = $"{++measured} measured";
                        WriteProgress(progress);
                        WriteObject(measurement);
                    });
                }
            },
            names);
        progress.RecordType = ProgressRecordType.Completed;
        WriteProgress(progress);
    }
}
