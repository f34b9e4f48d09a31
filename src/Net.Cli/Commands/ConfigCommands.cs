using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod config</c>: the whole configuration as one document.</summary>
internal static class ConfigCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillShow(command.Sub("show", "Shows the configuration in force, or a kept generation."), services);
        ConfigFileCommands.FillExport(command.Sub("export", "Writes the configuration to a file, or to standard output."), services);
        ConfigFileCommands.FillApply(command.Sub("import", "Replaces the configuration by a file's; the same as apply."), services);
        ConfigFileCommands.FillTest(command.Sub("test", "Tells whether a file is valid and in force: 0 both, 1 not."), services);
        ConfigFileCommands.FillApply(command.Sub("apply", "Replaces the configuration by a file's, in one transaction."), services);
        ConfigFileCommands.FillPlan(command.Sub("plan", "Shows what applying a file would change."), services);
        FillConfirm(command.Sub("confirm", "Keeps the change that waits for its confirmation."), services);
        FillRestore(command.Sub("restore", "Goes back to a kept generation, or takes back the change that waits."), services);
        FillGenerations(command.Sub("generations", "Lists the kept generations, newest first."), services);
        FillCompare(command.Sub("compare", "Shows the difference between two generations."), services);
        BackupCommands.FillBackup(command.Sub("backup", "Writes an encrypted archive of configuration and secrets."), services);
        BackupCommands.FillRestore(command.Sub("restore-backup", "Restores configuration and secrets from an archive."), services);
    }

    private static void FillShow(Command command, CliServices services)
    {
        Option<long?> generation = command.With(Options.OfNumber("--generation", "NUMBER", "A kept generation instead of the one in force.", 0));
        command.Handle(services, async call =>
        {
            ConfigurationSnapshot snapshot = await call.CallAsync(EngineApi.ConfigurationGet, new GetConfiguration(call.Get(generation)));
            if (call.Json)
            {
                return call.WriteJson(snapshot, ContractsJsonContext.Default.ConfigurationSnapshot);
            }

            ConfigurationText text = await call.CallAsync(
                EngineApi.ConfigurationExport, new ExportConfiguration(ConfigurationFormat.Yaml, snapshot.Info.Generation));
            call.Out.WriteLine($"# generation {snapshot.Info.Generation}, {call.Show(snapshot.Info.CreatedAt)} by {Text.Printable(snapshot.Info.Author)}");
            foreach (LockedSetting setting in snapshot.Locked)
            {
                call.Out.WriteLine($"# locked: {setting.Setting} = {setting.Value} ({setting.Source})");
            }

            call.Out.WriteLine(text.Text.TrimEnd());
            return ExitCodes.Ok;
        });
    }

    private static void FillConfirm(Command command, CliServices services)
    {
        Argument<long?> generation = command.With(OptionalNumber("GENERATION", "The generation to keep; none means the one that waits."));
        command.Handle(services, async call =>
        {
            GenerationInfo kept = await call.CallAsync(EngineApi.ConfigurationConfirm, new ConfirmConfiguration(call.Get(generation)));
            return call.Json
                ? call.WriteJson(kept, ContractsJsonContext.Default.GenerationInfo)
                : call.WriteLine($"Generation {kept.Generation} is kept.");
        });
    }

    private static void FillRestore(Command command, CliServices services)
    {
        Argument<long?> generation = command.With(OptionalNumber("GENERATION", "The generation to go back to; none takes back the change that waits."));
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call => ConfigFileCommands.Report(
            call,
            await call.CallAsync(EngineApi.ConfigurationRestore, new RestoreConfiguration(call.Get(generation), change.Read(call))),
            change));
    }

    private static void FillGenerations(Command command, CliServices services) => command.Handle(services, async call =>
    {
        GenerationInfo[] generations = await call.CallAsync(EngineApi.ConfigurationGenerations, new ListGenerations());
        return call.WriteList(
            generations,
            ContractsJsonContext.Default.GenerationInfoArray,
            new TableColumn<GenerationInfo>("Generation", item => Text.Number(item.Generation)) { IsNumber = true },
            new("Made", item => call.Show(item.CreatedAt)),
            new("By", item => item.Author) { IsFlexible = true },
            new("State", StateOf) { Tone = item => item.IsCurrent ? Tone.Good : Tone.Plain },
            new("Comment", item => item.Comment) { IsFlexible = true },
            new("Changes", item => string.Join("; ", item.Summary)) { IsFlexible = true });
    });

    private static void FillCompare(Command command, CliServices services)
    {
        Argument<long> from = command.With(new Argument<long>("FROM") { Description = "The older generation." });
        Argument<long?> to = command.With(OptionalNumber("TO", "The newer generation; none means the one in force."));
        command.Handle(services, async call =>
        {
            ConfigurationPlan plan = await call.CallAsync(EngineApi.ConfigurationCompare, new CompareConfiguration(call.Get(from), call.Get(to)));
            return ConfigFileCommands.ReportPlan(call, plan, "They are equal.");
        });
    }

    private static string StateOf(GenerationInfo item) => (item.IsCurrent, item.ConfirmBy) switch
    {
        (true, null) => "in force",
        (true, _) => "waits for confirmation",
        _ => "kept",
    };

    private static Argument<long?> OptionalNumber(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };
}
