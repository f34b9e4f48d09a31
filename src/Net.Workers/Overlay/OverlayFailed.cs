namespace Net.Workers.Overlay;

/// <summary>The worker cannot go on, for the reason given, and ends.</summary>
/// <param name="Reason">Why: the TUN device is gone, a library is missing.</param>
public sealed record OverlayFailed(string Reason) : WorkerMessage;
