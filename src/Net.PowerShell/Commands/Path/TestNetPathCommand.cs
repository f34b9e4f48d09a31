using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Commands;

/// <summary>Tells whether paths answer, and as well as they should.</summary>
[Cmdlet(VerbsDiagnostic.Test, "NetPath")]
[OutputType(typeof(bool))]
public sealed class TestNetPathCommand : EngineCmdlet
{
    /// <summary>Ids of paths, or names of interfaces.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PathId", "InterfaceAlias")]
    [ArgumentCompleter(typeof(NetPathNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>An address to ask instead of each path's own target.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Target { get; set; }

    /// <summary>Probes for each path.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 3;

    /// <summary>How long to wait for each reply.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>The share of probes that may stay without a reply, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? MaximumLossRatio { get; set; }

    /// <summary>The longest median round trip that still counts as good.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? MaximumRoundTripTime { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            var verdict = new PathVerdict(MaximumLossRatio, MaximumRoundTripTime);
            bool done = Run(
                async (engine, poster, token) =>
                {
                    var request = new MeasurePaths([name], Count, Timeout: Timeout, Target: Target);
                    await verdict.JudgeAsync(engine.StreamAsync(EngineApi.PathsMeasure, request, token), token);
                    string reason = verdict.Reason;
                    await poster.PostAsync(() => WriteVerbose($"{name}: {reason}"));
                },
                name);
            if (done)
            {
                WriteObject(verdict.IsGood);
            }
        }
    }
}
