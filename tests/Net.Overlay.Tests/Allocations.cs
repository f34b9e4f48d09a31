namespace Net.Overlay.Tests;

/// <summary>What a thread allocated. A collection that another test causes adds the unused rest of the thread's allocation quantum, up to 8 KB and once, so that much is
/// no allocation of the code under test; loops are long enough for one object per packet to be far above it.</summary>
internal static class Allocations
{
    public const long Noise = 8192;

    public static void AssertNoneSince(long before) => Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Noise);
}
