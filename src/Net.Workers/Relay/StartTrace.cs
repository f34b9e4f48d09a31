namespace Net.Workers.Relay;

/// <summary>The worker is to tell of the next packets of a rule. Without a trace a rule's packets cost nothing more.</summary>
/// <param name="Id">The trace's id, for <see cref="TracedPackets"/>.</param>
/// <param name="RuleId">The rule.</param>
/// <param name="MaxPackets">How many packets it tells of at most, 10,000 at most; then the trace ends by itself. A packet makes one record where it comes in and one for each output.</param>
/// <param name="SnapLength">Bytes of each frame that are told, 65,535 at most.</param>
public sealed record StartTrace(long Id, int RuleId, int MaxPackets, int SnapLength) : WorkerMessage;
