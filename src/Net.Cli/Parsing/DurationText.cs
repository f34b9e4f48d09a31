using System.Buffers;
using System.Globalization;

namespace Net.Cli.Parsing;

/// <summary>Durations as users type them: <c>500ms</c>, <c>5s</c>, <c>2m</c>, <c>1h30m</c>, <c>1.5s</c>, <c>7d</c>.</summary>
internal static class DurationText
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>Reads a duration; it is not negative, and a number without a unit is refused because nobody can tell its unit.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            return false;
        }

        double ticks = 0;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            {
                return false;
            }

            rest = rest[digits..];
            int letters = rest.IndexOfAnyInRange('0', '9') is >= 0 and int next ? next : rest.Length;
            if (UnitTicks(rest[..letters]) is not { } unit)
            {
                return false;
            }

            ticks += number * unit;
            rest = rest[letters..];
        }

        if (ticks > TimeSpan.MaxValue.Ticks / 2.0)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)Math.Round(ticks));
        return true;
    }

    private static long? UnitTicks(ReadOnlySpan<char> unit) => unit switch
    {
        "us" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        "d" => TimeSpan.TicksPerDay,
        _ => null,
    };
}
