namespace Net.Relay.Tests;

/// <summary>What a thread allocated. Single runs of loops that allocate nothing can show some kilobytes when the whole project runs; what allocates per packet shows in every run.</summary>
internal static class Allocations
{
    private const int Attempts = 5;

    public static void AssertNone(Action loop)
    {
        long[] allocated = new long[Attempts];
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            loop();
            allocated[attempt] = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated[attempt] == 0)
            {
                return;
            }
        }

        Assert.Fail($"Each run allocated: {string.Join(", ", allocated)} bytes.");
    }
}
