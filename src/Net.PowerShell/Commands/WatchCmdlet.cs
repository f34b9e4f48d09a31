using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Binding;

namespace Net.PowerShell.Commands;

/// <summary>The base of cmdlets that stream until they are stopped.</summary>
public abstract class WatchCmdlet : EngineCmdlet
{
    /// <summary>How long to watch; without it, until stopped.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Writes what streams in, for as long as the user wants.</summary>
    private protected void Watch<TRequest, TItem>(ApiStream<TRequest, TItem> method, TRequest request, object? target) =>
        WriteLimited(method, request, target, Timeout);
}
