using Net.Platform.Linux;

namespace Net.Worker.Overlay;

/// <summary>What goes with a packet from one shard to another.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="From">The peer it came from; -1 for this node or when it is not known.</param>
/// <param name="To">The peer it goes to; -1 when it goes to none.</param>
/// <param name="Flow">The hash of its flow.</param>
/// <param name="Endpoint">Where a datagram came from; empty for packets.</param>
internal readonly record struct Handover(HandoverKind Kind, int From, int To, uint Flow, SocketEndpoint Endpoint);
