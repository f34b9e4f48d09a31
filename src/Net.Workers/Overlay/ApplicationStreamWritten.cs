namespace Net.Workers.Overlay;

/// <summary>The data of one <see cref="WriteApplicationStream"/> was handed to the session.</summary>
/// <param name="StreamId">The stream.</param>
public sealed record ApplicationStreamWritten(long StreamId) : WorkerMessage;
