using System.Runtime.Versioning;
using Net.Cli.Hosting;
using Net.Traffic;

namespace Net.Cli.Measuring;

/// <summary>Traffic of this host, each on a thread of its own.</summary>
internal sealed class TrafficHost : ITrafficHost
{
    /// <inheritdoc />
    public Task<TrafficSent> SendAsync(TrafficPlan plan, Action<TrafficProgress> progress, CancellationToken cancellationToken) =>
        OperatingSystem.IsLinux() ? RunAsync(new Sending(plan, progress, cancellationToken).Run) : throw Unsupported();

    /// <inheritdoc />
    public Task<TrafficReport> ReceiveAsync(TrafficListen listen, Action ready, Action<TrafficProgress> progress, CancellationToken cancellationToken) =>
        OperatingSystem.IsLinux() ? RunAsync(new Receiving(listen, ready, progress, cancellationToken).Run) : throw Unsupported();

    private static CliException Unsupported() => new(ExitCodes.Failed, "PlatformLacksSupport", "Traffic is sent and received on Linux only.");

    private static async Task<T> RunAsync<T>(Func<T> work)
    {
        try
        {
            // Its own token is no reason not to begin: an early Ctrl+C still gives a report, of nothing.
            return await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (TrafficException failure)
        {
            throw new CliException(ExitCodes.Failed, "TrafficFailed", failure.Message, "Look at the interface with 'ip -d address', and at 'netmod traffic --help'.", failure);
        }
    }

    [SupportedOSPlatform("linux")]
    private sealed class Sending(TrafficPlan plan, Action<TrafficProgress> progress, CancellationToken cancellationToken)
    {
        public TrafficSent Run()
        {
            using var generator = TrafficGenerator.Open(plan);
            return generator.Send(cancellationToken, progress);
        }
    }

    [SupportedOSPlatform("linux")]
    private sealed class Receiving(TrafficListen listen, Action ready, Action<TrafficProgress> progress, CancellationToken cancellationToken)
    {
        public TrafficReport Run()
        {
            using var receiver = TrafficReceiver.Open(listen);
            ready();
            return receiver.Receive(cancellationToken, progress);
        }
    }
}
