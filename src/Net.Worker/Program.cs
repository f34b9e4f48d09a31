using Net.Platform.Linux;
using Net.Worker.Overlay;
using Net.Worker.Relay;
using Net.Workers;

namespace Net.Worker;

/// <summary>The process that moves packets without privileges. An engine starts it; descriptor 3 is the channel to it.</summary>
internal static class Program
{
    private const int ChannelDescriptor = 3;

    private static int Main(string[] arguments)
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.Error.WriteLine("netmod-worker: this release runs on Linux only.");
            return 1;
        }

        switch (arguments)
        {
            case ["--version"]:
                Console.WriteLine(typeof(Program).Assembly.GetName().Version?.ToString(3));
                return 0;
            case ["overlay"]:
                using (var channel = new WorkerChannel(DescriptorChannel.FromDescriptor(ChannelDescriptor)))
                using (var worker = new OverlayWorker(channel, WorkerHost.Process))
                {
                    return worker.Run();
                }

            case ["relay"]:
                using (var channel = new WorkerChannel(DescriptorChannel.FromDescriptor(ChannelDescriptor)))
                {
                    return new RelayWorker(channel, Environment.Exit).Run();
                }

            default:
                Console.Error.WriteLine("netmod-worker: it is started by netmod-engine, not by hand. Usage: netmod-worker overlay | relay");
                return 2;
        }
    }
}
