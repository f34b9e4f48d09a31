using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod overlay route</c>.</summary>
internal static class OverlayRouteCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillList(command.Sub("list", "Lists routes with owner, source and the reason why each is, or is not, used."), services);
        FillAdd(command.Sub("add", "Adds a prefix behind a peer, or one behind this node, which is advertised."), services);
        FillRemove(command.Sub("remove", "Removes routes of the configuration."), services);
    }

    private static void FillList(Command command, CliServices services)
    {
        Argument<string?> overlay = command.WithAnyOverlay();
        command.Handle(services, async call =>
        {
            OverlayRoute[] routes = await call.CallAsync(EngineApi.OverlayListRoutes, new ListOverlayRoutes(call.Get(overlay)));
            return call.WriteList(routes, ContractsJsonContext.Default.OverlayRouteArray, OverlayColumns.Routes());
        });
    }

    private static void FillAdd(Command command, CliServices services)
    {
        Argument<string> overlay = command.WithOverlay();
        Argument<AddressRange[]> prefixes = command.With(Prefixes());
        Option<string?> peer = command.With(Options.OfText("--peer", "NAME", "The peer they lead to; without one they are behind this node and advertised."));
        Option<long?> preference = command.With(Options.OfNumber("--preference", "NUMBER", "Of several gateways the lowest that is up is used (default 100).", 0, int.MaxValue));
        Option<bool> masquerade = command.With(Options.OfFlag("--masquerade", "Give packets this gateway's own address on the way out (NAT)."));
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            OverlayRoute[] routes = [.. call.Get(prefixes).Select(prefix => new OverlayRoute
            {
                Overlay = call.Get(overlay),
                Prefix = prefix,
                Peer = call.Get(peer),
                Preference = (int)(call.Get(preference) ?? 100),
                Masquerade = call.Get(masquerade),
            })];
            return Report(call, await call.CallAsync(EngineApi.OverlayAddRoutes, new AddOverlayRoutes(routes, change.Read(call))), change);
        });
    }

    private static void FillRemove(Command command, CliServices services)
    {
        Argument<string> overlay = command.WithOverlay();
        Argument<AddressRange[]> prefixes = command.With(Prefixes());
        Option<string?> peer = command.With(Options.OfText("--peer", "NAME", "Only those to this peer."));
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            var request = new RemoveOverlayRoutes(call.Get(overlay), call.Get(prefixes), call.Get(peer), change.Read(call));
            return Report(call, await call.CallAsync(EngineApi.OverlayRemoveRoutes, request), change);
        });
    }

    private static Argument<AddressRange[]> Prefixes() => new("PREFIX")
    {
        Description = "Prefixes, such as 10.20.0.0/16.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            try
            {
                return [.. result.Tokens.Select(token => AddressRange.Parse(token.Value))];
            }
            catch (FormatException problem)
            {
                return Options.Refuse<AddressRange[]>(result, problem.Message);
            }
        },
    };

    private static int Report(CliCall call, OverlayRoutesChanged changed, ChangeOptionSet change) =>
        OverlayArguments.Report(call, changed, ContractsJsonContext.Default.OverlayRoutesChanged, changed.Outcome, change);
}
