using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Clocks of traffic that is measured, in nanoseconds, and waiting to the microsecond.</summary>
[SupportedOSPlatform("linux")]
public static unsafe class TrafficClock
{
    // What a virtual machine needs to be on a core again after its timer; nearer than this to a deadline, time is spun away.
    private const long SpinNanoseconds = 60_000;
    private const int Tries = 5;

    /// <summary>How much later CLOCK_TAI is than CLOCK_MONOTONIC now.</summary>
    public static long TaiOffset => OffsetOf(TrafficApi.CLOCK_TAI);

    /// <summary>How much later CLOCK_REALTIME, by which the kernel stamps what it receives, is than CLOCK_MONOTONIC now.</summary>
    public static long RealtimeOffset => OffsetOf(Libc.CLOCK_REALTIME);

    /// <summary>Lets the calling thread sleep to the microsecond (PR_SET_TIMERSLACK, prctl(2)): by default the kernel adds up to 50 us.</summary>
    public static void SharpenThread() => _ = TrafficApi.prctl(TrafficApi.PR_SET_TIMERSLACK, 1_000, 0, 0, 0);

    /// <summary>Waits until a time of CLOCK_MONOTONIC: asleep, and spinning only for the last 60 us.</summary>
    /// <param name="nanoseconds">Until when; nothing is waited for when it is past.</param>
    public static void WaitUntil(long nanoseconds)
    {
        long asleep = nanoseconds - SpinNanoseconds;
        if (asleep > MonotonicClock.Now)
        {
            Libc.timespec until = new() { tv_sec = asleep / 1_000_000_000, tv_nsec = asleep % 1_000_000_000 };
            _ = TrafficApi.clock_nanosleep(Libc.CLOCK_MONOTONIC, TrafficApi.TIMER_ABSTIME, &until, null);
        }

        while (MonotonicClock.Now < nanoseconds)
        {
            Thread.SpinWait(4);
        }
    }

    // The pair of readings that were closest together is the one least disturbed.
    private static long OffsetOf(int clock)
    {
        long best = 0;
        long narrowest = long.MaxValue;
        for (int turn = 0; turn < Tries; turn++)
        {
            Libc.timespec time;
            long before = MonotonicClock.Now;
            _ = Libc.clock_gettime(clock, &time);
            long after = MonotonicClock.Now;
            if (after - before < narrowest)
            {
                narrowest = after - before;
                best = (time.tv_sec * 1_000_000_000) + time.tv_nsec - (before + (narrowest / 2));
            }
        }

        return best;
    }
}
