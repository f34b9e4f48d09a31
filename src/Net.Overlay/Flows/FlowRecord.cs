namespace Net.Overlay.Flows;

/// <summary>A record of a connection or a decision, as it leaves the data path.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="Key">The flow in the direction it was opened, or the packet denied last.</param>
/// <param name="Entry">For starts and ends the flow's entry at that moment; for denials only rule, policy and peers.</param>
/// <param name="EndReason">Why it is over, for ends.</param>
/// <param name="Time">Nanoseconds of the monotonic clock: of the start, of the last packet of a flow that is over, or of the denial.</param>
/// <param name="DeniedPackets">Packets a denial stands for.</param>
public readonly record struct FlowRecord(FlowRecordKind Kind, FlowKey Key, FlowEntry Entry, FlowEndReason EndReason, long Time, long DeniedPackets);
