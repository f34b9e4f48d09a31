using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;

namespace Net.PowerShell.Commands;

/// <summary>Streams connections as they begin, change and end, until it is stopped.</summary>
[Cmdlet(VerbsCommon.Watch, "FirewallConnection")]
[OutputType(typeof(FirewallConnectionChange))]
public sealed class WatchFirewallConnectionCommand : FirewallConnectionFilterCmdlet
{
    /// <summary>How long to watch; without it, until stopped.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord() => WriteLimited(EngineApi.FirewallWatchConnections, new WatchFirewallConnections(Filter()), Address, Timeout);
}
