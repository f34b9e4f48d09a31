using System.CommandLine;
using Net.Cli.Hosting;
using Net.Cli.Parsing;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Commands;

/// <summary><c>netmod log-level AREA LEVEL</c>.</summary>
internal static class LogLevelCommand
{
    private const string Default = "default";

    /// <summary>Fills the command in.</summary>
    public static void Fill(Command command, CliServices services)
    {
        Argument<string> area = command.WithWord("AREA", "The area, such as firewall, or * for all others.");
        Argument<string> level = AddLevel(command);
        command.Handle(services, async call =>
        {
            Done done = await call.CallAsync(EngineApi.EngineSetLogLevel, new SetLogLevel(call.Get(area), LevelOf(call, level)));
            return call.Json
                ? call.WriteJson(done, ContractsJsonContext.Default.Done)
                : call.WriteLine($"Log level of {call.Get(area)}: {call.Get(level).ToLowerInvariant()}.");
        });
    }

    /// <summary>Adds an argument for a log level, or the word that goes back to the default.</summary>
    public static Argument<string> AddLevel(Command command)
    {
        string[] levels = [.. Options.Names<EngineLogLevel>(), Default];
        Argument<string> level = command.WithWord("LEVEL", $"{string.Join(", ", levels)}; {Default} goes back to it.");
        level.CompletionSources.Add(levels);
        level.Validators.Add(result =>
        {
            string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : string.Empty;
            if (!string.Equals(text, Default, StringComparison.OrdinalIgnoreCase) && Options.ReadChoice<EngineLogLevel>(text) is null)
            {
                result.AddError($"LEVEL: '{text}' is none of {string.Join(", ", levels)}.");
            }
        });
        return level;
    }

    /// <summary>The level that was given; null goes back to the default.</summary>
    public static EngineLogLevel? LevelOf(CliCall call, Argument<string> level) => Options.ReadChoice<EngineLogLevel>(call.Get(level));
}
