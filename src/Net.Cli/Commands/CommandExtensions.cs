using System.CommandLine;
using Net.Cli.Hosting;

namespace Net.Cli.Commands;

/// <summary>Short words for what every group of commands does.</summary>
internal static class CommandExtensions
{
    /// <summary>Adds a command below this one.</summary>
    public static Command Sub(this Command parent, string name, string description)
    {
        var command = new Command(name, description);
        parent.Add(command);
        return command;
    }

    /// <summary>Adds an option and gives it back.</summary>
    public static Option<T> With<T>(this Command command, Option<T> option)
    {
        command.Add(option);
        return option;
    }

    /// <summary>Adds an argument and gives it back.</summary>
    public static Argument<T> With<T>(this Command command, Argument<T> argument)
    {
        command.Add(argument);
        return argument;
    }

    /// <summary>Adds an argument for names, with <c>*</c> and <c>?</c>.</summary>
    /// <param name="command">The command.</param>
    /// <param name="description">What the names are of.</param>
    /// <param name="required">Whether at least one must be given; otherwise none means all.</param>
    public static Argument<string[]> WithNames(this Command command, string description, bool required = false) => command.With(new Argument<string[]>("NAME")
    {
        Description = description,
        Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
    });

    /// <summary>Adds an argument for one word.</summary>
    public static Argument<string> WithWord(this Command command, string name, string description) =>
        command.With(new Argument<string>(name) { Description = description });

    /// <summary>Says what the command does when it is called.</summary>
    public static void Handle(this Command command, CliServices services, Func<CliCall, Task<int>> run) => command.SetAction(
        async (parse, cancellationToken) =>
        {
            await using var call = new CliCall(services, parse, cancellationToken);
            return await run(call);
        });

    /// <summary>Says what the command does when it is called, where nothing is waited for.</summary>
    public static void Handle(this Command command, CliServices services, Func<CliCall, int> run) =>
        command.Handle(services, call => Task.FromResult(run(call)));
}
