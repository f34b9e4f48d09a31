using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod path</c>.</summary>
internal static class PathCommands
{
    private const int LargestCount = 1000;
    private const string Names = "Path ids or interfaces, with * and ?; none means all.";

    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillList(command.Sub("list", "Lists paths with what is measured of them."), services);
        FillWatch(command.Sub("watch", "Streams paths now and as they change, until Ctrl+C."), services);
        FillMeasure(command.Sub("measure", "Measures round trip time, jitter and loss by ICMP echo, bound to each path's interface."), services);
        FillTest(command.Sub("test", "Tells by the exit code whether every path answers: 0 yes, 1 no."), services);
        PathRouteCommands.Fill(command.Sub("route", "Manages the routes of the configuration."), services);
    }

    private static void FillList(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(Names);
        Option<bool> details = command.With(Options.OfFlag("--details", "Everything that is known of each path."));
        command.Handle(services, async call =>
        {
            NetPath[] paths = await call.CallAsync(EngineApi.PathsList, new ListPaths(Patterns(call.Get(names))));
            if (call.Get(details) && !call.Json)
            {
                return WriteDetails(call, paths);
            }

            return call.WriteList(paths, ContractsJsonContext.Default.NetPathArray, PathColumns.Paths());
        });
    }

    private static void FillWatch(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(Names);
        Option<bool> stateOnly = command.With(Options.OfFlag("--state-only", "Leave out changes of measured values alone."));
        command.Handle(services, async call =>
        {
            var request = new WatchPaths(Patterns(call.Get(names)), call.Get(stateOnly));
            await foreach (PathChange change in await call.StreamAsync(EngineApi.PathsWatch, request))
            {
                if (call.Json)
                {
                    JsonOutput.WriteLine(call.Out, change, ContractsJsonContext.Default.PathChange);
                }
                else
                {
                    call.Out.WriteLine(PathColumns.Line(change, call.Show(change.Time)));
                }

                call.Out.Flush();
            }

            return ExitCodes.Ok;
        });
    }

    private static void FillMeasure(Command command, CliServices services)
    {
        Func<CliCall, MeasurePaths> request = MeasureRequest(command, 10);
        command.Handle(services, async call =>
        {
            List<PathMeasurement> items = await MeasureAsync(call, request(call));
            if (!call.Json)
            {
                Table.Write(call.Out, items, PathColumns.Measurements(), call.Console.Width, call.Console.UseColor);
            }

            return ExitCodes.Ok;
        });
    }

    private static void FillTest(Command command, CliServices services)
    {
        Func<CliCall, MeasurePaths> request = MeasureRequest(command, 3);
        command.Handle(services, async call =>
        {
            List<PathMeasurement> items = await MeasureAsync(call, request(call));
            if (!call.Json)
            {
                foreach (PathMeasurement item in items)
                {
                    call.Out.WriteLine(Text.Printable(item.Received > 0
                        ? $"{item.PathId}: answers, {item.Received} of {item.Sent}, median {Text.Milliseconds(item.MedianRoundTripTime)} ms"
                        : $"{item.PathId}: does not answer ({item.FailureReason ?? $"no reply from {item.Target}"})"));
                }
            }

            return items.Count > 0 && items.TrueForAll(item => item.Received > 0) ? ExitCodes.Ok : ExitCodes.Failed;
        });
    }

    private static Func<CliCall, MeasurePaths> MeasureRequest(Command command, int defaultCount)
    {
        Argument<string[]> names = command.WithNames(Names);
        Option<long?> count = command.With(Options.OfNumber("--count", "NUMBER", $"Probes per path (default {defaultCount}).", 1, LargestCount));
        Option<TimeSpan?> interval = command.With(Options.OfDuration("--interval", "Time between probes (default 100ms)."));
        Option<TimeSpan?> timeout = command.With(Options.OfDuration("--timeout", "How long to wait for each reply (default 1s)."));
        Option<string?> target = command.With(Options.OfText("--target", "ADDRESS", "An address to ask instead of the gateway."));
        return call => new MeasurePaths(
            Patterns(call.Get(names)), (int)(call.Get(count) ?? defaultCount), call.Get(interval), call.Get(timeout), call.Get(target));
    }

    // With JSON each measurement is written as it ends; with a table the whole is needed for its widths, so progress tells what is done.
    private static async Task<List<PathMeasurement>> MeasureAsync(CliCall call, MeasurePaths request)
    {
        var items = new List<PathMeasurement>();
        using var progress = new Progress(call.Console, "measuring");
        await foreach (PathMeasurement item in await call.StreamAsync(EngineApi.PathsMeasure, request))
        {
            items.Add(item);
            if (call.Json)
            {
                JsonOutput.WriteLine(call.Out, item, ContractsJsonContext.Default.PathMeasurement);
                call.Out.Flush();
            }
            else
            {
                progress.Report($"{items.Count} done, last {item.PathId}");
            }
        }

        return items;
    }

    private static int WriteDetails(CliCall call, NetPath[] paths)
    {
        for (int i = 0; i < paths.Length; i++)
        {
            NetPath path = paths[i];
            if (i > 0)
            {
                call.Out.WriteLine();
            }

            Table.WriteFacts(
                call.Out,
                ("Path", path.PathId),
                ("Kind", $"{Text.Name(path.Kind)}, {Text.Name(path.Family)}"),
                ("Interface", $"{path.InterfaceAlias} (index {path.InterfaceIndex}, {Text.Name(path.LinkKind)})"),
                ("Gateway", path.Gateway),
                ("Local address", path.LocalAddress),
                ("Peer", path.Peer),
                ("State", $"{Text.Name(path.State)} since {call.Show(path.StateSince)}: {path.StateReason}"),
                ("In use", $"{(path.IsSelected ? "yes" : "no")}: {path.SelectionReason}"),
                ("Probe target", path.ProbeTarget),
                ("RTT ms", Text.Milliseconds(path.RoundTripTime)),
                ("Latest RTT ms", Text.Milliseconds(path.LatestRoundTripTime)),
                ("Jitter ms", Text.Milliseconds(path.Jitter)),
                ("Loss %", path.LossRatio is null ? null : $"{Text.Percent(path.LossRatio)} of the last {path.ProbeCount} probes"),
                ("Rx Mbit/s", Text.Megabits(path.ReceiveBitsPerSecond)),
                ("Tx Mbit/s", Text.Megabits(path.TransmitBitsPerSecond)),
                ("Link Mbit/s", Text.Megabits(path.LinkSpeedBitsPerSecond)),
                ("MTU bytes", Text.Number(path.MtuBytes)),
                ("Signal dBm", Text.Number(path.SignalDbm)),
                ("Metered", Text.YesNo(path.IsMetered)),
                ("Metric", Text.Number(path.RouteMetric)));
        }

        return ExitCodes.Ok;
    }

    private static string[]? Patterns(string[] names) => names.Length == 0 ? null : names;
}
