using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod firewall connection|log|stat</c>: what the firewall does now.</summary>
internal static class FirewallStateCommands
{
    /// <summary>Fills connection in.</summary>
    public static void FillConnection(Command command, CliServices services)
    {
        FillList(command.Sub("list", "Lists connections the kernel tracks."), services);
        FillWatch(command.Sub("watch", "Streams connections as they begin, change and end, until Ctrl+C."), services);
        FillRemove(command.Sub("remove", "Ends connections: their next packet counts as the first of a new one."), services);
    }

    /// <summary>Fills log in.</summary>
    public static void FillLog(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames("Names of rules, with * and ?; none means all that log.");
        command.Handle(services, async call =>
        {
            IAsyncEnumerable<FirewallLogEntry> items = await call.StreamAsync(EngineApi.FirewallWatchLog, new WatchFirewallLog(OverlayArguments.Patterns(call.Get(names))));
            return await WriteAsync(call, items, ContractsJsonContext.Default.FirewallLogEntry, entry => Line(entry, call.Services.TimeZone));
        });
    }

    /// <summary>Fills stat in.</summary>
    public static void FillStatistic(Command command, CliServices services)
    {
        Option<long?> talkers = command.With(Options.OfNumber("--talkers", "NUMBER", "Hosts to give that carried most (default 10).", 0, 1000));
        command.Handle(services, async call =>
        {
            FirewallStatistic statistic = await call.CallAsync(EngineApi.FirewallGetStatistic, new GetFirewallStatistic((int)(call.Get(talkers) ?? 10)));
            return call.Json ? call.WriteJson(statistic, ContractsJsonContext.Default.FirewallStatistic) : Write(call, statistic);
        });
    }

    /// <summary>Writes items of a stream as they come, each on a line.</summary>
    public static async Task<int> WriteAsync<T>(CliCall call, IAsyncEnumerable<T> items, JsonTypeInfo<T> info, Func<T, string> line)
    {
        await foreach (T item in items)
        {
            if (call.Json)
            {
                JsonOutput.WriteLine(call.Out, item, info);
            }
            else
            {
                call.Out.WriteLine(Text.Printable(line(item)));
            }

            call.Out.Flush();
        }

        return ExitCodes.Ok;
    }

    /// <summary>An address, and its port where there is one.</summary>
    public static string End(string? address, int? port) =>
        (address?.Contains(':', StringComparison.Ordinal) == true && port is not null ? $"[{address}]" : address ?? "?") + (port is { } number ? $":{number}" : null);

    private static void FillList(Command command, CliServices services)
    {
        FirewallConnectionOptions filter = FirewallConnectionOptions.AddTo(command);
        Option<long?> limit = command.With(Options.OfNumber("--limit", "NUMBER", "How many at most (default all).", 1, int.MaxValue));
        command.Handle(services, async call =>
        {
            var request = new ListFirewallConnections(filter.Read(call), (int?)call.Get(limit));
            var connections = new List<FirewallConnection>();
            await foreach (FirewallConnection connection in await call.StreamAsync(EngineApi.FirewallListConnections, request))
            {
                connections.Add(connection);
            }

            return call.WriteList([.. connections], ContractsJsonContext.Default.FirewallConnectionArray, Columns());
        });
    }

    private static void FillWatch(Command command, CliServices services)
    {
        FirewallConnectionOptions filter = FirewallConnectionOptions.AddTo(command);
        command.Handle(services, async call =>
        {
            IAsyncEnumerable<FirewallConnectionChange> items = await call.StreamAsync(EngineApi.FirewallWatchConnections, new WatchFirewallConnections(filter.Read(call)));
            return await WriteAsync(
                call, items, ContractsJsonContext.Default.FirewallConnectionChange, change => change.Connection is { } connection ? $"{change.Kind,-7} {Line(connection)}" : change.Kind);
        });
    }

    private static void FillRemove(Command command, CliServices services)
    {
        FirewallConnectionOptions filter = FirewallConnectionOptions.AddTo(command);
        Option<long?> id = command.With(Options.OfNumber("--id", "NUMBER", "The kernel's number of one connection.", 0));
        command.Handle(services, async call =>
        {
            FirewallConnectionFilter wanted = filter.Read(call, call.Get(id))
                ?? throw new EngineException(ErrorCatalogue.ArgumentInvalid, "Say which connections: at least one condition is needed.");
            FirewallConnectionsRemoved removed = await call.CallAsync(EngineApi.FirewallRemoveConnections, new RemoveFirewallConnections(wanted));
            if (removed.Warning is { } warning)
            {
                call.Console.Error.WriteLine($"netmod: warning: {Text.Printable(warning)}");
            }

            return call.Json
                ? call.WriteJson(removed, ContractsJsonContext.Default.FirewallConnectionsRemoved)
                : call.WriteLine($"Ended {removed.Count} connections.");
        });
    }

    private static TableColumn<FirewallConnection>[] Columns() =>
    [
        new("Protocol", item => Text.Name(item.Protocol)),
        new("Source", item => End(item.SourceAddress, item.SourcePort)),
        new("Destination", item => End(item.DestinationAddress, item.DestinationPort)),
        new("Translated", item => item.TranslatedDestination ?? item.TranslatedSource),
        new("State", item => item.State ?? (item.IsAnswered ? "answered" : "unanswered")),
        new("Sent", item => Text.Number(item.SentBytes)) { IsNumber = true },
        new("Received", item => Text.Number(item.ReceivedBytes)) { IsNumber = true },
        new("Expires in", item => Text.Duration(item.ExpiresIn)),
        new("Id", item => Text.Number(item.Id)) { IsNumber = true },
    ];

    private static string Line(FirewallConnection item) =>
        $"{Text.Name(item.Protocol)} {End(item.SourceAddress, item.SourcePort)} > {End(item.DestinationAddress, item.DestinationPort)} {item.State}".TrimEnd();

    private static string Line(FirewallLogEntry entry, TimeZoneInfo zone)
    {
        string time = TimeZoneInfo.ConvertTime(entry.Time, zone).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        string way = $"{(entry.InterfaceAlias is { } inner ? $" in {inner}" : null)}{(entry.OutInterfaceAlias is { } outer ? $" out {outer}" : null)}";
        string missed = entry.Missed > 0 ? $" ({entry.Missed} missed before)" : string.Empty;
        return $"{time} {entry.Rule}: {Text.Name(entry.Action)} {Text.Name(entry.Direction)} {Text.Name(entry.Protocol)} "
            + $"{End(entry.SourceAddress, entry.SourcePort)} > {End(entry.DestinationAddress, entry.DestinationPort)}{way} length {entry.Length}{missed}";
    }

    private static int Write(CliCall call, FirewallStatistic statistic)
    {
        Table.WriteFacts(
            call.Out,
            ("Rules in force", Text.Number(statistic.Rules)),
            ("Connections", $"{statistic.Connections} of {statistic.MaxConnections}"),
            ("Dropped, table full", Text.Number(statistic.TableDrops)),
            ("Invalid packets", Text.Number(statistic.InvalidPackets)),
            ("Log lines lost", Text.Number(statistic.LogsLost)),
            ("Reason", statistic.Reason));
        if (statistic.States.Length > 0)
        {
            call.Out.WriteLine();
            Table.Write(
                call.Out,
                statistic.States,
                [new("Protocol", item => Text.Name(item.Protocol)), new("State", item => item.State), new("Connections", item => Text.Number(item.Count)) { IsNumber = true }],
                call.Console.Width,
                call.Console.UseColor);
        }

        if (statistic.TopTalkers is { Length: > 0 } talkers)
        {
            call.Out.WriteLine();
            Table.Write(
                call.Out,
                talkers,
                [new("Address", item => item.Address), new("Connections", item => Text.Number(item.Connections)) { IsNumber = true }, new("Bytes", item => Text.Number(item.Bytes)) { IsNumber = true }],
                call.Console.Width,
                call.Console.UseColor);
        }

        return ExitCodes.Ok;
    }
}
