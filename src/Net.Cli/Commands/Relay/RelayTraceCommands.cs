using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod relay trace</c> and <c>netmod relay measure</c>: packets of a rule, and test packets through it.</summary>
internal static class RelayTraceCommands
{
    /// <summary>Fills trace in.</summary>
    public static void FillTrace(Command command, CliServices services)
    {
        Argument<string> rule = command.WithWord("NAME", "The rule.");
        Option<long?> packets = command.With(Options.OfNumber("--max-packets", "NUMBER", "After how many packets it ends (default 100).", 1, 100_000));
        Option<TimeSpan?> duration = command.With(Options.OfDuration("--duration", "After what time it ends (default 10s)."));
        Option<long?> snap = command.With(Options.OfNumber("--snap-length", "BYTES", "How much of each packet comes with it in JSON (default 128).", 0, 9216));
        command.Handle(services, async call =>
        {
            var request = new TraceRelayRule(call.Get(rule), (int)(call.Get(packets) ?? 100), call.Get(duration), (int)(call.Get(snap) ?? 128));
            await foreach (RelayTracedPacket packet in await call.StreamAsync(EngineApi.RelayTrace, request))
            {
                if (call.Json)
                {
                    JsonOutput.WriteLine(call.Out, packet, ContractsJsonContext.Default.RelayTracedPacket);
                }
                else
                {
                    call.Out.WriteLine(RelayColumns.Line(packet, call.Services.TimeZone));
                }

                call.Out.Flush();
            }

            return ExitCodes.Ok;
        });
    }

    /// <summary>Fills measure in.</summary>
    public static void FillMeasure(Command command, CliServices services)
    {
        Argument<string?> rule = command.WithAny("NAME", "A rule to take destinations and ports of; none with --destination.");
        Option<string?> send = command.With(Options.OfText("--send", "INTERFACE", "The interface to send by."));
        Option<string[]?> receive = command.With(Options.OfList("--receive", "INTERFACES", "Interfaces to receive on."));
        send.Required = true;
        receive.Required = true;
        Option<string?> destination = command.With(Options.OfText("--destination", "ADDRESS", "The address to send to (default the rule's)."));
        Option<long?> port = command.With(Options.OfNumber("--port", "PORT", "The port to send to (default the rule's).", 1, ushort.MaxValue));
        Option<string?> receiveDestination = command.With(Options.OfText("--receive-destination", "ADDRESS", "The address to receive at (default the rule's outputs')."));
        Option<long?> receivePort = command.With(Options.OfNumber("--receive-port", "PORT", "The port to receive at (default the rule's outputs').", 1, ushort.MaxValue));
        Option<long?> bytes = command.With(Options.OfNumber("--payload-bytes", "BYTES", "Payload of each packet (default 64).", 32, 8972));
        Option<long?> rate = command.With(Options.OfNumber("--rate", "NUMBER", "Packets per second, all streams together (default 1000).", 1, 10_000_000));
        Option<TimeSpan?> duration = command.With(Options.OfDuration("--duration", "How long to send (default 5s)."));
        Option<long?> streams = command.With(Options.OfNumber("--streams", "NUMBER", "Streams with sequence numbers of their own (default 1).", 1, 1000));
        Option<long?> ttl = command.With(Options.OfNumber("--ttl", "NUMBER", "The TTL packets are sent with (default 8).", 1, 255));
        command.Handle(services, call => MeasureAsync(call, new MeasureRelayPath
        {
            InterfaceAlias = call.Get(send)!,
            ReceiveOn = call.Get(receive)!,
            Rule = call.Get(rule),
            Destination = call.Get(destination),
            Port = (int?)call.Get(port),
            ReceiveDestination = call.Get(receiveDestination),
            ReceivePort = (int?)call.Get(receivePort),
            PayloadBytes = (int)(call.Get(bytes) ?? 64),
            PacketsPerSecond = call.Get(rate) ?? 1000,
            Duration = call.Get(duration),
            Streams = (int)(call.Get(streams) ?? 1),
            Ttl = (int)(call.Get(ttl) ?? 8),
        }));
    }

    // With JSON everything is written as it comes; with a table the results are needed for its widths, so progress tells how things stand.
    private static async Task<int> MeasureAsync(CliCall call, MeasureRelayPath request)
    {
        var results = new List<RelayMeasurement>();
        using (var progress = new Progress(call.Console, "measuring"))
        {
            await foreach (RelayMeasurement item in await call.StreamAsync(EngineApi.RelayMeasure, request))
            {
                if (call.Json)
                {
                    JsonOutput.WriteLine(call.Out, item, ContractsJsonContext.Default.RelayMeasurement);
                    call.Out.Flush();
                }
                else if (item.IsFinal)
                {
                    results.Add(item);
                }
                else
                {
                    progress.Report($"{item.InterfaceAlias} {item.Received} of {item.Sent}, {item.Lost} lost");
                }
            }
        }

        if (!call.Json)
        {
            Table.Write(call.Out, results, RelayColumns.Measurements(), call.Console.Width, call.Console.UseColor);
        }

        return ExitCodes.Ok;
    }
}
