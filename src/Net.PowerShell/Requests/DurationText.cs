using System.Buffers;
using System.Globalization;

namespace Net.PowerShell.Requests;

/// <summary>Reads durations as people write them: <c>2m</c>, <c>1h30m</c>, <c>250ms</c>, <c>00:02:00</c>, or a plain number of seconds.</summary>
internal static class DurationText
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    // PowerShell itself takes the number 5 for 5 ticks and the text '5' for 5 days. Nobody means either.

    /// <summary>Reads <paramref name="text"/>.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            return false;
        }

        if (rest.Contains(':'))
        {
            return TimeSpan.TryParse(rest, CultureInfo.InvariantCulture, out duration);
        }

        return TryNumber(rest, out double seconds) ? TryScale(seconds, TimeSpan.TicksPerSecond, ref duration) : TryParts(rest, ref duration);
    }

    private static bool TryParts(ReadOnlySpan<char> rest, ref TimeSpan duration)
    {
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !TryNumber(rest[..digits], out double number))
            {
                return false;
            }

            rest = rest[digits..];
            int letters = rest.IndexOfAny(Digits);
            ReadOnlySpan<char> unit = letters < 0 ? rest : rest[..letters];
            if (!TryScale(number, TicksOf(unit), ref duration))
            {
                return false;
            }

            rest = rest[unit.Length..];
        }

        return true;
    }

    private static long TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        "d" => TimeSpan.TicksPerDay,
        _ => 0,
    };

    private static bool TryNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);

    private static bool TryScale(double number, long ticks, ref TimeSpan sum)
    {
        double total = sum.Ticks + (number * ticks);
        if (ticks == 0 || !double.IsFinite(total) || total < 0 || total >= long.MaxValue)
        {
            return false;
        }

        sum = TimeSpan.FromTicks((long)total);
        return true;
    }
}
