namespace Net.PowerShell.Pipeline;

/// <summary>The way from asynchronous work to the pipeline's thread, the only one that may write objects.</summary>
internal interface IPipelinePoster
{
    /// <summary>Has the pipeline's thread run <paramref name="write"/>, in the order of the calls. Completes once it is queued;
    /// while the queue is full the caller waits, and so does the engine's stream.</summary>
    ValueTask PostAsync(Action write);
}
