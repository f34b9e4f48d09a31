namespace Net.Workers.Overlay;

/// <summary>Data of an application stream.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Data">The data.</param>
/// <param name="IsFinal">Whether it is the last.</param>
public sealed record ApplicationStreamReceived(long StreamId, byte[] Data, bool IsFinal) : WorkerMessage;
