using System.Globalization;

namespace Net.Steering;

/// <summary>Durations as reasons show them.</summary>
internal static class DurationText
{
    // A round trip on loopback is some microseconds, and "0.0 ms" would look like no measurement.
    public static string Milliseconds(TimeSpan value) => value.TotalMilliseconds < 0.1
        ? string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0.000} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0.0} ms");

    public static string Ago(TimeSpan value) => value switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{value.TotalMinutes:0.0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value.TotalHours:0.0} h"),
    };
}
