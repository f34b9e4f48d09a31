namespace Net.Overlay.Queues;

/// <summary>What a queue knows of a packet in a slot.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="Arrived">Nanoseconds of the monotonic clock.</param>
internal readonly record struct PacketInfo(int Length, long Arrived);
