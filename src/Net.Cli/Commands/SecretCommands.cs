using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod secret</c>.</summary>
internal static class SecretCommands
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillSet(command.Sub("set", "Stores a secret; its value is asked for, or read from standard input."), services);
        FillList(command.Sub("list", "Lists stored secrets without their values."), services);
        FillRemove(command.Sub("remove", "Removes a secret that nothing refers to."), services);
    }

    private static void FillSet(Command command, CliServices services)
    {
        Argument<string> name = command.WithWord("NAME", "Letters, digits, '-', '_' and '.', at most 64.");
        command.Handle(services, async call =>
        {
            string value = await SecretInput.ReadAsync(call, "Value", twice: true);
            Done done = await call.CallAsync(EngineApi.SecretsSet, new SetSecret(call.Get(name), value));
            return call.Json
                ? call.WriteJson(done, ContractsJsonContext.Default.Done)
                : call.WriteLine($"Stored. Refer to it as secret:{call.Get(name)}.");
        });
    }

    private static void FillList(Command command, CliServices services) => command.Handle(services, async call =>
    {
        SecretInfo[] secrets = await call.CallAsync(EngineApi.SecretsList, new ListSecrets());
        return call.WriteList(
            secrets,
            ContractsJsonContext.Default.SecretInfoArray,
            new TableColumn<SecretInfo>("Name", secret => secret.Name) { IsFlexible = true },
            new("Stored", secret => call.Show(secret.ChangedAt)),
            new("Used by", secret => Text.List(secret.UsedBy)) { IsFlexible = true });
    });

    private static void FillRemove(Command command, CliServices services)
    {
        Argument<string> name = command.WithWord("NAME", "The secret's name.");
        command.Handle(services, async call =>
        {
            Done done = await call.CallAsync(EngineApi.SecretsRemove, new RemoveSecret(call.Get(name)));
            return call.Json ? call.WriteJson(done, ContractsJsonContext.Default.Done) : call.WriteLine("Removed.");
        });
    }
}
