using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Net.Platform.Linux.Relay;

/// <summary>Sends frames from the kernel itself (BPF_PROG_TEST_RUN with BPF_F_TEST_XDP_LIVE_FRAMES, Linux 5.18): millions per second from one core, as if they came from another host.
/// The interface must be able to send XDP frames; of a veth pair, the other end needs GRO switched on or an XDP program, or the frames are lost without a word.</summary>
[SupportedOSPlatform("linux")]
public static class XdpLiveFrames
{
    // Beginning and ending a run costs as much as thousands of frames, so it has many, and ends by itself soon after the deadline: then each takes some 50 ns. Between two runs the
    // thread sees cancellation, and the rate is caught up with. On a busy host runs take longer and must not become shorter for it.
    private const int MinRun = 1 << 16;
    private const int MaxRun = 1 << 20;
    private static readonly TimeSpan s_run = TimeSpan.FromMilliseconds(50);

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
        int repeat = MinRun;
        while (!cancellationToken.IsCancellationRequested)
        {
            long before = MonotonicClock.Now;
            if (before >= deadline)
            {
                break;
            }

            bool wasWhole = program.RunLive(frame, repeat, batch);
            long took = Math.Max(1, MonotonicClock.Now - before);
            if (wasWhole)
            {
                repeat = (int)Math.Clamp(repeat * (s_run.TotalNanoseconds / took), MinRun, MaxRun);
            }
        }

        state.TryRead(key, value);
        return MemoryMarshal.Read<long>(value[LiveFrameProgram.Sent..]);
    }

    private static void Validate(FrameVariation variation, int frameLength)
    {
        if (variation.Bytes is not (1 or 2 or 4 or 8) || variation.Offset < 0 || variation.Offset + variation.Bytes > frameLength || variation.Every < 1 || variation.Count < 0)
        {
            throw new ArgumentException($"{variation} does not fit a frame of {frameLength} bytes.", nameof(variation));
        }
    }
}
