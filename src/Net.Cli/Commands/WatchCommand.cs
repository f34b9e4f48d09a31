using System.CommandLine;
using System.Threading.Channels;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod watch</c>: paths and events as they change. A screen that is written over on a terminal, one line per change elsewhere.</summary>
internal static class WatchCommand
{
    // A slow terminal may fall this far behind before the engine is asked to wait.
    private const int QueueLength = 256;

    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services) => command.Handle(services, RunAsync);

    private static async Task<int> RunAsync(CliCall call)
    {
        var changes = Channel.CreateBounded<WatchItem>(QueueLength);
        IAsyncEnumerable<PathChange> paths = await call.StreamAsync(EngineApi.PathsWatch, new WatchPaths());
        IAsyncEnumerable<EngineEvent> events = await call.StreamAsync(EngineApi.EventsWatch, new WatchEvents());
        Task pump = PumpAsync(
            changes.Writer,
            ForwardAsync(paths, change => new WatchItem(change, null), changes.Writer, call.Token),
            ForwardAsync(events, item => new WatchItem(null, item), changes.Writer, call.Token));
        if (call.Console.OutIsTerminal && !call.Json)
        {
            await new WatchScreen(call).RunAsync(changes.Reader);
        }
        else
        {
            await foreach (WatchItem item in changes.Reader.ReadAllAsync(call.Token))
            {
                Write(call, item);
            }
        }

        await pump;
        return ExitCodes.Ok;
    }

    private static void Write(CliCall call, WatchItem item)
    {
        switch (item)
        {
            case { Path: { } path } when call.Json:
                JsonOutput.WriteLine(call.Out, "path", path, ContractsJsonContext.Default.PathChange);
                break;
            case { Path: { } path }:
                call.Out.WriteLine(PathColumns.Line(path, call.Show(path.Time)));
                break;
            case { Event: { } happened } when call.Json:
                JsonOutput.WriteLine(call.Out, "event", happened, ContractsJsonContext.Default.EngineEvent);
                break;
            case { Event: { } happened }:
                call.Out.WriteLine(EventColumns.Line(happened, call.Show(happened.Time)));
                break;
        }

        call.Out.Flush();
    }

    private static async Task ForwardAsync<T>(
        IAsyncEnumerable<T> stream, Func<T, WatchItem> wrap, ChannelWriter<WatchItem> writer, CancellationToken cancellationToken)
    {
        await foreach (T item in stream.WithCancellation(cancellationToken))
        {
            await writer.WriteAsync(wrap(item), cancellationToken);
        }
    }

    // The first stream that ends, ends the view: half of it would look as if the other half stood still.
    private static async Task PumpAsync(ChannelWriter<WatchItem> writer, params Task[] streams)
    {
        Task first = await Task.WhenAny(streams);
        writer.TryComplete(first.Exception?.InnerException ?? (first.IsCanceled ? new OperationCanceledException() : null));
    }
}
