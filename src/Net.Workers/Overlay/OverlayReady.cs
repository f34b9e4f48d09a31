namespace Net.Workers.Overlay;

/// <summary>The worker took its descriptors and moves packets.</summary>
/// <param name="Library">The version of the QUIC library, for the log.</param>
/// <param name="IsLocked">Whether it is locked by a filter of system calls.</param>
public sealed record OverlayReady(string Library, bool IsLocked) : WorkerMessage;
