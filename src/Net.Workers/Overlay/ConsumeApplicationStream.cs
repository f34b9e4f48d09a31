namespace Net.Workers.Overlay;

/// <summary>Tells that an application took data, so that the peer may send as much more.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Bytes">How much was taken.</param>
public sealed record ConsumeApplicationStream(long StreamId, int Bytes) : WorkerMessage;
