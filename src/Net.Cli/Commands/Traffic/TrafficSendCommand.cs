using System.CommandLine;
using System.Globalization;
using System.Net;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Traffic;

namespace Net.Cli.Commands;

/// <summary><c>netmod traffic send</c>.</summary>
internal static class TrafficSendCommand
{
    private static readonly TimeSpan s_usual = TimeSpan.FromSeconds(10);

    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        Argument<string> @interface = command.WithWord("INTERFACE", "The interface to send by.");
        Option<string?> to = command.With(Options.OfText("--to", "ADDRESS:PORT", "The group or host to send to, such as 239.1.1.1:5000 or [ff15::1]:5000."));
        to.Required = true;
        Option<long?> rate = command.With(Options.OfNumber("--rate", "NUMBER", "Packets per second, all streams together (default 1000); 0 for as many as can be.", 0, 1_000_000_000));
        Option<TimeSpan?> duration = command.With(Options.OfDuration("--duration", "How long to send (default 10s, 24h at most)."));
        Option<long?> count = command.With(Options.OfNumber("--count", "NUMBER", "Ends after so many packets, if that is sooner.", 1));
        Option<long?> payload = command.With(Options.OfNumber("--payload-bytes", "BYTES", "Payload of each packet, its header of 32 bytes included (default 64).", 32, TrafficPlan.MostPayloadBytes));
        Option<long?> streams = command.With(Options.OfNumber("--streams", "NUMBER", "Streams, each with sequence numbers of its own (default 1).", 1, TrafficPlan.MostStreams));
        Option<long?> groups = command.With(Options.OfNumber("--groups", "NUMBER", "Consecutive groups the streams are spread over (default 1).", 1, TrafficPlan.MostStreams));
        Option<long?> ports = command.With(Options.OfNumber("--ports", "NUMBER", "Consecutive ports the streams are spread over (default 1).", 1, 64));
        Option<long?> ttl = command.With(Options.OfNumber("--ttl", "NUMBER", "The TTL (hop limit) packets are sent with (default 16).", 1, 255));
        Option<string?> source = command.With(Options.OfText("--source", "ADDRESS", "The source address (default the interface's own)."));
        Option<long?> sourcePort = command.With(Options.OfNumber("--source-port", "PORT", "The source port (default any).", 1, ushort.MaxValue));
        Option<TrafficSender?> sender = command.With(Options.OfChoice<TrafficSender>("--sender", "How packets get to the kernel: by a socket (default), or as frames of an XDP program, millions a second, which needs root."));
        Option<bool> fragment = command.With(Options.OfFlag("--fragment", "Sends packets larger than the interface's MTU in fragments instead of refusing them."));
        Option<bool> loop = command.With(Options.OfFlag("--loop", "Lets this host's own sockets hear what is sent to a group."));
        Option<bool> tai = command.With(Options.OfFlag("--tai", "Stamps with CLOCK_TAI, for a receiver on another host whose clock is kept by PTP."));
        Option<long?> core = command.With(Options.OfNumber("--core", "NUMBER", "Core to send from (default any).", 0, 8191));
        command.Handle(services, call =>
        {
            if (!IPEndPoint.TryParse(call.Get(to)!, out IPEndPoint? destination) || destination.Port == 0)
            {
                throw TrafficCommands.Unusable($"--to: '{call.Get(to)}' is not an address with a port, such as 239.1.1.1:5000 or [ff15::1]:5000.");
            }

            return SendAsync(call, new TrafficPlan
            {
                Interface = call.Get(@interface),
                Destination = destination.Address,
                Port = (ushort)destination.Port,
                PacketsPerSecond = call.Get(rate) ?? 1_000,
                Duration = TrafficCommands.Duration("--duration", call.Get(duration), s_usual),
                Packets = call.Get(count),
                PayloadBytes = (int)(call.Get(payload) ?? 64),
                Streams = (int)(call.Get(streams) ?? 1),
                Groups = (int)(call.Get(groups) ?? 1),
                Ports = (int)(call.Get(ports) ?? 1),
                Ttl = (byte)(call.Get(ttl) ?? 16),
                Source = call.Get(source) is { } text ? TrafficCommands.Address("--source", text) : null,
                SourcePort = (ushort)(call.Get(sourcePort) ?? 0),
                Kind = call.Get(sender) ?? TrafficSender.Socket,
                Fragments = call.Get(fragment),
                LoopsBack = call.Get(loop),
                UsesTai = call.Get(tai),
                Core = (int?)call.Get(core),
            });
        });
    }

    private static async Task<int> SendAsync(CliCall call, TrafficPlan plan)
    {
        IReadOnlyList<string> problems = plan.Validate();
        if (problems.Count > 0)
        {
            throw TrafficCommands.Unusable(string.Join(' ', problems));
        }

        TrafficSent sent;
        using (var progress = new Progress(call.Console, "send"))
        {
            progress.Report(Text.Duration(plan.Duration));
            sent = await call.Services.Traffic().SendAsync(plan, state => progress.Report(Describe(state)), call.Token);
        }

        if (call.Json)
        {
            return call.WriteJson(TrafficSentView.Of(sent), CliJsonContext.Default.TrafficSentView);
        }

        Table.WriteFacts(
            call.Out,
            ("Packets", Text.Number(sent.Packets)),
            ("Packets/s", sent.PacketsPerSecond.ToString("0", CultureInfo.InvariantCulture)),
            ("Mbit/s of payload", Text.Megabits(sent.BitsPerSecond)),
            ("Refused by the kernel", Text.Number(sent.Refused)),
            ("Left out, too late", Text.Number(sent.Missed)),
            ("Time", Text.Duration(sent.Elapsed)));
        return ExitCodes.Ok;
    }

    private static string Describe(TrafficProgress state) => string.Create(
        CultureInfo.InvariantCulture, $"{Text.Duration(state.Elapsed)}, {state.Packets} packets, {state.PacketsPerSecond:0}/s");
}
