namespace Net.Workers.Overlay;

/// <summary>An application stream ended.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record ApplicationStreamClosed(long StreamId, string Reason) : WorkerMessage;
