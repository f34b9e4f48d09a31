using Net.Cli.Output;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>Events as tables and lines show them.</summary>
internal static class EventColumns
{
    /// <summary>The columns of a list of events.</summary>
    public static TableColumn<EngineEvent>[] Events(TimeZoneInfo zone) =>
    [
        new("Time", item => Text.Time(item.Time, zone)),
        new("Area", item => item.Area),
        new("Event", item => item.EventId),
        new("Severity", item => Text.Name(item.Severity)) { Tone = item => ToneOf(item.Severity) },
        new("Target", item => item.Target) { IsFlexible = true },
        new("By", item => item.Actor) { IsFlexible = true },
        new("Message", item => item.Message) { IsFlexible = true },
    ];

    /// <summary>One line about an event.</summary>
    public static string Line(EngineEvent item, string? time) => Text.Printable(
        $"{time} {item.Area} {item.EventId} {Text.Name(item.Severity)}: {item.Message}{(item.Actor is null ? string.Empty : $" (by {item.Actor})")}");

    private static Tone ToneOf(EventSeverity severity) => severity switch
    {
        EventSeverity.Error => Tone.Bad,
        EventSeverity.Warning => Tone.Warning,
        _ => Tone.Plain,
    };
}
