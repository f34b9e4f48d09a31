using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Client;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod overlay peer</c>.</summary>
internal static class OverlayPeerCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillList(command.Sub("list", "Lists peers with the state of their sessions."), services);
        FillAdd(command.Sub("add", "Adds a peer."), services);
        FillSet(command.Sub("set", "Changes the members named of one or more peers."), services);
        FillRemove(command.Sub("remove", "Removes peers; their sessions end."), services);
        FillTest(command.Sub("test", "Tests peers by echoes inside their sessions; the exit code tells whether all answered: 0 yes, 1 no."), services);
        FillWatch(command.Sub("watch", "Streams peers now and as their state changes, until Ctrl+C."), services);
    }

    private static void FillList(Command command, CliServices services)
    {
        Argument<string?> overlay = command.WithAnyOverlay();
        Argument<string[]> names = command.WithNames("Names or node ids, with * and ?; none means all.");
        command.Handle(services, async call =>
            call.WriteList(await ListAsync(call, call.Get(overlay), call.Get(names)), ContractsJsonContext.Default.OverlayPeerArray, OverlayColumns.Peers()));
    }

    private static void FillAdd(Command command, CliServices services)
    {
        Argument<string> overlay = command.WithOverlay();
        Argument<string> name = command.WithWord("NAME", "The peer's name, also its name in the overlay's zone.");
        OverlayPeerFields fields = OverlayPeerFields.AddTo(command);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            OverlayPeer peer = fields.Apply(call, new OverlayPeer { Overlay = call.Get(overlay), Name = call.Get(name) });
            return Report(call, await call.CallAsync(EngineApi.OverlayAddPeers, new AddOverlayPeers([peer], change.Read(call))), change);
        });
    }

    private static void FillSet(Command command, CliServices services)
    {
        Argument<string> overlay = command.WithOverlay();
        Argument<string[]> names = command.WithNames(OverlayArguments.SomeNames, required: true);
        OverlayPeerFields fields = OverlayPeerFields.AddTo(command);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, call => GuardedChange.RunAsync(
            call,
            async generation =>
            {
                OverlayPeer[] peers = await ListAsync(call, call.Get(overlay), call.Get(names));
                OverlayPeer[] changed = [.. peers.Select(peer => fields.Apply(call, peer))];
                return changed.Length == 0
                    ? OverlayArguments.NothingMatches(call, ContractsJsonContext.Default.OverlayPeerArray, "peer")
                    : Report(call, await call.CallAsync(EngineApi.OverlaySetPeers, new SetOverlayPeers(changed, change.Read(call, generation))), change);
            },
            change.NamesGeneration(call)));
    }

    private static void FillRemove(Command command, CliServices services)
    {
        Argument<string> overlay = command.WithOverlay();
        Argument<string[]> names = command.WithNames(OverlayArguments.SomeNames, required: true);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            string[] wanted = call.Get(names);
            string[] exact = Array.Exists(wanted, name => !new NamePattern(name).IsLiteral)
                ? [.. (await ListAsync(call, call.Get(overlay), wanted)).Select(peer => peer.Name)]
                : wanted;
            return exact.Length == 0
                ? OverlayArguments.NothingMatches(call, ContractsJsonContext.Default.OverlayPeerArray, "peer")
                : Report(call, await call.CallAsync(EngineApi.OverlayRemovePeers, new RemoveOverlayPeers(call.Get(overlay), exact, change.Read(call))), change);
        });
    }

    private static void FillTest(Command command, CliServices services)
    {
        Argument<string> overlay = command.WithOverlay();
        Argument<string[]> names = command.WithNames(OverlayArguments.AnyNames);
        Option<long?> count = command.With(Options.OfNumber("--count", "NUMBER", "Echoes per peer (default 5).", 1, 1000));
        Option<TimeSpan?> timeout = command.With(Options.OfDuration("--timeout", "How long to wait for each echo (default 1s)."));
        Option<TimeSpan?> throughput = command.With(Options.OfDuration("--throughput", "How long to send test data, at most 30s."));
        Option<bool> mtu = command.With(Options.OfFlag("--mtu", "Find out the largest packet that goes through whole."));
        command.Handle(services, async call =>
        {
            var request = new TestOverlayPeers(
                call.Get(overlay), OverlayArguments.Patterns(call.Get(names)), (int)(call.Get(count) ?? 5), call.Get(timeout), call.Get(throughput), call.Get(mtu));
            List<OverlayPeerTest> tests = await TestAsync(call, request);
            return tests.Count > 0 && tests.TrueForAll(test => test.Succeeded) ? ExitCodes.Ok : ExitCodes.Failed;
        });
    }

    // With JSON each test is written as it ends; with a table the whole is needed for its widths, so progress tells what is done.
    private static async Task<List<OverlayPeerTest>> TestAsync(CliCall call, TestOverlayPeers request)
    {
        var tests = new List<OverlayPeerTest>();
        using (var progress = new Progress(call.Console, "testing"))
        {
            await foreach (OverlayPeerTest test in await call.StreamAsync(EngineApi.OverlayTestPeers, request))
            {
                tests.Add(test);
                if (call.Json)
                {
                    JsonOutput.WriteLine(call.Out, test, ContractsJsonContext.Default.OverlayPeerTest);
                    call.Out.Flush();
                }
                else
                {
                    progress.Report($"{tests.Count} done, last {test.Name}");
                }
            }
        }

        if (!call.Json)
        {
            Table.Write(call.Out, tests, OverlayColumns.Tests(), call.Console.Width, call.Console.UseColor);
        }

        return tests;
    }

    private static void FillWatch(Command command, CliServices services)
    {
        Argument<string?> overlay = command.WithAnyOverlay();
        command.Handle(services, async call =>
        {
            await foreach (OverlayPeerChange change in await call.StreamAsync(EngineApi.OverlayWatchPeers, new WatchOverlayPeers(call.Get(overlay))))
            {
                if (call.Json)
                {
                    JsonOutput.WriteLine(call.Out, change, ContractsJsonContext.Default.OverlayPeerChange);
                }
                else
                {
                    call.Out.WriteLine(OverlayColumns.Line(change, call.Show(change.Time)));
                }

                call.Out.Flush();
            }

            return ExitCodes.Ok;
        });
    }

    private static async Task<OverlayPeer[]> ListAsync(CliCall call, string? overlay, string[] names)
    {
        OverlayPeer[] peers = await call.CallAsync(EngineApi.OverlayListPeers, new ListOverlayPeers(overlay, OverlayArguments.Patterns(names)));
        GuardedChange.RequireAll(
            names, peers.SelectMany(peer => new[] { peer.Name, peer.NodeId ?? peer.Name }), static () => ErrorCatalogue.OverlayPeerNotFound, "peer");
        return peers;
    }

    private static int Report(CliCall call, OverlayPeersChanged changed, ChangeOptionSet change) =>
        OverlayArguments.Report(call, changed, ContractsJsonContext.Default.OverlayPeersChanged, changed.Outcome, change);
}
