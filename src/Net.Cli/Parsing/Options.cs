using System.CommandLine;
using System.CommandLine.Parsing;
using Net.Cli.Output;

namespace Net.Cli.Parsing;

/// <summary>Makes options of the kinds the commands share: each says in its error what would be right.</summary>
internal static class Options
{
    /// <summary>An option with one word or text.</summary>
    public static Option<string?> OfText(string name, string valueName, string description) =>
        new(name) { Description = description, HelpName = valueName };

    /// <summary>An option without a value.</summary>
    public static Option<bool> OfFlag(string name, string description) => new(name) { Description = description };

    /// <summary>A whole number within bounds.</summary>
    public static Option<long?> OfNumber(string name, string valueName, string description, long least = long.MinValue, long most = long.MaxValue) => new(name)
    {
        Description = description,
        HelpName = valueName,
        CustomParser = result => ReadNumber(result, name, least, most),
    };

    /// <summary>A duration.</summary>
    public static Option<TimeSpan?> OfDuration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result => DurationText.TryParse(TokenOf(result), out TimeSpan span)
            ? span
            : Refuse<TimeSpan?>(result, $"{name}: '{TokenOf(result)}' is not a duration such as 500ms, 5s, 2m or 1h."),
    };

    /// <summary>A member of an enum, in lower case with dashes between words.</summary>
    public static Option<TEnum?> OfChoice<TEnum>(string name, string description)
        where TEnum : struct, Enum
    {
        var option = new Option<TEnum?>(name)
        {
            Description = description,
            HelpName = string.Join('|', Names<TEnum>()),
            CustomParser = result => ReadChoice<TEnum>(TokenOf(result)) ?? Refuse<TEnum?>(result, NotAChoice<TEnum>(name, TokenOf(result))),
        };

        // The parser offers the members as the code spells them; users type them in lower case.
        option.CompletionSources.Clear();
        option.CompletionSources.Add(Names<TEnum>());
        return option;
    }

    /// <summary>A list: the option may be repeated, and values may stand behind commas.</summary>
    public static Option<T[]?> OfList<T>(string name, string valueName, string description, Func<string, T> parse) => new(name)
    {
        Description = $"{description} Repeat it, or separate by commas.",
        HelpName = valueName,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => ReadList(result, name, parse),
    };

    /// <summary>One value that can be taken away: an array, for the parser takes no null of a value it read; empty where the text is.</summary>
    public static Option<T[]?> OfOne<T>(string name, string valueName, string description, Func<string, T> parse) => new(name)
    {
        Description = description,
        HelpName = valueName,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            try
            {
                return TokenOf(result) is { Length: > 0 } text ? [parse(text)] : [];
            }
            catch (FormatException problem)
            {
                return Refuse<T[]>(result, $"{name}: {problem.Message}");
            }
        },
    };

    /// <summary>A list of words.</summary>
    public static Option<string[]?> OfList(string name, string valueName, string description) => OfList(name, valueName, description, text => text);

    /// <summary>The names of an enum's members as users type them.</summary>
    public static string[] Names<TEnum>()
        where TEnum : struct, Enum => [.. Enum.GetValues<TEnum>().Select(Text.Name)];

    /// <summary>The member of that name, or null.</summary>
    public static TEnum? ReadChoice<TEnum>(string text)
        where TEnum : struct, Enum
    {
        foreach (TEnum value in Enum.GetValues<TEnum>())
        {
            if (string.Equals(Text.Name(value), text, StringComparison.OrdinalIgnoreCase) || string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>What to say when a word is no member.</summary>
    public static string NotAChoice<TEnum>(string name, string text)
        where TEnum : struct, Enum => $"{name}: '{text}' is none of {string.Join(", ", Names<TEnum>())}.";

    /// <summary>Reports a problem and gives back nothing.</summary>
    public static T? Refuse<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }

    private static long? ReadNumber(ArgumentResult result, string name, long least, long most)
    {
        if (long.TryParse(TokenOf(result), out long number) && number >= least && number <= most)
        {
            return number;
        }

        string bounds = (least, most) switch
        {
            (long.MinValue, long.MaxValue) => "a whole number",
            (_, long.MaxValue) => $"a whole number from {least}",
            _ => $"a whole number from {least} to {most}",
        };
        return Refuse<long?>(result, $"{name}: '{TokenOf(result)}' is not {bounds}.");
    }

    private static T[]? ReadList<T>(ArgumentResult result, string name, Func<string, T> parse)
    {
        var values = new List<T>();
        foreach (Token token in result.Tokens)
        {
            foreach (string part in token.Value.Split(',', StringSplitOptions.TrimEntries))
            {
                if (part.Length == 0)
                {
                    continue;
                }

                try
                {
                    values.Add(parse(part));
                }
                catch (FormatException problem)
                {
                    return Refuse<T[]>(result, $"{name}: {problem.Message}");
                }
            }
        }

        return [.. values];
    }

    private static string TokenOf(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[^1].Value : string.Empty;
}
