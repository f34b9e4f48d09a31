using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Client;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod firewall rule</c> and what goes with rules: groups and counters.</summary>
internal static class FirewallRuleCommands
{
    /// <summary>Rules in their order.</summary>
    public static ItemCommands<FirewallRule> Rules { get; } = new()
    {
        Noun = "firewall rule",
        Plural = "rules in their order",
        NotFound = ErrorCatalogue.FirewallRuleNotFound,
        Info = ContractsJsonContext.Default.FirewallRuleArray,
        NameOf = rule => rule.Name,
        New = name => new FirewallRule { Name = name },
        Document = Document,
        ListAsync = (call, names) => call.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(names, Counters: false)),
        AddListOptions = AddListOptions,
        CreateAsync = CreateAsync,
        SetAsync = SetAsync,
        RemoveAsync = async (call, names, change) => Of(await call.CallAsync(EngineApi.FirewallRemoveRules, new RemoveFirewallRules(names, change))),
        AddFields = FirewallRuleFields.AddTo,
        Columns = _ => Columns(),
        Enable = (rule, enabled) => rule.Enabled = enabled,
    };

    /// <summary>Fills group in.</summary>
    public static void FillGroup(Command command, CliServices services)
    {
        FillSwitch(command.Sub("enable", "Lets groups take part: those of their rules that are enabled themselves."), services, enabled: true);
        FillSwitch(command.Sub("disable", "Takes groups out; rules keep their own switch."), services, enabled: false);
    }

    /// <summary>Fills reset in.</summary>
    public static void FillCounters(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.AnyNames);
        command.Handle(services, async call =>
        {
            FirewallRule[] rules = await call.CallAsync(EngineApi.FirewallResetCounters, new ResetFirewallCounters(OverlayArguments.Patterns(call.Get(names))));
            return call.WriteList(rules, ContractsJsonContext.Default.FirewallRuleArray, Columns());
        });
    }

    private static void FillSwitch(Command command, CliServices services, bool enabled)
    {
        Argument<string[]> groups = command.With(new Argument<string[]>("GROUP") { Description = "Groups that rules name.", Arity = ArgumentArity.OneOrMore });
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            FirewallRulesChanged changed = await call.CallAsync(EngineApi.FirewallSetGroups, new SetFirewallGroups(call.Get(groups), enabled, change.Read(call)));
            return OverlayArguments.Report(call, changed, ContractsJsonContext.Default.FirewallRulesChanged, changed.Outcome, change);
        });
    }

    private static Func<CliCall, string[]?, Task<FirewallRule[]>> AddListOptions(Command command)
    {
        Option<bool> noCounters = command.With(Options.OfFlag("--no-counters", "Do not read the counters."));
        Option<bool> generated = command.With(Options.OfFlag("--generated", "Also those the engine adds for profile, zones and port forwards."));
        Option<string[]?> groups = command.With(Options.OfList("--group", "GROUPS", "Only rules of these groups, with * and ?."));
        return (call, names) => call.CallAsync(
            EngineApi.FirewallListRules, new ListFirewallRules(names, !call.Get(noCounters), call.Get(generated), call.Some(groups)));
    }

    // The place of a new rule is part of the request, not of the rule.
    private static async Task<ItemChange> CreateAsync(CliCall call, FirewallRule rule, ChangeOptions? change)
    {
        int? position = rule.Position;
        rule.Position = null;
        (string? before, string? after) = FirewallRuleFields.PlaceOf(call);
        return Of(await call.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules([rule], position, change, before, after)));
    }

    private static async Task<ItemChange> SetAsync(CliCall call, FirewallRule[] rules, ChangeOptions? change)
    {
        (string? before, string? after) = FirewallRuleFields.PlaceOf(call);
        if ((before ?? after) is { } anchor)
        {
            FirewallRule[] all = await call.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(Counters: false));
            rules = RulePlacement.Place(rules, all, anchor, behind: after is not null);
        }

        return Of(await call.CallAsync(EngineApi.FirewallSetRules, new SetFirewallRules(rules, change)));
    }

    private static ItemChange Of(FirewallRulesChanged changed) => ItemChange.Of(changed, changed.Outcome, ContractsJsonContext.Default.FirewallRulesChanged);

    // Without a place the rule keeps its own; the one that was read may be another's by now.
    private static FirewallRule Document(FirewallRule rule) => rule with
    {
        Origin = null,
        IsActive = null,
        InactiveReason = null,
        LastHit = null,
        PacketsPerSecond = null,
        Position = null,
        PacketCount = null,
        ByteCount = null,
    };

    private static TableColumn<FirewallRule>[] Columns() =>
    [
        new("#", rule => Text.Number(rule.Position)) { IsNumber = true },
        new("Name", rule => rule.Name) { IsFlexible = true },
        new("Direction", rule => Text.Name(rule.Direction)),
        new("Action", rule => Text.Name(rule.Action)) { Tone = ToneOf },
        new("Packets that match", RuleText.Match) { IsFlexible = true },
        new("Packets", rule => Text.Number(rule.PacketCount)) { IsNumber = true },
        new("Bytes", rule => Text.Number(rule.ByteCount)) { IsNumber = true },
        new("Enabled", InForce) { Tone = rule => InForce(rule) == "yes" ? Tone.Plain : Tone.Warning },
        new("Group", rule => rule.Group),
        new("Origin", rule => rule.Origin),
        new("Description", rule => rule.Description) { IsFlexible = true },
    ];

    private static string InForce(FirewallRule rule) => !rule.Enabled ? "no" : rule.InactiveReason ?? "yes";

    private static Tone ToneOf(FirewallRule rule) => rule.Action switch
    {
        RuleAction.Allow => Tone.Good,
        RuleAction.Continue => Tone.Plain,
        _ => Tone.Bad,
    };
}
