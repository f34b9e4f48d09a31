using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Net.Benchmarks;

/// <summary>What was asked for.</summary>
/// <param name="Mode">Bench or soak.</param>
/// <param name="Area">The one area asked for; null means all.</param>
/// <param name="JsonFile">Where the rows go as JSON as well.</param>
/// <param name="Rounds">How often everything is measured, or each fault injected.</param>
/// <param name="Seconds">How long one measurement of a rate takes, where it can be chosen.</param>
/// <param name="Minutes">How long a soak that goes by time takes.</param>
/// <param name="Only">Measures only the benchmarks with a row whose name contains this; null measures all.</param>
/// <param name="WithoutEngines">Whether overlays are measured between workers alone: the data path, without what makes it.</param>
internal sealed record CommandLine(string Mode, string? Area, string? JsonFile, int Rounds, int Seconds = CommandLine.DefaultSeconds, int Minutes = CommandLine.DefaultMinutes, bool WithoutEngines = false, string? Only = null)
{
    public const string Bench = "bench";
    public const string Soak = "soak";

    private const int DefaultRounds = 5;
    private const int DefaultSeconds = 5;
    private const int DefaultMinutes = 30;

    public static bool TryParse(IReadOnlyList<string> words, [NotNullWhen(true)] out CommandLine? command, [NotNullWhen(false)] out string? problem)
    {
        command = null;
        problem = null;
        string? area = null;
        string? json = null;
        int rounds = DefaultRounds;
        int seconds = DefaultSeconds;
        int minutes = DefaultMinutes;
        bool withoutEngines = false;
        string? only = null;
        if (words.Count == 0 || words[0] is not (Bench or Soak))
        {
            problem = "usage: bench|soak [area] [--json FILE] [--rounds N] [--seconds N] [--minutes N] [--only TEXT] [--without-engines]";
            return false;
        }

        for (int index = 1; index < words.Count; index++)
        {
            string word = words[index];
            string? value = index + 1 < words.Count ? words[index + 1] : null;
            switch (word)
            {
                case "--json" when value is not null:
                    json = value;
                    index++;
                    break;
                case "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out rounds) && rounds > 0:
                    index++;
                    break;
                case "--seconds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds > 0:
                    index++;
                    break;
                case "--minutes" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out minutes) && minutes > 0:
                    index++;
                    break;
                case "--only" when value is not null:
                    only = value;
                    index++;
                    break;
                case "--without-engines":
                    withoutEngines = true;
                    break;
                case ['-', ..]:
                    problem = $"{word} is not an option here, or its value is missing.";
                    return false;
                default:
                    if (area is not null)
                    {
                        problem = $"One area at a time: {area} or {word}.";
                        return false;
                    }

                    area = word;
                    break;
            }
        }

        command = new CommandLine(words[0], area, json, rounds, seconds, minutes, withoutEngines, only);
        return true;
    }
}
