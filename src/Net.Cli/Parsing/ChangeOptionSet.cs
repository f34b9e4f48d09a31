using System.CommandLine;
using Net.Cli.Hosting;
using Net.Contracts;

namespace Net.Cli.Parsing;

/// <summary>The options of every command that changes the configuration.</summary>
internal sealed class ChangeOptionSet
{
    private readonly Option<bool> _whatIf = Options.OfFlag("--what-if", "Only show what would change.");

    private readonly Option<TimeSpan?> _confirmWithin = Options.OfDuration(
        "--confirm-within", "Roll the change back by itself unless 'netmod config confirm' follows in this time.");

    private readonly Option<string?> _comment = Options.OfText("--comment", "TEXT", "Why, kept with the generation.");

    private readonly Option<long?> _expect = Options.OfNumber(
        "--expect-generation", "NUMBER", "Refuse when the configuration is not at this generation any more.", least: 0);

    /// <summary>Adds the options to a command.</summary>
    public static ChangeOptionSet AddTo(Command command)
    {
        var set = new ChangeOptionSet();
        command.Add(set._whatIf);
        command.Add(set._confirmWithin);
        command.Add(set._comment);
        command.Add(set._expect);
        return set;
    }

    /// <summary>Whether only the plan is asked for.</summary>
    public bool WhatIf(CliCall call) => call.Get(_whatIf);

    /// <summary>Whether the user said which generation the change is meant for.</summary>
    public bool NamesGeneration(CliCall call) => call.Get(_expect) is not null;

    /// <summary>What to send; null when nothing was said.</summary>
    /// <param name="call">The call.</param>
    /// <param name="basedOn">The generation the change was computed from, where the user named none.</param>
    public ChangeOptions? Read(CliCall call, long? basedOn = null)
    {
        var options = new ChangeOptions(call.Get(_whatIf), call.Get(_confirmWithin), call.Get(_comment), call.Get(_expect) ?? basedOn);
        return options == new ChangeOptions() ? null : options;
    }
}
