using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Cli.Parsing;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>The commands of <c>netmod config</c> about backup archives.</summary>
internal static class BackupCommands
{
    private const string Passphrase = "Passphrase";

    /// <summary>Fills <c>backup</c> in.</summary>
    public static void FillBackup(Command command, CliServices services)
    {
        Argument<string> file = command.WithWord("FILE", "The archive to write; only its owner may read it.");
        Option<string?> passphraseFile = command.With(PassphraseFile());
        Option<bool> force = command.With(Options.OfFlag("--force", "Replace the file if it exists."));
        command.Handle(services, async call =>
        {
            string path = call.Get(file);
            OutputFile.RequireFree(path, call.Get(force));
            string passphrase = await SecretInput.ReadAsync(call, Passphrase, twice: true, call.Get(passphraseFile));
            BackupArchive archive = await call.CallAsync(EngineApi.ConfigurationBackup, new CreateBackup(passphrase));
            await OutputFile.WriteAsync(path, archive.Content, call.Get(force), secret: true, call.Token);
            return call.Json
                ? call.WriteJson(new GenerationReply(archive.Generation), CliJsonContext.Default.GenerationReply)
                : call.WriteLine($"Wrote a backup of generation {archive.Generation} to {path} ({archive.Content.Length} bytes).");
        });
    }

    /// <summary>Fills <c>restore-backup</c> in.</summary>
    public static void FillRestore(Command command, CliServices services)
    {
        Argument<string> file = command.WithWord("FILE", "The archive.");
        Option<string?> passphraseFile = command.With(PassphraseFile());
        ChangeOptionSet change = ChangeOptionSet.AddTo(command);
        command.Handle(services, async call =>
        {
            byte[] content = await InputFile.ReadBytesAsync(call, call.Get(file));
            string passphrase = await SecretInput.ReadAsync(call, Passphrase, twice: false, call.Get(passphraseFile));
            var request = new RestoreBackup(content, passphrase, change.Read(call));
            return ConfigFileCommands.Report(call, await call.CallAsync(EngineApi.ConfigurationRestoreBackup, request), change);
        });
    }

    private static Option<string?> PassphraseFile() =>
        Options.OfText("--passphrase-file", "FILE", "Read the passphrase from this file instead of asking, or from standard input.");
}
