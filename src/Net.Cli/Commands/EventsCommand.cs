using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod events</c>.</summary>
internal static class EventsCommand
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        Option<bool> watch = command.With(Options.OfFlag("--watch", "Stream events as they happen, until Ctrl+C."));
        Option<string[]?> areas = command.With(Options.OfList("--area", "AREAS", "Only these areas, such as firewall."));
        Option<string[]?> ids = command.With(Options.OfList("--id", "IDS", "Only these ids, with * and ?."));
        Option<DateTimeOffset?> since = command.With(SinceOption(services.Time));
        Option<long?> newest = command.With(Options.OfNumber("--newest", "NUMBER", "At most so many, the newest.", 1, int.MaxValue));
        command.Handle(services, call =>
        {
            var request = new ListEvents(NullIfEmpty(call.Get(areas)), NullIfEmpty(call.Get(ids)), call.Get(since), (int?)call.Get(newest));
            return call.Get(watch) ? WatchAsync(call, request, listFirst: call.Has(since) || call.Has(newest)) : ListAsync(call, request);
        });
    }

    private static async Task<int> ListAsync(CliCall call, ListEvents request)
    {
        EngineEvent[] events = await call.CallAsync(EngineApi.EventsList, request);
        return call.WriteList(events, ContractsJsonContext.Default.EngineEventArray, EventColumns.Events(call.Services.TimeZone));
    }

    // With --since or --newest those kept come first; the stream then goes on behind the last of them, so that none is missed or shown twice.
    private static async Task<int> WatchAsync(CliCall call, ListEvents request, bool listFirst)
    {
        long? after = null;
        if (listFirst)
        {
            foreach (EngineEvent item in await call.CallAsync(EngineApi.EventsList, request))
            {
                Write(call, item);
                after = item.Sequence;
            }
        }

        await foreach (EngineEvent item in await call.StreamAsync(EngineApi.EventsWatch, new WatchEvents(request.Areas, request.EventIds, after)))
        {
            Write(call, item);
        }

        return ExitCodes.Ok;
    }

    private static void Write(CliCall call, EngineEvent item)
    {
        if (call.Json)
        {
            JsonOutput.WriteLine(call.Out, item, ContractsJsonContext.Default.EngineEvent);
        }
        else
        {
            call.Out.WriteLine(EventColumns.Line(item, call.Show(item.Time)));
        }

        call.Out.Flush();
    }

    private static string[]? NullIfEmpty(string[]? values) => values is { Length: > 0 } ? values : null;

    private static Option<DateTimeOffset?> SinceOption(TimeProvider time) => new("--since")
    {
        Description = "Only those after this time: 10m (ago), or 2026-01-31T08:00:00Z.",
        HelpName = "TIME",
        CustomParser = result => ReadTime(result, time),
    };

    private static DateTimeOffset? ReadTime(ArgumentResult result, TimeProvider time)
    {
        string text = result.Tokens[0].Value;
        if (DurationText.TryParse(text, out TimeSpan ago))
        {
            return time.GetUtcNow() - ago;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset point)
            ? point
            : Options.Refuse<DateTimeOffset?>(result, $"--since: '{text}' is neither a duration such as 10m nor a time such as 2026-01-31T08:00:00Z.");
    }
}
