using Net.PowerShell.Pipeline;

namespace Net.PowerShell.Tests.Pipeline;

public sealed class PipelinePumpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void What_is_posted_runs_on_the_calling_thread_in_order()
    {
        int caller = Environment.CurrentManagedThreadId;
        var seen = new List<(int Number, int Thread)>();

        PipelinePump.Run(
            async (poster, token) =>
            {
                for (int i = 0; i < 2000; i++)
                {
                    int number = i;
                    await poster.PostAsync(() => seen.Add((number, Environment.CurrentManagedThreadId)));
                }
            },
            CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, 2000), seen.Select(one => one.Number));
        Assert.All(seen, one => Assert.Equal(caller, one.Thread));
    }

    [Fact]
    public void The_failure_of_the_work_is_thrown_after_what_it_posted()
    {
        var seen = new List<int>();

        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => PipelinePump.Run(
            async (poster, token) =>
            {
                await poster.PostAsync(() => seen.Add(1));
                throw new InvalidOperationException("no");
            },
            CancellationToken.None));

        Assert.Equal("no", failure.Message);
        Assert.Equal([1], seen);
    }

    [Fact]
    public void Work_that_fails_before_its_first_await_is_thrown_too() =>
        Assert.Throws<InvalidOperationException>(() => PipelinePump.Run((_, _) => throw new InvalidOperationException(), CancellationToken.None));

    [Fact]
    public void A_stop_ends_the_work_and_is_no_failure()
    {
        using var stop = new CancellationTokenSource();
        bool cancelled = false;

        PipelinePump.Run(
            async (poster, token) =>
            {
                await poster.PostAsync(stop.Cancel);
                try
                {
                    await new TaskCompletionSource().Task.WaitAsync(Patience, token);
                }
                catch (OperationCanceledException)
                {
                    cancelled = true;
                    throw;
                }
            },
            stop.Token);

        Assert.True(cancelled);
    }

    [Fact]
    public void A_pipeline_that_ends_early_releases_work_that_waits_on_a_full_queue()
    {
        int posted = 0;
        bool released = false;

        Assert.Throws<TimeoutException>(() => PipelinePump.Run(
            async (poster, token) =>
            {
                try
                {
                    while (true)
                    {
                        await poster.PostAsync(() => throw new TimeoutException());
                        posted++;
                    }
                }
                finally
                {
                    released = true;
                }
            },
            CancellationToken.None));

        Assert.True(released);
        Assert.InRange(posted, 0, 600);
    }

    [Fact]
    public void A_slow_pipeline_holds_the_work_back()
    {
        int ahead = 0;
        int mostAhead = 0;

        PipelinePump.Run(
            async (poster, token) =>
            {
                for (int i = 0; i < 5000; i++)
                {
                    InterlockedMax(ref mostAhead, Interlocked.Increment(ref ahead));
                    await poster.PostAsync(() => Interlocked.Decrement(ref ahead));
                }
            },
            CancellationToken.None);

        Assert.InRange(mostAhead, 1, 300);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
