namespace Net.Workers.Overlay;

/// <summary>A peer opened an application stream, or one opened here is ready or refused.</summary>
/// <param name="StreamId">The stream: negative when the peer opened it.</param>
/// <param name="PeerIndex">The peer.</param>
/// <param name="Protocol">What speaks over it.</param>
/// <param name="Problem">Why it could not be opened; null when it was.</param>
public sealed record ApplicationStreamOpened(long StreamId, int PeerIndex, string Protocol, string? Problem) : WorkerMessage;
