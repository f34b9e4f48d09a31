namespace Net.Workers.Relay;

/// <summary>The worker is to end a trace.</summary>
/// <param name="Id">The trace.</param>
public sealed record StopTrace(long Id) : WorkerMessage;
