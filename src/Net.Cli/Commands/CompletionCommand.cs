using System.CommandLine;
using Net.Cli.Completion;
using Net.Cli.Hosting;

namespace Net.Cli.Commands;

/// <summary><c>netmod completion</c>.</summary>
internal static class CompletionCommand
{
    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        foreach (string shell in CompletionScripts.Shells)
        {
            command.Sub(shell, $"Writes the script for {shell}; its first lines say how to load it.").Handle(services, call =>
            {
                call.Out.Write(CompletionScripts.Write(shell, [.. CommandWords.Of(CommandTree.CreateAll(services))]));
                return ExitCodes.Ok;
            });
        }

        Command names = command.Sub("names", "Lists names for the scripts, one per line.");
        names.Hidden = true;
        Argument<string> kind = names.WithWord("KIND", string.Join(", ", NameSources.Kinds));
        names.Handle(services, async call =>
        {
            foreach (string name in await NameSources.ListAsync(call, call.Get(kind)))
            {
                call.Out.WriteLine(name);
            }

            return ExitCodes.Ok;
        });
    }
}
