using Net.Platform;

namespace Net.Engine.Firewall;

/// <summary>Up to which generation of the kernel's rule sets the monitor has told who made it. A look of our own may be ahead of what it tells. All members may be called
/// from any thread.</summary>
/// <param name="clock">The clock.</param>
internal sealed class HeardGenerations(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint? _last;

    /// <summary>The monitor told of a transaction, and what it told is written down. Where announcements were lost, nothing more is to be expected of them.</summary>
    public void Heard(FirewallGeneration generation)
    {
        TaskCompletionSource heard;
        lock (_gate)
        {
            _last = generation.IsOverrun ? null : generation.Id;
            heard = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        heard.SetResult();
    }

    /// <summary>Waits until the monitor has told of a generation, or of a later one.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="bound">How long at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was told; false when it took too long, or is lost.</returns>
    public async Task<bool> WaitForAsync(uint generation, TimeSpan bound, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(bound, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        bool isFirst = true;
        while (true)
        {
            Task next;
            lock (_gate)
            {
                if (_last is { } last && (int)(generation - last) <= 0)
                {
                    return true;
                }

                if (_last is null && !isFirst)
                {
                    return false;
                }

                next = _next.Task;
            }

            isFirst = false;
            try
            {
                await next.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }
    }
}
