namespace Net.Workers.Relay;

/// <summary>The worker could not take a descriptor, such as a ring of another layout; it goes on without.</summary>
/// <param name="Id">The descriptor's id.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record RelayRefused(int Id, string Reason) : WorkerMessage;
