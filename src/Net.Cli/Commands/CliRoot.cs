using System.CommandLine;
using System.CommandLine.Help;
using Net.Cli.Parsing;

namespace Net.Cli.Commands;

/// <summary>The command <c>netmod</c> itself.</summary>
internal sealed class CliRoot : Command
{
    /// <summary>Creates it with the options every command takes.</summary>
    public CliRoot()
        : base("netmod", "Programs this host's network through the engine of Net.Module.")
    {
        Add(Globals.Output);
        Add(Globals.Socket);
        Add(new HelpOption());
    }

    /// <summary>The options every command takes.</summary>
    public GlobalOptions Globals { get; } = new();
}
