using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Client;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod path route</c>.</summary>
internal static class PathRouteCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillList(command.Sub("list", "Lists the routes of the configuration with their state in the kernel."), services);
        FillAdd(command.Sub("add", "Adds a route."), services);
        FillSet(command.Sub("set", "Changes the members named of one or more routes."), services);
        FillRemove(command.Sub("remove", "Removes routes."), services);
    }

    private static void FillList(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames("Names, with * and ?; none means all.");
        command.Handle(services, async call =>
        {
            NetPathRoute[] routes = await ListAsync(call, call.Get(names));
            return call.WriteList(routes, ContractsJsonContext.Default.NetPathRouteArray, PathColumns.Routes());
        });
    }

    private static void FillAdd(Command command, CliServices services)
    {
        Argument<string> name = command.WithWord("NAME", "The route's name.");
        RouteFields fields = RouteFields.AddTo(command, isNew: true);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call => Report(
            call,
            await call.CallAsync(EngineApi.PathsCreateRoutes, new CreatePathRoutes([fields.Create(call, call.Get(name))], change.Read(call))),
            change));
    }

    private static void FillSet(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames("Names, with * and ?.", required: true);
        RouteFields fields = RouteFields.AddTo(command, isNew: false);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, call => GuardedChange.RunAsync(
            call,
            async generation =>
            {
                NetPathRoute[] routes = await ListAsync(call, call.Get(names));
                NetPathRoute[] changed = [.. routes.Select(route => fields.Apply(call, route))];
                return changed.Length == 0
                    ? NothingMatches(call)
                    : Report(call, await call.CallAsync(EngineApi.PathsSetRoutes, new SetPathRoutes(changed, change.Read(call, generation))), change);
            },
            change.NamesGeneration(call)));
    }

    private static void FillRemove(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames("Names, with * and ?.", required: true);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            string[] wanted = call.Get(names);
            string[] exact = Array.Exists(wanted, name => !new NamePattern(name).IsLiteral)
                ? [.. (await ListAsync(call, wanted)).Select(route => route.Name)]
                : wanted;
            return exact.Length == 0
                ? NothingMatches(call)
                : Report(call, await call.CallAsync(EngineApi.PathsRemoveRoutes, new RemovePathRoutes(exact, change.Read(call))), change);
        });
    }

    private static async Task<NetPathRoute[]> ListAsync(CliCall call, string[] names)
    {
        NetPathRoute[] routes = await call.CallAsync(EngineApi.PathsListRoutes, new ListPathRoutes(names.Length == 0 ? null : names));
        GuardedChange.RequireAll(names, routes.Select(route => route.Name), static () => ErrorCatalogue.PathRouteNotFound, "route");
        return routes;
    }

    private static int NothingMatches(CliCall call) => call.Json
        ? call.WriteJson([], ContractsJsonContext.Default.NetPathRouteArray)
        : call.WriteLine("No route matches: nothing to change.");

    private static int Report(CliCall call, PathRoutesChanged changed, ChangeOptionSet change) => call.Json
        ? call.WriteJson(changed, ContractsJsonContext.Default.PathRoutesChanged)
        : ChangeReport.Write(call, changed.Outcome, change.WhatIf(call));
}
