using System.CommandLine;

namespace Net.Cli.Parsing;

/// <summary>The options every command takes.</summary>
internal sealed class GlobalOptions
{
    /// <summary>How to write.</summary>
    public Option<OutputFormat> Output { get; } = MakeOutput();

    /// <summary>Which engine.</summary>
    public Option<string?> Socket { get; } = new("--socket")
    {
        Description = "The engine's socket (default: NETMOD_HOST_SOCKET, else /run/netmod/engine.sock).",
        HelpName = "PATH",
        Recursive = true,
    };

    private static Option<OutputFormat> MakeOutput()
    {
        var option = new Option<OutputFormat>("--output", "-o")
        {
            Description = "How to write: a table for people, or JSON whose members are only ever added.",
            HelpName = "table|json",
            Recursive = true,
            CustomParser = result => Options.ReadChoice<OutputFormat>(result.Tokens[0].Value)
                ?? Options.Refuse<OutputFormat>(result, Options.NotAChoice<OutputFormat>("--output", result.Tokens[0].Value)),
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add("table", "json");
        return option;
    }
}
