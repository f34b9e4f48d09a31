using Net.Cli.Hosting;
using Net.Traffic;

namespace Net.Cli.Measuring;

/// <summary>Traffic of this host, each on a thread of its own.</summary>
internal sealed class TrafficHost : ITrafficHost
{
    /// <inheritdoc />
    public Task<TrafficSent> SendAsync(TrafficPlan plan, Action<TrafficProgress> progress, CancellationToken cancellationToken) => RunAsync(() =>
    {
        using var generator = TrafficGenerator.Open(plan);
        return generator.Send(cancellationToken, progress);
    });

    /// <inheritdoc />
    public Task<TrafficReport> ReceiveAsync(TrafficListen listen, Action ready, Action<TrafficProgress> progress, CancellationToken cancellationToken) => RunAsync(() =>
    {
        using var receiver = TrafficReceiver.Open(listen);
        ready();
        return receiver.Receive(cancellationToken, progress);
    });

    private static async Task<T> RunAsync<T>(Func<T> work)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new CliException(ExitCodes.Failed, "PlatformLacksSupport", "Traffic is sent and received on Linux only.");
        }

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
}
