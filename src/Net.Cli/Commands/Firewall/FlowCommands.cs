using System.CommandLine;
using System.Globalization;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod flow</c>: what would become of a packet, and what the kernel does with real ones.</summary>
internal static class FlowCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillTest(command.Sub("test", "Tells whether a packet would pass, and why, without sending it; the exit code is 0 for yes, 1 for no."), services);
        FillTrace(command.Sub("trace", "Shows what the kernel does with real packets, rule by rule, bounded in number and time."), services);
    }

    private static void FillTest(Command command, CliServices services)
    {
        Argument<string?> destination = command.WithAny("DESTINATION", "The destination address; left out with --packet.");
        Argument<string?> port = command.WithAny("PORT", "The destination port, where the protocol has ports.");
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !ushort.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                result.AddError($"PORT: '{result.Tokens[0].Value}' is not a port from 0 to 65535.");
            }
        });
        ItemFields<NetFlow> fields = new ItemFields<NetFlow>(command, isNew: true)
            .Text("--packet", "TEXT", "A captured packet instead: what tcpdump -nn prints of it, or its bytes as hexadecimal digits.", (flow, value) => flow.Packet = value)
            .Choice<IpProtocol>("--protocol", "The protocol (default tcp).", (flow, value) => flow.Protocol = value)
            .Choice<RuleDirection>("--direction", "To this host, from it, or through it (default by routes).", (flow, value) => flow.Direction = value)
            .Text("--source-address", "ADDRESS", "The source (default the address this host would take).", (flow, value) => flow.SourceAddress = value)
            .Number("--source-port", "PORT", "The source port (default one that no rule names).", 0, ushort.MaxValue, (flow, value) => flow.SourcePort = (int)value)
            .Text("--interface", "NAME", "The interface it comes in by (default by the route to its source).", (flow, value) => flow.InterfaceAlias = value)
            .Text("--out-interface", "NAME", "The interface it leaves by (default by the route to its destination).", (flow, value) => flow.OutInterfaceAlias = value)
            .Choice<ConnectionState>("--state", "The state of its connection (default new).", (flow, value) => flow.State = value)
            .Text("--icmp-type", "TYPE", "The ICMP type (default echo-request).", (flow, value) => flow.IcmpType = value)
            .Text("--tcp-flags", "FLAGS", "TCP flags (default syn for new, ack otherwise).", (flow, value) => flow.TcpFlags = value)
            .Number("--dscp", "NUMBER", "The code point (default 0).", 0, 63, (flow, value) => flow.Dscp = (int)value)
            .Number("--length", "BYTES", "The length of the IP packet (default without payload).", 20, ushort.MaxValue, (flow, value) => flow.Length = (int)value)
            .Text("--source-mac", "ADDRESS", "The source of its Ethernet frame.", (flow, value) => flow.SourceMac = value)
            .Number("--mark", "NUMBER", "Its mark (default 0).", 0, uint.MaxValue, (flow, value) => flow.Mark = value)
            .Text("--user", "USER", "The user who sends it.", (flow, value) => flow.User = value)
            .Text("--user-group", "GROUP", "The group that sends it.", (flow, value) => flow.UserGroup = value)
            .Text("--cgroup", "PATH", "The control group of its socket.", (flow, value) => flow.Cgroup = value);
        Option<DateTimeOffset[]?> at = command.With(Options.OfOne("--at", "TIME", "The time it is sent, such as 2026-01-31T08:00:00Z (default now).", TimeOf));
        Option<long?> generation = command.With(Options.OfNumber("--generation", "NUMBER", "Ask a kept generation of the configuration instead of the one in force.", 1));
        Option<bool> steps = command.With(Options.OfFlag("--steps", "Show every rule that was considered."));
        command.Handle(services, async call =>
        {
            var flow = new NetFlow
            {
                DestinationAddress = call.Get(destination) ?? string.Empty,
                DestinationPort = call.Get(port) is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : null,
            };
            NetConfiguration? document = call.Get(generation) is { } kept
                ? (await call.CallAsync(EngineApi.ConfigurationGet, new GetConfiguration(kept))).Document
                : null;
            var request = new TestNetFlows([fields.ApplyTo(call, flow)], call.Get(at) is [var time] ? time : null, document);
            NetFlowVerdict verdict = (await call.CallAsync(EngineApi.FirewallTestFlows, request))[0];
            int exitCode = verdict.Allowed ? ExitCodes.Ok : ExitCodes.Failed;
            return call.Json ? call.WriteJson(verdict, ContractsJsonContext.Default.NetFlowVerdict, exitCode) : Write(call, verdict, call.Get(steps), exitCode);
        });
    }

    private static void FillTrace(Command command, CliServices services)
    {
        ItemFields<NetFlowPattern> fields = new ItemFields<NetFlowPattern>(command, isNew: true)
            .One("--destination-address", "ADDRESS", "The destination, an address, prefix or range.", AddressRange.Parse, (flow, value) => flow.DestinationAddress = value is [var only] ? only : null)
            .One("--destination-port", "PORT", "The destination port, or a range.", PortRange.Parse, (flow, value) => flow.DestinationPort = value is [var only] ? only : null)
            .Choice<IpProtocol>("--protocol", "The protocol (default any).", (flow, value) => flow.Protocol = value)
            .One("--source-address", "ADDRESS", "The source, an address, prefix or range.", AddressRange.Parse, (flow, value) => flow.SourceAddress = value is [var only] ? only : null)
            .One("--source-port", "PORT", "The source port, or a range.", PortRange.Parse, (flow, value) => flow.SourcePort = value is [var only] ? only : null)
            .Text("--interface", "NAME", "The interface packets come in by, or leave by when this host sends them.", (flow, value) => flow.InterfaceAlias = value);
        Option<TimeSpan?> duration = command.With(Options.OfDuration("--duration", "After what time it ends (default 30s)."));
        Option<long?> packets = command.With(Options.OfNumber("--max-packets", "NUMBER", "After how many packets it ends (default 100).", 1, 10_000));
        command.Handle(services, async call =>
        {
            var request = new TraceNetFlow(fields.ApplyTo(call, new NetFlowPattern()), call.Get(duration) ?? TimeSpan.FromSeconds(30), (int)(call.Get(packets) ?? 100));
            return await FirewallStateCommands.WriteAsync(call, await call.StreamAsync(EngineApi.FirewallTraceFlow, request), ContractsJsonContext.Default.NetFlowTraceEvent, Line);
        });
    }

    private static int Write(CliCall call, NetFlowVerdict verdict, bool steps, int exitCode)
    {
        NetFlow flow = verdict.Flow;
        string direction = flow.Direction is { } known ? Text.Name(known) : "unknown";
        Table.WriteFacts(
            call.Out,
            [
                ("Verdict", $"{(verdict.Allowed ? "allowed" : Text.Name(verdict.Action))} by {verdict.Rule ?? "no rule"}: {verdict.Reason}"),
                ("Packet", $"{direction} {Text.Name(flow.Protocol)} {FirewallStateCommands.End(flow.SourceAddress, flow.SourcePort)} > {FirewallStateCommands.End(flow.DestinationAddress, flow.DestinationPort)}"),
                ("In", flow.InterfaceAlias),
                ("Out", flow.OutInterfaceAlias),
                .. verdict.Translations.Select(item => ("NAT", (string?)$"{item.Rule}: {item.Before} => {item.After}")),
                ("Route", verdict.Route),
                .. verdict.ForeignChains.Select(chain => ("Other tables", (string?)chain)),
                .. verdict.Assumptions.Select(assumption => ("Depends on", (string?)assumption)),
            ]);
        if (steps && verdict.Steps.Length > 0)
        {
            call.Out.WriteLine();
            Table.Write(
                call.Out,
                verdict.Steps,
                [
                    new("Id", step => Text.Number(step.RuleId)) { IsNumber = true },
                    new("Rule", step => step.Rule) { IsFlexible = true },
                    new("Match", step => Text.YesNo(step.Matched)) { Tone = step => step.Matched ? Tone.Good : Tone.Plain },
                    new("Reason", step => step.Reason) { IsFlexible = true },
                ],
                call.Console.Width,
                call.Console.UseColor);
        }

        return exitCode;
    }

    private static string Line(NetFlowTraceEvent step)
    {
        string rule = step.Rule is { } name ? $" rule {name}" : string.Empty;
        string summary = step.Summary is { } text ? $" ({text})" : string.Empty;
        return $"{step.Packet:x8} {step.Table} {step.Chain}{rule} {step.Kind}: {step.Verdict}{summary}";
    }

    private static DateTimeOffset TimeOf(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset time)
        ? time
        : throw new FormatException($"'{text}' is not a time such as 2026-01-31T08:00:00Z.");
}
