using System.Threading.Channels;

namespace Net.PowerShell.Pipeline;

/// <summary>Runs asynchronous work beneath a cmdlet: the work goes on in the background, what it posts runs on the calling thread.</summary>
internal static class PipelinePump
{
    // Enough to keep a fast stream moving between two turns of the pipeline, small enough that a slow consumer holds the engine back.
    private const int QueueLength = 256;

    /// <summary>Runs <paramref name="work"/> to its end. Its failure is thrown here; a stop asked for by <paramref name="stopToken"/> is not a failure.
    /// When a posted action throws, as the pipeline does to end early, the work is cancelled first and then the exception goes on.</summary>
    public static void Run(Func<IPipelinePoster, CancellationToken, Task> work, CancellationToken stopToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        using var letGo = CancellationTokenSource.CreateLinkedTokenSource(stopToken);
        var queue = Channel.CreateBounded<Action>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
        CancellationToken token = letGo.Token;
        Task running = Task.Run(() => FeedAsync(work, queue.Writer, token), CancellationToken.None);
        try
        {
            while (WaitForMore(queue.Reader))
            {
                while (queue.Reader.TryRead(out Action? write))
                {
                    write();
                }
            }
        }
        catch
        {
            letGo.Cancel();
            Settle(running);
            throw;
        }

        try
        {
            running.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (stopToken.IsCancellationRequested)
        {
        }
    }

    private static bool WaitForMore(ChannelReader<Action> reader) => reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult();

    private static async Task FeedAsync(
        Func<IPipelinePoster, CancellationToken, Task> work, ChannelWriter<Action> queue, CancellationToken cancellationToken)
    {
        try
        {
            await work(new Poster(queue, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            queue.Complete();
        }
    }

    // The pipeline's own exception is on its way; what the cancelled work says besides is of no use to anybody.
    private static void Settle(Task running)
    {
        try
        {
            running.GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
        }
    }

    private sealed class Poster(ChannelWriter<Action> queue, CancellationToken cancellationToken) : IPipelinePoster
    {
        public ValueTask PostAsync(Action write) => queue.WriteAsync(write, cancellationToken);
    }
}
