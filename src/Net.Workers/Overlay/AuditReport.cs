namespace Net.Workers.Overlay;

/// <summary>Connections that ended and decisions against some, for the audit log.</summary>
/// <param name="Records">The records.</param>
/// <param name="Lost">Records that did not fit since the last message.</param>
public sealed record AuditReport(FlowRecord[] Records, long Lost) : WorkerMessage;
