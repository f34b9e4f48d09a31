namespace Net.Workers.Relay;

/// <summary>The worker cannot relay and ends.</summary>
/// <param name="Reason">Why, in words.</param>
public sealed record RelayFailed(string Reason) : WorkerMessage;
