namespace Net.Workers.Overlay;

/// <summary>Gives every session new packet protection keys (RFC 9001 section 6), for tests.</summary>
public sealed record UpdateKeys : WorkerMessage;
