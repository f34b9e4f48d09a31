using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;
using Net.PowerShell.Completion;

namespace Net.PowerShell.Commands;

/// <summary>Tests peers by echoes inside their sessions, and measures throughput and the largest packet when asked.</summary>
[Cmdlet(VerbsDiagnostic.Test, "OverlayPeer")]
[OutputType(typeof(OverlayPeerTest), typeof(bool))]
public sealed class TestOverlayPeerCommand : EngineCmdlet
{
    /// <summary>The overlay.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Overlay { get; set; }

    /// <summary>Names of peers.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OverlayPeerNameCompleter))]
    [SupportsWildcards]
    [NameText]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Echoes for each peer.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 5;

    /// <summary>How long to wait for each echo.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>How long to send test data.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Throughput { get; set; }

    /// <summary>Find out the largest packet that goes through.</summary>
    [Parameter]
    public SwitchParameter Mtu { get; set; }

    /// <summary>Write only whether all succeeded.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        var request = new TestOverlayPeers(Overlay!, Name is ["*"] ? null : Name, Count, Timeout, Throughput, Mtu);
        if (!Quiet)
        {
            WriteStream(EngineApi.OverlayTestPeers, request, Name);
            return;
        }

        int tested = 0;
        bool good = true;
        bool done = Run(
            async (engine, poster, token) =>
            {
                await foreach (OverlayPeerTest test in engine.StreamAsync(EngineApi.OverlayTestPeers, request, token))
                {
                    tested++;
                    good &= test.Succeeded;
                    await poster.PostAsync(() => WriteVerbose($"{test.Name}: {test.Reason}"));
                }
            },
            Name);
        if (done)
        {
            WriteObject(good && tested > 0);
        }
    }
}
