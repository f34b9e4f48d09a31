namespace Net.Benchmarks.Overlay;

/// <summary>Sees a packet on its way.</summary>
/// <param name="packet">The UDP payload, valid during the call.</param>
internal delegate void PacketSeen(ReadOnlySpan<byte> packet);
