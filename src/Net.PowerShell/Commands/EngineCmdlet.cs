using System.Management.Automation;
using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Errors;
using Net.PowerShell.Pipeline;

namespace Net.PowerShell.Commands;

/// <summary>The base of every cmdlet: runs calls to the session's engine under the pipeline, stops at once, and turns failures into error records.</summary>
public abstract class EngineCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    private protected bool IsStopping => _stopping.IsCancellationRequested;

    /// <inheritdoc />
    public void Dispose()
    {
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    protected override void StopProcessing()
    {
        try
        {
            _stopping.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Ctrl+C met a command that had just ended.
        }
    }

    /// <summary>Runs work that calls the engine. What it posts runs here, on the pipeline's thread.</summary>
    /// <returns>Whether it came to its end: false after an error, which is reported then, and after a stop.</returns>
    private protected bool Run(Func<IEngineCaller, IPipelinePoster, CancellationToken, Task> work, object? target) =>
        RunSession((session, poster, token) => work(new TracingCaller(session, poster, WriteVerbose), poster, token), target);

    private protected bool RunSession(Func<EngineSession, IPipelinePoster, CancellationToken, Task> work, object? target)
    {
        EngineSession session = EngineSessions.Current;
        try
        {
            PipelinePump.Run((poster, token) => work(session, poster, token), _stopping.Token);
            return !IsStopping;
        }
        catch (EngineException exception)
        {
            if (!IsStopping)
            {
                Fail(exception, target);
            }

            return false;
        }
    }

    /// <summary>Makes one call.</summary>
    private protected bool TryCall<TRequest, TResult>(
        ApiMethod<TRequest, TResult> method, TRequest request, object? target, out TResult result)
        where TResult : class
    {
        TResult? answer = null;
        bool done = Run(async (engine, _, token) => answer = await engine.CallAsync(method, request, token), target);
        result = answer!;
        return done;
    }

    /// <summary>Writes every item of a stream as it comes.</summary>
    private protected bool WriteStream<TRequest, TItem>(ApiStream<TRequest, TItem> method, TRequest request, object? target) =>
        Run(
            async (engine, poster, token) =>
            {
                await foreach (TItem item in engine.StreamAsync(method, request, token))
                {
                    await poster.PostAsync(() => WriteObject(item));
                }
            },
            target);

    /// <summary>Writes items of a stream as they come, until a time is over or so many came; without either, until it is stopped.</summary>
    private protected bool WriteLimited<TRequest, TItem>(
        ApiStream<TRequest, TItem> method, TRequest request, object? target, TimeSpan? timeout, int? count = null) =>
        Run(
            async (engine, poster, token) =>
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
                if (timeout is { } time)
                {
                    limit.CancelAfter(time);
                }

                int written = 0;
                try
                {
                    await foreach (TItem item in engine.StreamAsync(method, request, limit.Token))
                    {
                        await poster.PostAsync(() => WriteObject(item));
                        if (++written == count)
                        {
                            break;
                        }
                    }
                }
                catch (OperationCanceledException) when (!token.IsCancellationRequested)
                {
                    // The time the user gave is over.
                }
            },
            target);

    /// <summary>Reports a failure: of this object only, or of the whole command when no other object could succeed.</summary>
    private protected void Fail(EngineException exception, object? target)
    {
        ErrorRecord record = ErrorRecords.From(exception, target);
        if (ErrorRecords.EndsThePipeline(exception))
        {
            ThrowTerminatingError(record);
        }

        WriteError(record);
    }
}
