using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux;

/// <summary>The slice of a thread that waits for packets.</summary>
public sealed class ThreadSliceTests
{
    [Fact]
    public void A_thread_gets_the_shortest_slice_and_others_keep_theirs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        bool isShortened = false;
        TimeSpan? slice = null;
        var thread = new Thread(() =>
        {
            isShortened = ThreadSlice.TryShorten();
            slice = ThreadSlice.Current();
        });

        thread.Start();
        thread.Join();

        // An older kernel takes the call and ignores the slice, or refuses it; the thread goes on either way.
        if (slice is not null)
        {
            Assert.True(isShortened);
            Assert.Equal(ThreadSlice.Shortest, slice);
            Assert.NotEqual(ThreadSlice.Shortest, ThreadSlice.Current());
        }
    }
}
