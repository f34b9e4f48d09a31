using System.CommandLine;
using System.Globalization;
using System.Net;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Traffic;

namespace Net.Cli.Commands;

/// <summary><c>netmod traffic receive</c>.</summary>
internal static class TrafficReceiveCommand
{
    private static readonly TimeSpan s_usual = TimeSpan.FromMinutes(1);

    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        Argument<string[]> places = command.With(new Argument<string[]>("INTERFACE=ADDRESS:PORT")
        {
            Description = "Where to listen, such as eth1=239.1.1.1:5000 or eth1=[ff15::1]:5000; several are judged each by itself.",
            Arity = ArgumentArity.OneOrMore,
        });
        Option<TimeSpan?> duration = command.With(Options.OfDuration("--duration", "Ends after this at the latest (default 1m, 24h at most)."));
        Option<TimeSpan?> idle = command.With(Options.OfDuration("--idle", "Ends when nothing came for this long, once something came (default 2s)."));
        Option<bool> keep = command.With(Options.OfFlag("--keep-listening", "Does not end when the streams say that they end, nor when nothing comes: for all of --duration."));
        Option<long?> groups = command.With(Options.OfNumber("--groups", "NUMBER", "Consecutive groups to listen to at each place (default 1).", 1, TrafficPlan.MostStreams));
        Option<long?> ports = command.With(Options.OfNumber("--ports", "NUMBER", "Consecutive ports to listen to at each place (default 1).", 1, 64));
        Option<string?> source = command.With(Options.OfText("--source", "ADDRESS", "The one source to hear (IGMPv3, MLDv2; default any)."));
        Option<bool> joined = command.With(Options.OfFlag("--joined-late", "Does not count as lost what was sent before the first packet that comes."));
        Option<bool> headers = command.With(Options.OfFlag("--headers-only", "Does not check payloads, which costs less."));
        Option<long?> streams = command.With(Options.OfNumber("--max-streams", "NUMBER", "Streams each place tells apart (default 4096).", 1, TrafficPlan.MostStreams));
        Option<bool> strict = command.With(Options.OfFlag("--fail-on-loss", "Ends with exit code 1 when anything was lost, repeated or changed."));
        Option<long?> core = command.With(Options.OfNumber("--core", "NUMBER", "Core to receive on (default any).", 0, 8191));
        command.Handle(services, call =>
        {
            IPAddress? chosen = call.Get(source) is { } text ? TrafficCommands.Address("--source", text) : null;
            bool isLong = call.Get(keep);
            TrafficEndpoint[] endpoints =
            [
                .. call.Get(places).Select(Parse).Select(endpoint => endpoint with { Groups = (int)(call.Get(groups) ?? 1), Ports = (int)(call.Get(ports) ?? 1), Source = chosen }),
            ];
            return ReceiveAsync(call, call.Get(strict), new TrafficListen
            {
                Endpoints = endpoints,
                Duration = TrafficCommands.Duration("--duration", call.Get(duration), s_usual),
                IdleTimeout = isLong ? null : call.Get(idle) ?? TimeSpan.FromSeconds(2),
                EndsWithStreams = !isLong,
                CountsFromStart = !call.Get(joined),
                VerifiesPayload = !call.Get(headers),
                MostStreams = (int)(call.Get(streams) ?? 4_096),
                Core = (int?)call.Get(core),
            });
        });
    }

    private static TrafficEndpoint Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && IPEndPoint.TryParse(text.AsSpan(equals + 1), out IPEndPoint? place) && place.Port > 0
            ? new TrafficEndpoint(text[..equals], place.Address, (ushort)place.Port)
            : throw TrafficCommands.Unusable($"'{text}' is not an interface, an address and a port, such as eth1=239.1.1.1:5000 or eth1=[ff15::1]:5000.");
    }

    private static async Task<int> ReceiveAsync(CliCall call, bool isStrict, TrafficListen listen)
    {
        IReadOnlyList<string> problems = listen.Validate();
        if (problems.Count > 0)
        {
            throw TrafficCommands.Unusable(string.Join(' ', problems));
        }

        TrafficReport report;
        using (var progress = new Progress(call.Console, "receive"))
        {
            // Scripts that start the sender next wait for this line.
            Action ready = call.Console.ErrorIsTerminal ? () => progress.Report("listening") : () => call.Console.Error.WriteLine("listening");
            report = await call.Services.Traffic().ReceiveAsync(listen, ready, state => progress.Report(Describe(state)), call.Token);
        }

        bool isClean = report.Lost + report.Duplicate + report.Corrupt == 0;
        int code = report.Received > 0 && (isClean || !isStrict) ? ExitCodes.Ok : ExitCodes.Failed;
        if (call.Json)
        {
            return call.WriteJson(TrafficView.Of(report), CliJsonContext.Default.TrafficView, code);
        }

        Table.Write(call.Out, report.Endpoints, Columns, call.Console.Width, call.Console.UseColor);
        if (report.Overrun > 0)
        {
            call.Console.Error.WriteLine($"{report.Overrun} packets were dropped on this host because the receiver did not take them in time; of these the way is not to blame.");
        }

        if (report is { Received: > 0, Latency: null })
        {
            call.Console.Error.WriteLine("Latency is not known: sender and receiver have different clocks. Between hosts, keep both by PTP and send with --tai.");
        }

        return code;
    }

    private static TableColumn<TrafficReport>[] Columns { get; } =
    [
        new("Interface", report => report.Endpoint!.Interface),
        new("Destination", report => new IPEndPoint(report.Endpoint!.Group, report.Endpoint.Port).ToString()) { IsFlexible = true },
        Count("Streams", report => report.Streams),
        Count("Received", report => report.Received),
        Count("Packets/s", report => (long)report.PacketsPerSecond),
        Count("Lost", report => report.Lost, isBad: true),
        new("Loss %", report => Text.Percent(report.LossRatio)) { IsNumber = true },
        Count("Late", report => report.Reordered),
        Count("Twice", report => report.Duplicate, isBad: true),
        Count("Changed", report => report.Corrupt, isBad: true),
        Microseconds("p50 us", latency => latency.P50),
        Microseconds("p99 us", latency => latency.P99),
        Microseconds("p99.9 us", latency => latency.P999),
        Microseconds("max us", latency => latency.Maximum),
    ];

    private static TableColumn<TrafficReport> Count(string header, Func<TrafficReport, long> value, bool isBad = false) => new(header, report => Text.Number(value(report)))
    {
        IsNumber = true,
        Tone = isBad ? report => value(report) > 0 ? Tone.Warning : Tone.Good : null,
    };

    private static TableColumn<TrafficReport> Microseconds(string header, Func<TrafficLatency, long> value) =>
        new(header, report => report.Latency is { } latency ? (value(latency) / 1_000.0).ToString("0.0", CultureInfo.InvariantCulture) : null) { IsNumber = true };

    private static string Describe(TrafficProgress state) => string.Create(
        CultureInfo.InvariantCulture, $"{Text.Duration(state.Elapsed)}, {state.Packets} packets, {state.PacketsPerSecond:0}/s, {state.Lost} lost");
}
