using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Parsing;
using Net.Client;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod relay rule</c>.</summary>
internal static class RelayRuleCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillList(command.Sub("list", "Lists rules with state, engine and counters."), services);
        FillAdd(command.Sub("add", "Adds a rule."), services);
        FillSet(command.Sub("set", "Changes the members named of one or more rules; ids and counters stay."), services);
        FillRemove(command.Sub("remove", "Removes rules, all or none; their ids are not used again."), services);
        FillEnable(command.Sub("enable", "Lets rules take part."), services, enabled: true);
        FillEnable(command.Sub("disable", "Takes rules out without removing them."), services, enabled: false);
    }

    private static void FillList(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.AnyNames);
        Option<RelayRuleState?> state = command.With(Options.OfChoice<RelayRuleState>("--state", "Only rules in this state."));
        Option<bool> details = command.With(Options.OfFlag("--details", "Everything that is known of each rule."));
        command.Handle(services, async call =>
        {
            RelayRule[] rules = await ListAsync(call, call.Get(names), counters: true);
            rules = call.Get(state) is { } wanted ? Array.FindAll(rules, rule => rule.State == wanted) : rules;
            return call.Get(details) && !call.Json
                ? RelayColumns.WriteDetails(call, rules)
                : call.WriteList(rules, ContractsJsonContext.Default.RelayRuleArray, RelayColumns.Rules());
        });
    }

    private static void FillAdd(Command command, CliServices services)
    {
        Argument<string> name = command.WithWord("NAME", "The rule's name.");
        RelayRuleFields fields = RelayRuleFields.AddTo(command, isNew: true);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            var request = new CreateRelayRules([fields.Create(call, call.Get(name))], change.Read(call));
            return Report(call, await call.CallAsync(EngineApi.RelayCreateRules, request), change);
        });
    }

    private static void FillSet(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.SomeNames, required: true);
        RelayRuleFields fields = RelayRuleFields.AddTo(command, isNew: false);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        HandleEdit(command, services, names, change, fields.Apply);
    }

    private static void FillEnable(Command command, CliServices services, bool enabled)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.SomeNames, required: true);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        HandleEdit(command, services, names, change, (_, rule) => RelayRuleFields.Document(rule) with { Enabled = enabled });
    }

    private static void FillRemove(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.SomeNames, required: true);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            string[] wanted = call.Get(names);
            string[] exact = Array.Exists(wanted, name => !new NamePattern(name).IsLiteral)
                ? [.. (await ListAsync(call, wanted, counters: false)).Select(rule => rule.Name)]
                : wanted;
            return exact.Length == 0
                ? NothingMatches(call)
                : Report(call, await call.CallAsync(EngineApi.RelayRemoveRules, new RemoveRelayRules(exact, change.Read(call))), change);
        });
    }

    private static void HandleEdit(
        Command command, CliServices services, Argument<string[]> names, ChangeOptionSet change, Func<CliCall, RelayRule, RelayRule> edit) =>
        command.Handle(services, call => GuardedChange.RunAsync(
            call,
            async generation =>
            {
                RelayRule[] rules = await ListAsync(call, call.Get(names), counters: false);
                RelayRule[] changed = [.. rules.Select(rule => edit(call, rule))];
                return changed.Length == 0
                    ? NothingMatches(call)
                    : Report(call, await call.CallAsync(EngineApi.RelaySetRules, new SetRelayRules(changed, change.Read(call, generation))), change);
            },
            change.NamesGeneration(call)));

    private static async Task<RelayRule[]> ListAsync(CliCall call, string[] names, bool counters)
    {
        RelayRule[] rules = await call.CallAsync(EngineApi.RelayListRules, new ListRelayRules(OverlayArguments.Patterns(names), counters));
        GuardedChange.RequireAll(names, rules.Select(rule => rule.Name), static () => ErrorCatalogue.RelayRuleNotFound, "relay rule");
        return rules;
    }

    private static int NothingMatches(CliCall call) => OverlayArguments.NothingMatches(call, ContractsJsonContext.Default.RelayRuleArray, "rule");

    private static int Report(CliCall call, RelayRulesChanged changed, ChangeOptionSet change) =>
        OverlayArguments.Report(call, changed, ContractsJsonContext.Default.RelayRulesChanged, changed.Outcome, change);
}
