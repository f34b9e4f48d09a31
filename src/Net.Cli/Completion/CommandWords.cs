using System.CommandLine;
using System.CommandLine.Completions;

namespace Net.Cli.Completion;

/// <summary>What can follow a command: its commands and options, the values of options, and which names of the engine its arguments take.</summary>
/// <param name="Path">The words that lead to it, without <c>netmod</c>.</param>
/// <param name="Words">Commands and options.</param>
/// <param name="Choices">Values by option, where there are only some.</param>
/// <param name="Names">What <c>netmod completion names</c> is asked for, or null.</param>
/// <param name="ValueOptions">Options that take a value.</param>
internal sealed record CommandWords(string Path, string[] Words, IReadOnlyDictionary<string, string[]> Choices, string? Names, string[] ValueOptions)
{
    /// <summary>Every command of a tree, a command before those below it.</summary>
    public static IEnumerable<CommandWords> Of(Command root) => Of(root, string.Empty, []);

    private static IEnumerable<CommandWords> Of(Command command, string path, Option[] inherited)
    {
        Option[] options = [.. command.Options.Concat(inherited).Where(option => !option.Hidden)];
        Dictionary<string, string[]> choices = options
            .Select(option => (option.Name, Values: ValuesOf(option)))
            .Where(entry => entry.Values.Length > 0)
            .ToDictionary(entry => entry.Name, entry => entry.Values, StringComparer.Ordinal);
        Command[] below = [.. command.Subcommands.Where(child => !child.Hidden)];
        yield return new CommandWords(
            path,
            [.. below.Select(child => child.Name), .. options.Select(option => option.Name)],
            choices,
            NameSources.Of(path),
            [.. options.Where(TakesValue).SelectMany(option => option.Aliases.Prepend(option.Name))]);
        Option[] recursive = [.. options.Where(option => option.Recursive)];
        foreach (CommandWords words in below.SelectMany(child => Of(child, path.Length == 0 ? child.Name : $"{path} {child.Name}", recursive)))
        {
            yield return words;
        }
    }

    private static bool TakesValue(Option option) => option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;

    private static string[] ValuesOf(Option option) =>
        TakesValue(option) ? [.. option.CompletionSources.SelectMany(source => source(CompletionContext.Empty)).Select(item => item.Label).Distinct()] : [];
}
