using System.CommandLine;
using System.Text;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod overlay network</c>.</summary>
internal static class OverlayNetworkCommands
{
    private const string Passphrase = "Passphrase";

    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        FillList(command.Sub("list", "Lists networks whose signing key this engine holds."), services);
        FillAdd(command.Sub("add", "Makes a network: a signing key on this engine."), services);
        FillRemove(command.Sub("remove", "Removes a network's signing key from this engine."), services);
        FillExport(command.Sub("export", "Writes a network's signing key to a file, encrypted under a passphrase."), services);
        FillImport(command.Sub("import", "Brings a network's signing key back from its backup."), services);
    }

    private static void FillList(Command command, CliServices services)
    {
        Argument<string[]> names = command.WithNames(OverlayArguments.AnyNames);
        command.Handle(services, async call =>
        {
            OverlayNetwork[] networks = await call.CallAsync(EngineApi.OverlayListNetworks, new ListOverlayNetworks(OverlayArguments.Patterns(call.Get(names))));
            return call.WriteList(networks, ContractsJsonContext.Default.OverlayNetworkArray, OverlayColumns.Networks(call));
        });
    }

    private static void FillAdd(Command command, CliServices services)
    {
        Argument<string> name = command.WithWord("NAME", "The network's name on this engine.");
        command.Handle(services, async call => Write(call, await call.CallAsync(EngineApi.OverlayCreateNetwork, new CreateOverlayNetwork(call.Get(name)))));
    }

    private static void FillRemove(Command command, CliServices services)
    {
        Argument<string> name = command.WithWord("NAME", "The network's name.");
        command.Handle(services, async call =>
        {
            Done done = await call.CallAsync(EngineApi.OverlayRemoveNetwork, new RemoveOverlayNetwork(call.Get(name)));
            return call.Json
                ? call.WriteJson(done, ContractsJsonContext.Default.Done)
                : call.WriteLine("Removed. Members stay members until their certificates expire.");
        });
    }

    private static void FillExport(Command command, CliServices services)
    {
        Argument<string> name = command.WithWord("NAME", "The network's name.");
        Argument<string> file = command.WithWord("FILE", "The file to write; only its owner may read it.");
        Option<string?> passphraseFile = command.With(PassphraseFile());
        Option<bool> force = command.With(Options.OfFlag("--force", "Replace the file if it exists."));
        command.Handle(services, async call =>
        {
            string path = call.Get(file);
            OutputFile.RequireFree(path, call.Get(force));
            string passphrase = await SecretInput.ReadAsync(call, Passphrase, twice: true, call.Get(passphraseFile));
            TextReply reply = await call.CallAsync(EngineApi.OverlayExportNetwork, new ExportOverlayNetwork(call.Get(name), passphrase));
            await OutputFile.WriteAsync(path, Encoding.UTF8.GetBytes(reply.Text), call.Get(force), secret: true, call.Token);
            return call.Json
                ? call.WriteJson(new Done(), ContractsJsonContext.Default.Done)
                : call.WriteLine($"Wrote the key of network {call.Get(name)} to {path}. Keep it and the passphrase apart, off line.");
        });
    }

    private static void FillImport(Command command, CliServices services)
    {
        Argument<string> file = command.WithWord("FILE", "The file to read.");
        Option<string?> name = command.With(Options.OfText("--name", "NAME", "A name for the network (default: the one it had)."));
        Option<string?> passphraseFile = command.With(PassphraseFile());
        command.Handle(services, async call =>
        {
            string path = call.Get(file);
            if (path == InputFile.StandardStream)
            {
                throw new CliException(ExitCodes.BadArguments, ErrorIds.ArgumentInvalid, "The backup is read from a file: standard input is for the passphrase.", "Name a file.");
            }

            string text = await InputFile.ReadAsync(call, path);
            string passphrase = await SecretInput.ReadAsync(call, Passphrase, twice: false, call.Get(passphraseFile));
            return Write(call, await call.CallAsync(EngineApi.OverlayImportNetwork, new ImportOverlayNetwork(text, passphrase, call.Get(name))));
        });
    }

    private static Option<string?> PassphraseFile() =>
        Options.OfText("--passphrase-file", "FILE", "Read the passphrase from this file instead of asking, or from standard input.");

    private static int Write(CliCall call, OverlayNetwork network)
    {
        if (call.Json)
        {
            return call.WriteJson(network, ContractsJsonContext.Default.OverlayNetwork);
        }

        Table.WriteFacts(
            call.Out,
            ("Network", network.Name),
            ("Public key", network.PublicKey),
            ("Created", call.Show(network.CreatedAt)),
            ("Certificates", Output.Text.Number(network.Certificates)),
            ("Revoked", Output.Text.Number(network.Revoked)));
        return ExitCodes.Ok;
    }
}
