using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>Sends frames from the kernel itself (BPF_PROG_TEST_RUN with BPF_F_TEST_XDP_LIVE_FRAMES, Linux 5.18): millions per second from one core, as if they came from another host.
/// The interface must be able to send XDP frames; of a veth pair, the other end needs GRO switched on or an XDP program, or the frames are lost without a word.</summary>
[SupportedOSPlatform("linux")]
public static class XdpLiveFrames
{
    // One that nobody uses: sockets ask for it explicitly, and by default it is ignored.
    private const PosixSignal Interruption = (PosixSignal)TrafficApi.SIGURG;

    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(5);

    /// <summary>Sends a frame again and again, on the calling thread, which is busy meanwhile also when the rate is low. Needs CAP_NET_ADMIN and CAP_BPF.</summary>
    /// <param name="frame">The frame, from its Ethernet header on; 14 to 3,000 bytes.</param>
    /// <param name="interfaceIndex">Where it leaves, in the network namespace of the calling thread.</param>
    /// <param name="packetsPerSecond">Rate; 0 for as fast as possible.</param>
    /// <param name="duration">How long; Timeout.InfiniteTimeSpan until cancelled.</param>
    /// <param name="variations">What differs from frame to frame.</param>
    /// <param name="cancellationToken">Ends sending early, without an exception.</param>
    /// <returns>Frames handed to the interface. Those it could not take are among them.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static long Send(
        ReadOnlySpan<byte> frame,
        int interfaceIndex,
        double packetsPerSecond,
        TimeSpan duration,
        ReadOnlySpan<FrameVariation> variations,
        CancellationToken cancellationToken)
    {
        // A page less the headroom of XDP and what the kernel keeps behind a frame.
        ArgumentOutOfRangeException.ThrowIfLessThan(frame.Length, 14, nameof(frame));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frame.Length, 3000, nameof(frame));
        ArgumentOutOfRangeException.ThrowIfNegative(packetsPerSecond);
        foreach (FrameVariation variation in variations)
        {
            Validate(variation, frame.Length);
        }

        bool isPaced = packetsPerSecond > 0;
        using BpfMap state = BpfMap.Create(BpfMapKind.Array, sizeof(uint), LiveFrameProgram.StateBytes, 1, "netmod_live");
        using BpfProgram program = BpfProgram.Load(BpfProgramKind.Xdp, LiveFrameProgram.Write(frame, interfaceIndex, state.Descriptor, variations), "netmod_live");
        Span<byte> key = stackalloc byte[sizeof(uint)];
        Span<byte> value = stackalloc byte[LiveFrameProgram.StateBytes];
        key.Clear();
        value.Clear();
        long deadline = duration == Timeout.InfiniteTimeSpan ? long.MaxValue : MonotonicClock.Now + (long)duration.TotalNanoseconds;
        MemoryMarshal.Write(value[LiveFrameProgram.Deadline..], deadline);
        MemoryMarshal.Write(value[LiveFrameProgram.Interval..], isPaced ? (ulong)(1e9 * (1 << LiveFrameProgram.IntervalShift) / packetsPerSecond) : 0UL);
        state.Write(key, value);

        // Small batches go out sooner, and so more evenly.
        int batch = isPaced ? 16 : 64;

        // The end of a run waits for a grace period of the kernel, tens of milliseconds of silence: so there is one run, and a signal to this thread ends it.
        using var handled = PosixSignalRegistration.Create(Interruption, static context => context.Cancel = true);
        using var interruption = new ThreadInterruption(TrafficApi.gettid());
        using CancellationTokenRegistration cancelled = cancellationToken.Register(static interruption => ((ThreadInterruption)interruption!).Begin(TimeSpan.Zero), interruption);
        if (duration != Timeout.InfiniteTimeSpan)
        {
            interruption.Begin(duration);
        }

        while (!cancellationToken.IsCancellationRequested && MonotonicClock.Now < deadline)
        {
            program.RunLive(frame, int.MaxValue, batch);
        }

        state.TryRead(key, value);
        return MemoryMarshal.Read<long>(value[LiveFrameProgram.Sent..]);
    }

    // Signals a thread again and again until it is disposed: a signal that comes before the run begins ends nothing.
    private sealed class ThreadInterruption : IDisposable
    {
        private readonly Timer _timer;

        public ThreadInterruption(int thread) => _timer = new Timer(_ => TrafficApi.tgkill(Environment.ProcessId, thread, TrafficApi.SIGURG));

        public void Begin(TimeSpan after) => _timer.Change(after, s_again);

        public void Dispose()
        {
            using ManualResetEvent ended = new(initialState: false);
            if (_timer.Dispose(ended))
            {
                ended.WaitOne();
            }
        }
    }

    private static void Validate(FrameVariation variation, int frameLength)
    {
        if (variation.Bytes is not (1 or 2 or 4 or 8) || variation.Offset < 0 || variation.Offset + variation.Bytes > frameLength || variation.Every < 1 || variation.Count < 0)
        {
            throw new ArgumentException($"{variation} does not fit a frame of {frameLength} bytes.", nameof(variation));
        }
    }
}
