namespace Net.Overlay.Queues;

/// <summary>What a queue knows of a packet in a slot.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="Arrived">Nanoseconds of the monotonic clock.</param>
/// <param name="IsLast">Whether it is the last of its burst.</param>
internal readonly record struct PacketInfo(int Length, long Arrived, bool IsLast = true);
