using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Parsing;
using Net.Client;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod overlay</c>: encrypted networks of engines.</summary>
internal static class OverlayCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillList(command.Sub("list", "Lists overlays with what they do now."), services);
        FillShow(command.Sub("show", "Shows everything that is known of overlays."), services);
        FillAdd(command.Sub("add", "Adds an overlay."), services);
        FillSet(command.Sub("set", "Changes the members named of one or more overlays."), services);
        FillRemove(command.Sub("remove", "Removes overlays with their peers, routes and policy."), services);
        FillEnable(command.Sub("start", "Lets overlays run."), services, enabled: true);
        FillEnable(command.Sub("stop", "Keeps overlays, but lets them not run."), services, enabled: false);
        FillRestart(command.Sub("restart", "Ends the workers of overlays and starts them anew."), services);
        OverlayJoinCommands.FillJoin(command.Sub("join", "Joins an overlay by an invitation, which is asked for, or read from standard input."), services);
        OverlayStatusCommands.FillGraph(command.Sub("graph", "Shows the sessions between nodes, as this node knows them."), services);
        OverlayStatusCommands.FillAudit(command.Sub("audit", "Shows the newest records of the audit log."), services);
        OverlayStatusCommands.FillSelfTest(command.Sub("selftest", "Tries what an overlay needs of this host, without any peer."), services);
        OverlayPeerCommands.Fill(command.Sub("peer", "Manages, tests and watches peers."), services);
        OverlayRouteCommands.Fill(command.Sub("route", "Manages routes."), services);
        OverlayPolicyCommands.Fill(command.Sub("policy", "Manages and tests what peers may reach."), services);
        OverlayIdentityCommands.Fill(command.Sub("identity", "Manages node keys of this engine."), services);
        OverlayNetworkCommands.Fill(command.Sub("network", "Manages signing keys of networks."), services);
        OverlayCertificateCommands.Fill(command.Sub("certificate", "Issues and revokes memberships."), services);
        OverlayJoinCommands.FillInvitation(command.Sub("invitation", "Invites nodes."), services);
        OverlayJoinCommands.FillRequests(command.Sub("join-request", "Decides about nodes that asked to join."), services);
        OverlayMessageCommands.Fill(command.Sub("message", "Sends messages to applications of peers, and receives them."), services);
    }

    /// <summary>The overlays of some names; a name that is not there is an error.</summary>
    public static async Task<Overlay[]> ListAsync(CliCall call, string[] names)
    {
        Overlay[] overlays = await call.CallAsync(EngineApi.OverlayList, new ListOverlays(OverlayArguments.Patterns(names)));
        GuardedChange.RequireAll(names, overlays.Select(overlay => overlay.Name), static () => ErrorCatalogue.OverlayNotFound, "overlay");
        return overlays;
    }

    private static void FillList(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.AnyNames);
        command.Handle(services, async call =>
            call.WriteList(await ListAsync(call, call.Get(names)), ContractsJsonContext.Default.OverlayArray, OverlayColumns.Overlays()));
    }

    private static void FillShow(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.AnyNames);
        command.Handle(services, async call =>
        {
            Overlay[] overlays = await ListAsync(call, call.Get(names));
            return call.Json ? call.WriteJson(overlays, ContractsJsonContext.Default.OverlayArray) : OverlayStatusCommands.WriteDetails(call, overlays);
        });
    }

    private static void FillAdd(Command command, CliServices services)
    {
        Argument<string> name = command.WithWord("NAME", "The overlay's name: letters, digits and hyphens.");
        OverlayFields fields = OverlayFields.AddTo(command);
        Option<bool> disabled = command.With(Options.OfFlag("--disabled", "It does not run until it is started."));
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            Overlay overlay = fields.Apply(call, new Overlay { Name = call.Get(name), Enabled = !call.Get(disabled) });
            return Report(call, await call.CallAsync(EngineApi.OverlayCreate, new CreateOverlays([overlay], change.Read(call))), change);
        });
    }

    private static void FillSet(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.SomeNames, required: true);
        OverlayFields fields = OverlayFields.AddTo(command);
        HandleEdit(command, services, names, fields.Apply);
    }

    private static void FillEnable(Command command, CliServices services, bool enabled)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.SomeNames, required: true);
        HandleEdit(command, services, names, (_, overlay) => OverlayFields.Document(overlay) with { Enabled = enabled });
    }

    private static void HandleEdit(Command command, CliServices services, Argument<string[]> names, Func<CliCall, Overlay, Overlay> edit)
    {
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, call => GuardedChange.RunAsync(
            call,
            async generation =>
            {
                Overlay[] changed = [.. (await ListAsync(call, call.Get(names))).Select(overlay => edit(call, overlay))];
                return changed.Length == 0
                    ? OverlayArguments.NothingMatches(call, ContractsJsonContext.Default.OverlayArray, "overlay")
                    : Report(call, await call.CallAsync(EngineApi.OverlaySet, new SetOverlays(changed, change.Read(call, generation))), change);
            },
            change.NamesGeneration(call)));
    }

    private static void FillRemove(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.SomeNames, required: true);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            string[] exact = await ExactAsync(call, call.Get(names));
            return exact.Length == 0
                ? OverlayArguments.NothingMatches(call, ContractsJsonContext.Default.OverlayArray, "overlay")
                : Report(call, await call.CallAsync(EngineApi.OverlayRemove, new RemoveOverlays(exact, change.Read(call))), change);
        });
    }

    private static void FillRestart(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.SomeNames, required: true);
        command.Handle(services, async call =>
        {
            string[] exact = await ExactAsync(call, call.Get(names));
            return exact.Length == 0
                ? OverlayArguments.NothingMatches(call, ContractsJsonContext.Default.OverlayArray, "overlay")
                : call.WriteList(
                    await call.CallAsync(EngineApi.OverlayRestart, new RestartOverlays(exact)), ContractsJsonContext.Default.OverlayArray, OverlayColumns.Overlays());
        });
    }

    private static async Task<string[]> ExactAsync(CliCall call, string[] wanted) =>
        Array.Exists(wanted, name => !new NamePattern(name).IsLiteral) ? [.. (await ListAsync(call, wanted)).Select(overlay => overlay.Name)] : wanted;

    private static int Report(CliCall call, OverlaysChanged changed, ChangeOptionSet change) =>
        OverlayArguments.Report(call, changed, ContractsJsonContext.Default.OverlaysChanged, changed.Outcome, change);
}
