namespace Net.Platform;

/// <summary>Something happened to a tracked connection.</summary>
/// <param name="Kind">What happened: one bit.</param>
/// <param name="Connection">The connection as the event tells it: an update holds what changed and what identifies it. Null when events were lost.</param>
/// <param name="Lost">For <see cref="ConnectionEventKinds.Overrun"/> how many events were lost at least; 0 otherwise.</param>
public sealed record ConnectionEvent(ConnectionEventKinds Kind, TrackedConnection? Connection, long Lost = 0);
