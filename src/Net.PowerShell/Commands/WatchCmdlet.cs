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
        Run(
            async (engine, poster, token) =>
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
                if (Timeout is { } timeout)
                {
                    limit.CancelAfter(timeout);
                }

                try
                {
                    await foreach (TItem item in engine.StreamAsync(method, request, limit.Token))
                    {
                        await poster.PostAsync(() => WriteObject(item));
                    }
                }
                catch (OperationCanceledException) when (!token.IsCancellationRequested)
                {
                    // The time the user gave is over.
                }
            },
            target);
}
