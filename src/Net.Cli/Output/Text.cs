using System.Globalization;
using System.Text;

namespace Net.Cli.Output;

/// <summary>Values as tables show them. Unknown values are null here; the table writes them as a dash.</summary>
internal static class Text
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A duration as milliseconds with two decimals.</summary>
    public static string? Milliseconds(TimeSpan? value) => value?.TotalMilliseconds.ToString("0.00", Culture);

    /// <summary>A share of one as per cent.</summary>
    public static string? Percent(double? ratio) => (ratio * 100)?.ToString("0.0", Culture);

    /// <summary>Bits per second as Mbit/s.</summary>
    public static string? Megabits(double? bitsPerSecond) => (bitsPerSecond / 1_000_000)?.ToString("0.0##", Culture);

    /// <summary>Bytes as MiB.</summary>
    public static string Mebibytes(long bytes) => (bytes / (1024.0 * 1024.0)).ToString("0.0", Culture);

    /// <summary>A whole number.</summary>
    public static string? Number(long? value) => value?.ToString(Culture);

    /// <summary>Yes, no or unknown.</summary>
    public static string? YesNo(bool? value) => value switch
    {
        true => "yes",
        false => "no",
        null => null,
    };

    /// <summary>A member of an enum, in lower case with dashes between words.</summary>
    public static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => Dashed(value.ToString());

    /// <summary>A list with commas; null when it is empty.</summary>
    public static string? List<T>(IReadOnlyCollection<T> items) => items.Count == 0 ? null : string.Join(',', items);

    /// <summary>A time to the second, in the zone given.</summary>
    public static string? Time(DateTimeOffset? time, TimeZoneInfo zone) =>
        time is { } known ? TimeZoneInfo.ConvertTime(known, zone).ToString("yyyy-MM-dd HH:mm:ss", Culture) : null;

    /// <summary>A duration in the units people say, such as <c>2d 4h</c> or <c>1.5s</c>.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => $"{span.TotalMilliseconds.ToString("0.#", Culture)}ms",
        { TotalMinutes: < 1 } => $"{span.TotalSeconds.ToString("0.#", Culture)}s",
        { TotalHours: < 1 } => $"{span.Minutes}m {span.Seconds}s",
        { TotalDays: < 1 } => $"{span.Hours}h {span.Minutes}m",
        _ => $"{(int)span.TotalDays}d {span.Hours}h",
    };

    /// <summary>The text without control characters, so that a name cannot drive the terminal.</summary>
    public static string Printable(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().ContainsAnyInRange('\x7f', '\x9f'))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            clean.Append(char.IsControl(letter) ? (letter is '\n' or '\t' ? ' ' : '?') : letter);
        }

        return clean.ToString();
    }

    // "IPv4" and "TCP" are one word each; only a capital after a small letter begins a new one, and IP families are spelt as everywhere.
    private static string Dashed(string name)
    {
        if (name.StartsWith("IPv", StringComparison.Ordinal))
        {
            return name.ToLowerInvariant();
        }

        var dashed = new StringBuilder(name.Length + 2);
        for (int i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && char.IsLower(name[i - 1]))
            {
                dashed.Append('-');
            }

            dashed.Append(char.ToLowerInvariant(name[i]));
        }

        return dashed.ToString();
    }
}
