namespace Net.Workers.Overlay;

/// <summary>Ends sessions with a goodbye and then the worker.</summary>
public sealed record StopOverlay : WorkerMessage;
