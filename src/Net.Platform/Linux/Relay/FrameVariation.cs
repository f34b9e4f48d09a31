namespace Net.Platform.Linux.Relay;

/// <summary>A field of a frame that differs from one sent frame to the next; written in big-endian order. Checksums of IPv4 and UDP follow.</summary>
/// <param name="Offset">Where it stands, in bytes from the start of the frame.</param>
/// <param name="Bytes">Its length: 1, 2, 4 or 8.</param>
/// <param name="IsTime">Whether it is the time of sending, in nanoseconds of CLOCK_MONOTONIC; the rest is ignored then.</param>
/// <param name="First">Value in the first frame.</param>
/// <param name="Every">Frames between two steps of one; 1 to 2^31 - 1. Of n streams, their sequence numbers step every n.</param>
/// <param name="Count">Number of values before it begins anew; 0 for never, otherwise to 2^31 - 1. Of n streams, their number has n.</param>
public readonly record struct FrameVariation(int Offset, int Bytes, bool IsTime = false, ulong First = 0, int Every = 1, int Count = 0);
