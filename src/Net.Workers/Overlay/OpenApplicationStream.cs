namespace Net.Workers.Overlay;

/// <summary>Opens an application stream.</summary>
/// <param name="StreamId">What the engine calls it by: positive for streams opened here, negative numbers come from the worker for accepted ones.</param>
/// <param name="PeerIndex">The peer.</param>
/// <param name="Protocol">What speaks over it.</param>
public sealed record OpenApplicationStream(long StreamId, int PeerIndex, string Protocol) : WorkerMessage;
