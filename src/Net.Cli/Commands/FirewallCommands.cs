using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Client;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod firewall</c>: the engine's own firewall, in the order in which rules are looked at.</summary>
internal static class FirewallCommands
{
    private const string Names = "Names, with * and ?.";

    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillList(command.Sub("list", "Lists rules in their order, with counters."), services);
        FillAdd(command.Sub("add", "Adds a rule."), services);
        FillSet(command.Sub("set", "Changes the members named of one or more rules."), services);
        FillRemove(command.Sub("remove", "Removes rules, all or none."), services);
        FillEnable(command.Sub("enable", "Lets rules take part."), services, enabled: true);
        FillEnable(command.Sub("disable", "Takes rules out without removing them."), services, enabled: false);
    }

    private static void FillList(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames("Names, with * and ?; none means all.");
        Option<bool> noCounters = command.With(Options.OfFlag("--no-counters", "Do not read the counters."));
        command.Handle(services, async call =>
        {
            FirewallRule[] rules = await ListAsync(call, call.Get(names), counters: !call.Get(noCounters));
            return call.WriteList(rules, ContractsJsonContext.Default.FirewallRuleArray, RuleColumns());
        });
    }

    private static void FillAdd(Command command, CliServices services)
    {
        Argument<string> name = command.WithWord("NAME", "The rule's name.");
        RuleFields fields = RuleFields.AddTo(command, isNew: true);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            FirewallRule rule = fields.Create(call, call.Get(name));
            var request = new CreateFirewallRules([rule], (int?)call.Get(fields.Position), change.Read(call));
            return Report(call, await call.CallAsync(EngineApi.FirewallCreateRules, request), change);
        });
    }

    private static void FillSet(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(Names, required: true);
        RuleFields fields = RuleFields.AddTo(command, isNew: false);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        HandleEdit(command, services, names, change, fields.Apply);
    }

    private static void FillEnable(Command command, CliServices services, bool enabled)
    {
        Argument<string[]> names = command.WithNames(Names, required: true);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        HandleEdit(command, services, names, change, (_, rule) => rule with { Enabled = enabled, Position = null });
    }

    private static void FillRemove(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(Names, required: true);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            string[] wanted = call.Get(names);
            string[] exact = Array.Exists(wanted, name => !new NamePattern(name).IsLiteral)
                ? [.. (await ListAsync(call, wanted, counters: false)).Select(rule => rule.Name)]
                : wanted;
            return exact.Length == 0
                ? NothingMatches(call)
                : Report(call, await call.CallAsync(EngineApi.FirewallRemoveRules, new RemoveFirewallRules(exact, change.Read(call))), change);
        });
    }

    private static void HandleEdit(
        Command command, CliServices services, Argument<string[]> names, ChangeOptionSet change, Func<CliCall, FirewallRule, FirewallRule> edit) =>
        command.Handle(services, call => GuardedChange.RunAsync(
            call,
            async generation =>
            {
                FirewallRule[] rules = await ListAsync(call, call.Get(names), counters: false);
                FirewallRule[] changed = [.. rules.Select(rule => edit(call, rule))];
                return changed.Length == 0
                    ? NothingMatches(call)
                    : Report(call, await call.CallAsync(EngineApi.FirewallSetRules, new SetFirewallRules(changed, change.Read(call, generation))), change);
            },
            change.NamesGeneration(call)));

    private static async Task<FirewallRule[]> ListAsync(CliCall call, string[] names, bool counters)
    {
        FirewallRule[] rules = await call.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(names.Length == 0 ? null : names, counters));
        GuardedChange.RequireAll(names, rules.Select(rule => rule.Name), static () => ErrorCatalogue.FirewallRuleNotFound, "firewall rule");
        return rules;
    }

    private static int NothingMatches(CliCall call) => call.Json
        ? call.WriteJson([], ContractsJsonContext.Default.FirewallRuleArray)
        : call.WriteLine("No rule matches: nothing to change.");

    private static int Report(CliCall call, FirewallRulesChanged changed, ChangeOptionSet change) => call.Json
        ? call.WriteJson(changed, ContractsJsonContext.Default.FirewallRulesChanged)
        : ChangeReport.Write(call, changed.Outcome, change.WhatIf(call));

    private static TableColumn<FirewallRule>[] RuleColumns() =>
    [
        new("#", rule => Text.Number(rule.Position)) { IsNumber = true },
        new("Name", rule => rule.Name) { IsFlexible = true },
        new("Direction", rule => Text.Name(rule.Direction)),
        new("Action", rule => Text.Name(rule.Action)) { Tone = rule => rule.Action == RuleAction.Allow ? Tone.Good : Tone.Bad },
        new("Packets that match", RuleText.Match) { IsFlexible = true },
        new("Packets", rule => Text.Number(rule.PacketCount)) { IsNumber = true },
        new("Bytes", rule => Text.Number(rule.ByteCount)) { IsNumber = true },
        new("Enabled", rule => Text.YesNo(rule.Enabled)) { Tone = rule => rule.Enabled ? Tone.Plain : Tone.Warning },
        new("Description", rule => rule.Description) { IsFlexible = true },
    ];
}
