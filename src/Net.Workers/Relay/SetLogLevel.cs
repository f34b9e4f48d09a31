namespace Net.Workers.Relay;

/// <summary>The worker is to log from another level on.</summary>
/// <param name="Level">As in Microsoft.Extensions.Logging: 0 trace to 5 critical, 6 for nothing.</param>
public sealed record SetLogLevel(int Level) : WorkerMessage;
