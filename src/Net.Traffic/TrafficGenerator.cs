using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Net.Platform.Linux;

namespace Net.Traffic;

/// <summary>Sends packets that a <see cref="TrafficReceiver"/> can judge: paced, numbered, stamped and with a check over every byte. It works on the thread
/// that calls, which it keeps busy near each deadline only.</summary>
[SupportedOSPlatform("linux")]
public sealed class TrafficGenerator : IDisposable
{
    private const int RunBits = 16;

    private readonly TrafficPlan _plan;
    private readonly SocketOutput? _output;
    private readonly LiveFrameSender? _frames;
    private readonly uint _firstStream;

    private TrafficGenerator(TrafficPlan plan)
    {
        _plan = plan;
        _output = plan.Kind == TrafficSender.Socket ? new SocketOutput(plan) : null;
        _frames = plan.Kind == TrafficSender.LiveFrames ? LiveFrameSender.Open(plan) : null;

        // Sixteen bits for the run, and as many for its streams.
        _firstStream = plan.FirstStream ?? (uint)Random.Shared.Next(1, 1 << RunBits) << RunBits;
    }

    /// <summary>Number of the first stream; the others follow it.</summary>
    public uint FirstStream => _firstStream;

    /// <summary>Opens the way out, in the network namespace of the calling thread.</summary>
    /// <param name="plan">What to send.</param>
    /// <returns>The generator, to be disposed by the caller.</returns>
    /// <exception cref="TrafficException">The plan is not usable, or the kernel refused a step.</exception>
    public static TrafficGenerator Open(TrafficPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        IReadOnlyList<string> problems = plan.Validate();
        if (problems.Count > 0)
        {
            throw new TrafficException(string.Join(' ', problems));
        }

        try
        {
            return new TrafficGenerator(plan);
        }
        catch (Exception failure) when (failure is SocketException or NetlinkException)
        {
            throw new TrafficException($"Nothing can be sent from {plan.Interface}: {failure.Message}", failure);
        }
    }

    /// <summary>Opens, sends and closes.</summary>
    /// <param name="plan">What to send.</param>
    /// <param name="cancellationToken">Ends it early, in good order.</param>
    /// <returns>What was sent.</returns>
    /// <exception cref="TrafficException">The plan is not usable, or the kernel refused a step.</exception>
    public static TrafficSent Send(TrafficPlan plan, CancellationToken cancellationToken)
    {
        using TrafficGenerator generator = Open(plan);
        return generator.Send(cancellationToken);
    }

    /// <summary>Sends until the plan is done, on the calling thread. A token that asks to end is no failure: what was sent so far comes back. To be called once,
    /// and for live frames in the network namespace it was opened in; those tell no progress.</summary>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <param name="progress">Hears how far it is, once a second, on the calling thread.</param>
    /// <returns>What was sent.</returns>
    /// <exception cref="TrafficException">The kernel takes none of it, or the core asked for is not there.</exception>
    public TrafficSent Send(CancellationToken cancellationToken, Action<TrafficProgress>? progress = null)
    {
        Pin(_plan.Core);
        TrafficClock.SharpenThread();
        return _frames is null
            ? new SendLoop(_plan, _firstStream, new KernelClock(), _output!).Run(progress, cancellationToken)
            : _frames.Send(_firstStream, cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => _output?.Dispose();

    /// <summary>Keeps the calling thread on a core.</summary>
    /// <param name="core">The core; null for any.</param>
    /// <exception cref="TrafficException">There is no such core.</exception>
    internal static void Pin(int? core)
    {
        if (core is not int wanted)
        {
            return;
        }

        try
        {
            ThreadAffinity.PinCurrentThread(wanted);
        }
        catch (Exception failure) when (failure is Win32Exception or ArgumentOutOfRangeException)
        {
            throw new TrafficException($"Core {wanted} cannot be used: {failure.Message}", failure);
        }
    }
}
