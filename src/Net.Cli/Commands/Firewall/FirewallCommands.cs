using System.CommandLine;
using System.Text;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod firewall</c>: the engine's own firewall. What is done to rules stands right below it and, like everything else, below a word of its own.</summary>
internal static class FirewallCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FirewallRuleCommands.Rules.Fill(command, services);
        FirewallRuleCommands.Rules.Fill(command.Sub("rule", "Manages rules, as the commands beside it do."), services);
        FirewallRuleCommands.FillGroup(command.Sub("group", "Enables and disables groups of rules together."), services);
        FirewallRuleCommands.FillCounters(command.Sub("reset", "Begins counters of rules anew."), services);
        Command lists = command.Sub("address-list", "Manages address lists, and what is in them.");
        FirewallItemCommands.AddressLists.Fill(lists, services);
        FirewallAddressCommands.Fill(lists, services);
        FirewallItemCommands.PortLists.Fill(command.Sub("port-list", "Manages port lists."), services);
        FirewallItemCommands.Zones.Fill(command.Sub("zone", "Manages zones: interfaces that are treated alike."), services);
        FirewallSettingCommands.Profile.Fill(command.Sub("profile", "Shows or changes what holds before and after all rules."), services);
        FirewallSettingCommands.Detection.Fill(command.Sub("detection", "Shows or changes the thresholds of detection."), services);
        FirewallItemCommands.NatRules.Fill(command.Sub("nat", "Manages NAT rules, in the order in which they are looked at."), services);
        FirewallItemCommands.Forwards.Fill(command.Sub("forward", "Manages port forwards."), services);
        FirewallStateCommands.FillConnection(command.Sub("connection", "Lists, watches and ends tracked connections."), services);
        FirewallStateCommands.FillLog(command.Sub("log", "Streams packets that rules with logging matched, until Ctrl+C."), services);
        FirewallStateCommands.FillStatistic(command.Sub("stat", "Shows connections by state, drops, and who sends and receives most."), services);
        FillImport(command.Sub("import", "Takes rules over from iptables-save or nft list ruleset, and tells what cannot be."), services);
        FillExport(command.Sub("export", "Writes the firewall as commands for nft."), services);
    }

    private static void FillImport(Command command, CliServices services)
    {
        Argument<string> file = command.WithWord("FILE", "What iptables-save, ip6tables-save or nft list ruleset printed; - for standard input.");
        Option<bool> replace = command.With(Options.OfFlag("--replace", "They take the place of all rules rather than going behind them."));
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            string text = await InputFile.ReadAsync(call, call.Get(file));
            FirewallImported imported = await call.CallAsync(EngineApi.FirewallImport, new ImportFirewall(text, call.Get(replace), change.Read(call)));
            if (call.Json)
            {
                return call.WriteJson(imported, ContractsJsonContext.Default.FirewallImported);
            }

            foreach (FirewallImportProblem problem in imported.Problems)
            {
                call.Console.Error.WriteLine(Text.Printable($"netmod: warning: line {problem.Line} is not taken over: {problem.Reason} ({problem.Text})"));
            }

            return ChangeReport.Write(call, imported.Outcome, change.WhatIf(call));
        });
    }

    private static void FillExport(Command command, CliServices services)
    {
        Option<string?> output = command.With(Options.OfText("--file", "FILE", "The file to write (default standard output)."));
        Option<bool> force = command.With(Options.OfFlag("--force", "Overwrite a file that exists."));
        command.Handle(services, async call =>
        {
            string? file = call.Get(output);
            if (file is not null)
            {
                OutputFile.RequireFree(file, call.Get(force));
            }

            FirewallExported exported = await call.CallAsync(EngineApi.FirewallExport, new ExportFirewall());
            if (file is not null)
            {
                await OutputFile.WriteAsync(file, Encoding.UTF8.GetBytes(exported.Text), call.Get(force), secret: true, call.Token);
                return ExitCodes.Ok;
            }

            if (call.Json)
            {
                return call.WriteJson(exported, ContractsJsonContext.Default.FirewallExported);
            }

            call.Out.Write(exported.Text);
            return ExitCodes.Ok;
        });
    }
}
