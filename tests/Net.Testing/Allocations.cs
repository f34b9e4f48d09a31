namespace Net.Testing;

/// <summary>
/// What a loop allocates. A single run of one that allocates nothing can still show some kilobytes: a coverage run makes the array of hits of a type's assembly
/// when that is first reached, which is 4 bytes for each line, and failures of system calls bring classes to life. So a loop is run several times: what
/// allocates for each packet shows in every run.
/// </summary>
public static class Allocations
{
    private const int Runs = 5;

    /// <summary>Runs a loop up to five times on this thread, and no more once a run allocated nothing.</summary>
    /// <param name="loop">The loop.</param>
    /// <returns>The managed bytes the least of the runs allocated on this thread.</returns>
    public static long Least(Action loop) => LeastOfParts(() => Of(loop));

    /// <summary>Runs a loop of which only a part is measured, up to five times, and no more once that part allocated nothing.</summary>
    /// <param name="loop">The loop; it adds up <see cref="Of"/> of the part that is measured.</param>
    /// <returns>The bytes of the least of the runs.</returns>
    public static long LeastOfParts(Func<long> loop)
    {
        long least = long.MaxValue;
        for (int run = 0; run < Runs && least > 0; run++)
        {
            least = Math.Min(least, loop());
        }

        return least;
    }

    /// <summary>Does something on this thread and says what that allocated.</summary>
    /// <param name="action">What to do.</param>
    /// <returns>The managed bytes.</returns>
    public static long Of(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
