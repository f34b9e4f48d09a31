using System.CommandLine;
using System.Globalization;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary>The commands of <c>netmod overlay</c> that only look.</summary>
internal static class OverlayStatusCommands
{
    /// <summary>Fills <c>graph</c> in.</summary>
    public static void FillGraph(Command command, CliServices services)
    {
        Argument<string> overlay = command.WithOverlay();
        command.Handle(services, async call =>
        {
            OverlayGraph graph = await call.CallAsync(EngineApi.OverlayGetGraph, new GetOverlayGraph(call.Get(overlay)));
            if (call.Json)
            {
                return call.WriteJson(graph, ContractsJsonContext.Default.OverlayGraph);
            }

            call.Out.WriteLine($"{Text.Name(graph.Topology)}, {graph.Nodes.Length} nodes");
            Table.Write(call.Out, graph.Edges, OverlayColumns.Edges(), call.Console.Width, call.Console.UseColor);
            return ExitCodes.Ok;
        });
    }

    /// <summary>Fills <c>audit</c> in.</summary>
    public static void FillAudit(Command command, CliServices services)
    {
        Argument<string?> overlay = command.WithAnyOverlay();
        Option<long?> newest = command.With(Options.OfNumber("--newest", "NUMBER", "How many records (default 100).", 1, 10_000));
        Option<bool> denied = command.With(Options.OfFlag("--denied", "Leave out connections that were allowed."));
        command.Handle(services, async call =>
        {
            var request = new ListOverlayAudit(call.Get(overlay), (int)(call.Get(newest) ?? 100), call.Get(denied));
            OverlayAuditRecord[] records = await call.CallAsync(EngineApi.OverlayListAudit, request);
            return call.WriteList(records, ContractsJsonContext.Default.OverlayAuditRecordArray, OverlayColumns.Audit(call));
        });
    }

    /// <summary>Fills <c>selftest</c> in.</summary>
    public static void FillSelfTest(Command command, CliServices services) => command.Handle(services, async call =>
    {
        OverlaySelfTestStep[] steps = await call.CallAsync(EngineApi.OverlaySelfTest, new RunOverlaySelfTest());
        call.WriteList(steps, ContractsJsonContext.Default.OverlaySelfTestStepArray, OverlayColumns.SelfTest());
        return Array.TrueForAll(steps, step => step.Succeeded) ? ExitCodes.Ok : ExitCodes.Failed;
    });

    /// <summary>Writes everything that is known of overlays.</summary>
    public static int WriteDetails(CliCall call, Overlay[] overlays)
    {
        for (int i = 0; i < overlays.Length; i++)
        {
            Overlay overlay = overlays[i];
            if (i > 0)
            {
                call.Out.WriteLine();
            }

            Table.WriteFacts(
                call.Out,
                ("Overlay", overlay.Name),
                ("State", overlay.State is { } state ? $"{Text.Name(state)}: {overlay.StateReason}" : null),
                ("Identity", overlay.Identity),
                ("Public key", overlay.PublicKey),
                ("Node id", overlay.NodeId),
                ("Addresses", Text.List(overlay.ActiveAddresses ?? overlay.Addresses)),
                ("Interface", $"{overlay.InterfaceAlias ?? $"nm-{overlay.Name}"}, MTU {overlay.MtuBytes} bytes"),
                ("Listens at", overlay.ListenEndpoint),
                ("Names", overlay.NameService ? $"answered at {overlay.ResolverAddress ?? "its resolver address"}" : "not answered"),
                ("Network key", overlay.NetworkKey),
                ("Trust on first use", overlay.TrustOnFirstUse ? "yes" : null),
                ("Topology", overlay.Hubs.Length > 0 ? $"{Text.Name(overlay.Topology)}, hubs {Text.List(overlay.Hubs)}" : Text.Name(overlay.Topology)),
                ("Congestion", Text.Name(overlay.CongestionControl)),
                ("Exit node", overlay.ExitNode is { } exit ? $"{exit}, kill switch {(overlay.KillSwitch ? "on" : "off")}" : null),
                ("Accepts routes", Text.YesNo(overlay.AcceptRoutes)),
                ("Peers", $"{Text.Number(overlay.ConnectedPeers) ?? "?"} connected, {overlay.Peers.Length} in the document"),
                ("Policy", $"{overlay.Policy.Length} rules, {overlay.PolicyTests.Length} tests"),
                ("Groups", Text.List([.. overlay.Groups.Select(group => group.Name)])),
                ("Audit", overlay.Audit.Enabled ? (overlay.Audit.Connections ? "connections and decisions" : "decisions") : "off"),
                ("Sent MiB", overlay.SentBytes is { } sent ? Text.Mebibytes(sent) : null),
                ("Received MiB", overlay.ReceivedBytes is { } received ? Text.Mebibytes(received) : null),
                ("Worker", overlay.WorkerProcessId is { } worker ? $"process {worker}, {Text.Mebibytes(overlay.WorkerResidentBytes ?? 0)} MiB, {overlay.WorkerRestarts ?? 0} restarts" : null),
                ("Shards", overlay.ActiveShards is { Length: > 1 } shards ? string.Join("; ", shards.Select(Shard)) : null),
                ("Dropped", Drops(overlay.Drops)));
        }

        return ExitCodes.Ok;
    }

    private static string Shard(OverlayShard shard) => string.Create(
        CultureInfo.InvariantCulture,
        $"{shard.Index} {(shard.Core is { } core ? $"on core {core}" : "on any core")} ({shard.Reason}), {shard.Peers} peers, {shard.SentDatagrams} datagrams sent, {shard.ReceivedDatagrams} received, {shard.HandedOver} handed over");

    private static string? Drops(OverlayDrops? drops)
    {
        if (drops is null)
        {
            return null;
        }

        (string Name, long Count)[] all =
        [
            ("policy", drops.Policy), ("no route", drops.NoRoute), ("peer down", drops.PeerDown), ("source", drops.Source), ("queue", drops.Queue),
            ("malformed", drops.Malformed), ("hop limit", drops.Ttl), ("too big", drops.TooBig), ("stranger", drops.Stranger), ("device", drops.Device),
            ("handover", drops.Handover),
        ];
        return string.Join(", ", all.Where(one => one.Count > 0).Select(one => $"{one.Count} {one.Name}"));
    }
}
