using System.CommandLine;
using System.Globalization;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Client;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod overlay policy</c>: what peers may reach, in the order in which rules are looked at.</summary>
internal static class OverlayPolicyCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillList(command.Sub("list", "Lists rules in their order, with how often each decided."), services);
        FillAdd(command.Sub("add", "Adds a rule, if the policy tests hold with it."), services);
        FillSet(command.Sub("set", "Changes the members named of one or more rules, if the policy tests hold then."), services);
        FillRemove(command.Sub("remove", "Removes rules, if the policy tests hold without them."), services);
        FillTest(command.Sub("test", "Tells whether a connection would pass, and by which rule; the exit code is 0 for yes, 1 for no."), services);
    }

    private static void FillList(Command command, CliServices services)
    {
        Argument<string?> overlay = command.WithAnyOverlay();
        Argument<string[]> names = command.WithNames(OverlayArguments.AnyNames);
        command.Handle(services, async call =>
            call.WriteList(await ListAsync(call, call.Get(overlay), call.Get(names)), ContractsJsonContext.Default.OverlayPolicyRuleArray, OverlayColumns.Rules()));
    }

    private static void FillAdd(Command command, CliServices services)
    {
        Argument<string> overlay = command.WithOverlay();
        Argument<string> name = command.WithWord("NAME", "The rule's name.");
        OverlayPolicyFields fields = OverlayPolicyFields.AddTo(command);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            OverlayPolicyRule rule = fields.Apply(call, new OverlayPolicyRule { Overlay = call.Get(overlay), Name = call.Get(name) });
            return Report(call, await call.CallAsync(EngineApi.OverlayCreatePolicy, new CreateOverlayPolicy([rule], change.Read(call))), change);
        });
    }

    private static void FillSet(Command command, CliServices services)
    {
        Argument<string> overlay = command.WithOverlay();
        Argument<string[]> names = command.WithNames(OverlayArguments.SomeNames, required: true);
        OverlayPolicyFields fields = OverlayPolicyFields.AddTo(command);
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, call => GuardedChange.RunAsync(
            call,
            async generation =>
            {
                OverlayPolicyRule[] rules = await ListAsync(call, call.Get(overlay), call.Get(names));
                OverlayPolicyRule[] changed = [.. rules.Select(rule => fields.Apply(call, rule))];
                return changed.Length == 0
                    ? OverlayArguments.NothingMatches(call, ContractsJsonContext.Default.OverlayPolicyRuleArray, "rule")
                    : Report(call, await call.CallAsync(EngineApi.OverlaySetPolicy, new SetOverlayPolicy(changed, change.Read(call, generation))), change);
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
                ? [.. (await ListAsync(call, call.Get(overlay), wanted)).Select(rule => rule.Name)]
                : wanted;
            return exact.Length == 0
                ? OverlayArguments.NothingMatches(call, ContractsJsonContext.Default.OverlayPolicyRuleArray, "rule")
                : Report(call, await call.CallAsync(EngineApi.OverlayRemovePolicy, new RemoveOverlayPolicy(call.Get(overlay), exact, change.Read(call))), change);
        });
    }

    private static void FillTest(Command command, CliServices services)
    {
        Argument<string> overlay = command.WithOverlay();
        Argument<string> from = command.WithWord("FROM", "Who opens the connection: a peer, self, or an address.");
        Argument<string> to = command.WithWord("TO", "Who is reached: the same words.");
        Argument<string?> port = command.WithAny("PORT", "The destination port, where the protocol has ports.");
        Option<IpProtocol?> protocol = command.With(Options.OfChoice<IpProtocol>("--protocol", "The protocol above IP (default tcp)."));
        Option<string?> at = command.With(Options.OfText("--at", "TIME", "The time to ask for, such as 2026-01-31T08:00:00Z (default now)."));
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !ushort.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                result.AddError($"PORT: '{result.Tokens[0].Value}' is not a port from 0 to 65535.");
            }
        });
        at.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !TryTime(result.Tokens[0].Value, out _))
            {
                result.AddError($"--at: '{result.Tokens[0].Value}' is not a time such as 2026-01-31T08:00:00Z.");
            }
        });
        command.Handle(services, async call =>
        {
            var request = new TestOverlayPolicy(
                call.Get(overlay),
                call.Get(from),
                call.Get(to),
                call.Get(protocol) ?? IpProtocol.Tcp,
                call.Get(port) is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : null,
                TryTime(call.Get(at), out DateTimeOffset time) ? time : null);
            OverlayPolicyVerdict verdict = await call.CallAsync(EngineApi.OverlayTestPolicy, request);
            int exitCode = verdict.Action == OverlayAction.Allow ? ExitCodes.Ok : ExitCodes.Failed;
            return call.Json
                ? call.WriteJson(verdict, ContractsJsonContext.Default.OverlayPolicyVerdict, exitCode)
                : call.WriteLine(Text.Printable($"{Text.Name(verdict.Action)} by {verdict.Rule ?? "the default"}: {verdict.Reason}"), exitCode);
        });
    }

    private static bool TryTime(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out time);

    private static async Task<OverlayPolicyRule[]> ListAsync(CliCall call, string? overlay, string[] names)
    {
        OverlayPolicyRule[] rules = await call.CallAsync(EngineApi.OverlayListPolicy, new ListOverlayPolicy(overlay, OverlayArguments.Patterns(names)));
        GuardedChange.RequireAll(names, rules.Select(rule => rule.Name), static () => ErrorCatalogue.OverlayPolicyNotFound, "rule");
        return rules;
    }

    private static int Report(CliCall call, OverlayPolicyChanged changed, ChangeOptionSet change) =>
        OverlayArguments.Report(call, changed, ContractsJsonContext.Default.OverlayPolicyChanged, changed.Outcome, change);
}
