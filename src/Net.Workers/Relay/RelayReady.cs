namespace Net.Workers.Relay;

/// <summary>The worker relays.</summary>
/// <param name="IsLocked">Whether it is locked by a filter of system calls.</param>
public sealed record RelayReady(bool IsLocked) : WorkerMessage;
