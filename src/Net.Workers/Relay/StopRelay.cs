namespace Net.Workers.Relay;

/// <summary>The worker is to relay what waits in its rings and sockets, report once more and end with exit code 0.</summary>
public sealed record StopRelay : WorkerMessage;
