using Net.Cli.Output;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>Paths as tables show them.</summary>
internal static class PathColumns
{
    /// <summary>The columns of a list of paths.</summary>
    public static TableColumn<NetPath>[] Paths() =>
    [
        new("Path", path => path.PathId) { IsFlexible = true },
        new("Kind", path => Text.Name(path.Kind)),
        new("Link", path => Text.Name(path.LinkKind)),
        new("State", path => Text.Name(path.State)) { Tone = path => ToneOf(path.State) },
        new("Used", path => path.IsSelected ? "yes" : "no"),
        new("RTT ms", path => Text.Milliseconds(path.RoundTripTime)) { IsNumber = true },
        new("Jitter ms", path => Text.Milliseconds(path.Jitter)) { IsNumber = true },
        new("Loss %", path => Text.Percent(path.LossRatio)) { IsNumber = true },
        new("Rx Mbit/s", path => Text.Megabits(path.ReceiveBitsPerSecond)) { IsNumber = true },
        new("Tx Mbit/s", path => Text.Megabits(path.TransmitBitsPerSecond)) { IsNumber = true },
        new("Reason", path => path.State == PathState.Validated ? path.SelectionReason : path.StateReason) { IsFlexible = true },
    ];

    /// <summary>The columns of measurements.</summary>
    public static TableColumn<PathMeasurement>[] Measurements() =>
    [
        new("Path", item => item.PathId) { IsFlexible = true },
        new("Target", item => item.Target) { IsFlexible = true },
        new("Sent", item => Text.Number(item.Sent)) { IsNumber = true },
        new("Received", item => Text.Number(item.Received)) { IsNumber = true },
        new("Loss %", item => Text.Percent(item.LossRatio)) { IsNumber = true },
        new("Min ms", item => Text.Milliseconds(item.MinimumRoundTripTime)) { IsNumber = true },
        new("Median ms", item => Text.Milliseconds(item.MedianRoundTripTime)) { IsNumber = true },
        new("Max ms", item => Text.Milliseconds(item.MaximumRoundTripTime)) { IsNumber = true },
        new("Jitter ms", item => Text.Milliseconds(item.Jitter)) { IsNumber = true },
        new("Reason", item => item.FailureReason) { IsFlexible = true },
    ];

    /// <summary>The columns of routes.</summary>
    public static TableColumn<NetPathRoute>[] Routes() =>
    [
        new("Name", route => route.Name) { IsFlexible = true },
        new("Destination", route => route.DestinationPrefix.ToString()),
        new("Next hop", route => route.NextHop),
        new("Interface", route => route.InterfaceAlias),
        new("Metric", route => Text.Number(route.RouteMetric)) { IsNumber = true },
        new("Table", route => Text.Number(route.Table)) { IsNumber = true },
        new("State", route => route.State is { } state ? Text.Name(state) : null) { Tone = route => ToneOf(route.State) },
        new("Reason", route => route.StateReason) { IsFlexible = true },
        new("Description", route => route.Description) { IsFlexible = true },
    ];

    /// <summary>One line about a change of a path.</summary>
    public static string Line(PathChange change, string? time)
    {
        NetPath path = change.Path;
        string rtt = Text.Milliseconds(path.RoundTripTime) is { } milliseconds ? $" rtt {milliseconds} ms" : string.Empty;
        string loss = Text.Percent(path.LossRatio) is { } percent ? $" loss {percent} %" : string.Empty;
        string used = path.IsSelected ? " in use" : string.Empty;
        return Text.Printable($"{time} path {path.PathId} {Text.Name(change.Kind)}: {Text.Name(path.State)}{used}{rtt}{loss} ({path.StateReason})");
    }

    private static Tone ToneOf(PathState state) => state switch
    {
        PathState.Validated => Tone.Good,
        PathState.Failed => Tone.Bad,
        _ => Tone.Warning,
    };

    private static Tone ToneOf(RouteState? state) => state switch
    {
        RouteState.Installed => Tone.Good,
        RouteState.Failed => Tone.Bad,
        RouteState.Waiting => Tone.Warning,
        _ => Tone.Plain,
    };
}
