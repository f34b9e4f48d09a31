using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod relay</c>: the multicast relay.</summary>
internal static class RelayCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        RelayRuleCommands.Fill(command.Sub("rule", "Manages rules of the relay."), services);
        RelayStatisticCommands.Fill(command.Sub("statistics", "Shows what goes through rules and outputs, once or until Ctrl+C."), services);
        FillGroups(command.Sub("groups", "Lists groups this host joined, and groups receivers on its links asked for."), services);
        FillWorkers(command.Sub("workers", "Lists worker processes with state and health."), services);
        FillLogLevel(command.Sub("log-level", "Sets how much workers write to the engine's log, until the engine stops."), services);
        RelaySettingCommands.Fill(command.Sub("settings", "Shows or changes what holds for all rules."), services);
        RelayTraceCommands.FillTrace(command.Sub("trace", "Shows packets of a rule as they come in, bounded in number and time."), services);
        RelayTraceCommands.FillMeasure(command.Sub("measure", "Sends test traffic by one interface, receives it on others, and tells loss, order and latency."), services);
    }

    private static void FillGroups(Command command, CliServices services)
    {
        Argument<string[]> interfaces = command.WithNames("Interfaces, with * and ?; none means all.");
        Option<MulticastGroupRole?> role = command.With(Options.OfChoice<MulticastGroupRole>("--role", "Only groups this host joined, or somebody wants to receive."));
        command.Handle(services, async call =>
        {
            var request = new ListMulticastGroups(OverlayArguments.Patterns(call.Get(interfaces)), call.Get(role));
            return call.WriteList(await call.CallAsync(EngineApi.RelayListGroups, request), ContractsJsonContext.Default.MulticastGroupArray, RelayColumns.Groups(call));
        });
    }

    private static void FillWorkers(Command command, CliServices services) => command.Handle(services, async call =>
        call.WriteList(await call.CallAsync(EngineApi.RelayListWorkers, new ListRelayWorkers()), ContractsJsonContext.Default.RelayWorkerArray, RelayColumns.Workers(call)));

    private static void FillLogLevel(Command command, CliServices services)
    {
        Argument<string> level = LogLevelCommand.AddLevel(command);
        Option<long?> worker = command.With(Options.OfNumber("--worker", "INDEX", "Only this worker (default all).", 0, 63));
        command.Handle(services, async call =>
        {
            Done done = await call.CallAsync(
                EngineApi.RelaySetWorkerLogLevel, new SetRelayWorkerLogLevel((int?)call.Get(worker), LogLevelCommand.LevelOf(call, level)));
            return call.Json
                ? call.WriteJson(done, ContractsJsonContext.Default.Done)
                : call.WriteLine($"Log level of {(call.Get(worker) is { } index ? $"worker {index}" : "all workers")}: {call.Get(level).ToLowerInvariant()}.");
        });
    }
}
