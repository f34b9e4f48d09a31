namespace Net.Workers.Overlay;

/// <summary>Sends over an application stream; answered by <see cref="ApplicationStreamWritten"/> when the data was handed to the session.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Data">At most 64 KiB.</param>
/// <param name="IsFinal">Whether it is the last.</param>
public sealed record WriteApplicationStream(long StreamId, byte[] Data, bool IsFinal) : WorkerMessage;
