using System.CommandLine;
using System.Text;
using System.Threading.Channels;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod relay statistics</c>: once, or as they change. On a terminal the table is drawn over; elsewhere each change is a line.</summary>
internal static class RelayStatisticCommands
{
    // A slow terminal may fall this far behind before the engine is asked to wait.
    private const int QueueLength = 256;

    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames("Names of rules, with * and ?; none means all.");
        Option<bool> watch = command.With(Options.OfFlag("--watch", "Go on until Ctrl+C."));
        Option<TimeSpan?> interval = command.With(Options.OfDuration("--interval", "With --watch, how often (default 1s)."));
        Option<bool> reset = command.With(Options.OfFlag("--reset", "Begin the counters anew."));
        command.Handle(services, async call =>
        {
            string[]? wanted = OverlayArguments.Patterns(call.Get(names));
            if (call.Get(watch))
            {
                return await WatchAsync(call, new WatchRelayStatistics(wanted, call.Get(interval)));
            }

            RelayStatistic[] statistics = call.Get(reset)
                ? await call.CallAsync(EngineApi.RelayResetStatistics, new ResetRelayStatistics(wanted))
                : await call.CallAsync(EngineApi.RelayListStatistics, new ListRelayStatistics(wanted));
            GuardedChange.RequireAll(call.Get(names), statistics.Select(one => one.Name), static () => ErrorCatalogue.RelayRuleNotFound, "relay rule");
            if (call.Json)
            {
                return call.WriteJson(statistics, ContractsJsonContext.Default.RelayStatisticArray);
            }

            Table.Write(call.Out, RelayRow.Of(statistics), RelayColumns.Statistics(call), call.Console.Width, call.Console.UseColor);
            return ExitCodes.Ok;
        });
    }

    private static async Task<int> WatchAsync(CliCall call, WatchRelayStatistics request)
    {
        IAsyncEnumerable<RelayStatistic> items = await call.StreamAsync(EngineApi.RelayWatchStatistics, request);
        if (call.Console.OutIsTerminal && !call.Json)
        {
            await DrawAsync(call, items);
            return ExitCodes.Ok;
        }

        await foreach (RelayStatistic item in items)
        {
            if (call.Json)
            {
                JsonOutput.WriteLine(call.Out, item, ContractsJsonContext.Default.RelayStatistic);
            }
            else
            {
                call.Out.WriteLine(RelayColumns.Line(item, call.Show(item.Time)));
            }

            call.Out.Flush();
        }

        return ExitCodes.Ok;
    }

    private static async Task DrawAsync(CliCall call, IAsyncEnumerable<RelayStatistic> items)
    {
        var rules = new SortedDictionary<string, RelayStatistic>(StringComparer.OrdinalIgnoreCase);
        var queue = Channel.CreateBounded<RelayStatistic>(QueueLength);
        Task pump = PumpAsync(call, items, queue.Writer);
        await LiveScreen.RunAsync(call, queue.Reader, item => rules[item.Name] = item, () => Picture(call, [.. rules.Values]));
        await pump;
    }

    private static async Task PumpAsync(CliCall call, IAsyncEnumerable<RelayStatistic> items, ChannelWriter<RelayStatistic> writer)
    {
        try
        {
            await foreach (RelayStatistic item in items)
            {
                await writer.WriteAsync(item, call.Token);
            }

            writer.TryComplete();
        }
        catch (Exception failure) when (failure is EngineException or OperationCanceledException)
        {
            writer.TryComplete(failure); // The view ends with it and reports it.
        }
    }

    private static string Picture(CliCall call, RelayStatistic[] statistics)
    {
        var text = new StringWriter(new StringBuilder());
        text.WriteLine($"netmod relay statistics  {call.Show(call.Services.Time.GetUtcNow())}  Ctrl+C ends");
        text.WriteLine();
        Table.Write(text, RelayRow.Of(statistics), RelayColumns.Statistics(call), call.Console.Width ?? 80, call.Console.UseColor);
        return text.ToString();
    }
}
