namespace Net.Workers.Overlay;

/// <summary>Ends an application stream at once.</summary>
/// <param name="StreamId">The stream.</param>
public sealed record CloseApplicationStream(long StreamId) : WorkerMessage;
