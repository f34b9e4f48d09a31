using System.Globalization;
using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Contracts;

namespace Net.Cli.Commands;

/// <summary>The multicast relay, as tables and lines show it.</summary>
internal static class RelayColumns
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>The columns of rules.</summary>
    public static TableColumn<RelayRule>[] Rules() =>
    [
        new("#", rule => Text.Number(rule.Id)) { IsNumber = true },
        new("Name", rule => rule.Name) { IsFlexible = true },
        new("State", rule => rule.State is { } state ? Text.Name(state) : null) { Tone = rule => ToneOf(rule.State) },
        new("In", Input) { IsFlexible = true },
        new("Out", rule => string.Join(' ', rule.Outputs.Select(output => output.ToString()))) { IsFlexible = true },
        new("Engine", rule => rule.EngineInUse is { } engine ? Text.Name(engine) : null),
        new("Packets", rule => Text.Number(rule.Packets)) { IsNumber = true },
        new("pps", rule => Rate(rule.PacketsPerSecond)) { IsNumber = true },
        new("Mbit/s", rule => Text.Megabits(rule.BitsPerSecond)) { IsNumber = true },
        new("Reason", rule => rule.Reason) { IsFlexible = true },
        new("Description", rule => rule.Description) { IsFlexible = true },
    ];

    /// <summary>The columns of counters.</summary>
    public static TableColumn<RelayRow>[] Statistics(CliCall call) =>
    [
        new("Rule", row => row.Output is { } output ? $"  > {Target(output)}" : row.Rule.Name) { IsFlexible = true },
        new("State", row => row.Output is { } output ? (output.IsPaused ? "paused" : null) : Text.Name(row.Rule.State)) { Tone = row => row.Output is null ? ToneOf(row.Rule.State) : Tone.Plain },
        new("Packets", row => Text.Number(row.Output?.Packets ?? row.Rule.Packets)) { IsNumber = true },
        new("pps", row => Rate(row.Output?.PacketsPerSecond ?? row.Rule.PacketsPerSecond)) { IsNumber = true },
        new("Mbit/s", row => Text.Megabits(row.Output?.BitsPerSecond ?? row.Rule.BitsPerSecond)) { IsNumber = true },
        new("Dropped", row => Drops(row) is { } drops && drops.Total > 0 ? drops.ToString() : null) { IsFlexible = true, Tone = _ => Tone.Warning },
        new("Lost", row => row.Output is null && row.Rule.Sequence is { } sequence ? $"{sequence.Lost} of {sequence.Expected}" : null),
        new("Last", row => call.Show(row.Output is { } output ? output.LastSent : row.Rule.LastSeen)),
        new("Reason", row => row.Output?.Reason) { IsFlexible = true },
    ];

    /// <summary>The columns of groups.</summary>
    public static TableColumn<MulticastGroup>[] Groups(CliCall call) =>
    [
        new("Interface", group => group.InterfaceAlias),
        new("Group", group => group.Group),
        new("Role", group => Text.Name(group.Role)) { Tone = group => group.Problem is null ? Tone.Plain : Tone.Bad },
        new("Sources", group => Text.List(group.Sources) is { } sources ? (group.ExcludesSources ? $"not {sources}" : sources) : "any") { IsFlexible = true },
        new("Rules", group => Text.List(group.Rules)) { IsFlexible = true },
        new("Reporter", group => group.Reporter),
        new("Since", group => call.Show(group.Since)),
        new("Expires", group => call.Show(group.ExpiresAt)),
        new("Problem", group => group.Problem) { IsFlexible = true },
    ];

    /// <summary>The columns of workers.</summary>
    public static TableColumn<RelayWorker>[] Workers(CliCall call) =>
    [
        new("#", worker => Text.Number(worker.Index)) { IsNumber = true },
        new("Process", worker => Text.Number(worker.ProcessId)) { IsNumber = true },
        new("Core", worker => Text.Number(worker.Core)) { IsNumber = true },
        new("State", worker => Text.Name(worker.State)) { Tone = worker => ToneOf(worker.State) },
        new("Rules", worker => Text.Number(worker.RuleCount)) { IsNumber = true },
        new("In order", worker => Text.YesNo(worker.InDesiredState)) { Tone = worker => worker.InDesiredState == false ? Tone.Bad : Tone.Plain },
        new("MiB", worker => worker.ResidentBytes is { } bytes ? Text.Mebibytes(bytes) : null) { IsNumber = true },
        new("Restarts", worker => Text.Number(worker.Restarts)) { IsNumber = true },
        new("Interfaces", worker => Text.List(worker.Interfaces)) { IsFlexible = true },
        new("Reason", worker => worker.Reason) { IsFlexible = true },
        new("Started", worker => call.Show(worker.StartedAt)),
        new("Log", worker => Text.Name(worker.LogLevel)),
    ];

    /// <summary>The columns of measurements.</summary>
    public static TableColumn<RelayMeasurement>[] Measurements() =>
    [
        new("Interface", item => item.InterfaceAlias),
        new("At", item => item.Destination),
        new("Sent", item => Text.Number(item.Sent)) { IsNumber = true },
        new("Received", item => Text.Number(item.Received)) { IsNumber = true },
        new("Lost %", item => (item.LossRatio * 100).ToString("0.000", Culture)) { IsNumber = true, Tone = item => item.Lost == 0 ? Tone.Good : Tone.Bad },
        new("Order", item => Text.Number(item.Reordered)) { IsNumber = true },
        new("Twice", item => Text.Number(item.Duplicate)) { IsNumber = true },
        new("Corrupt", item => Text.Number(item.Corrupt)) { IsNumber = true },
        new("pps", item => Rate(item.PacketsPerSecond)) { IsNumber = true },
        new("p50 us", item => Microseconds(item.MedianLatency)) { IsNumber = true },
        new("p99 us", item => Microseconds(item.P99Latency)) { IsNumber = true },
        new("p99.9 us", item => Microseconds(item.P999Latency)) { IsNumber = true },
        new("max us", item => Microseconds(item.MaximumLatency)) { IsNumber = true },
    ];

    /// <summary>One line about the counters of a rule.</summary>
    public static string Line(RelayStatistic item, string? time)
    {
        long dropped = item.Drops.Total + item.Outputs.Sum(output => output.Drops.Total);
        string drops = dropped > 0 ? $" dropped {dropped}" : string.Empty;
        string lost = item.Sequence is { } sequence ? $" lost {sequence.Lost}" : string.Empty;
        string outputs = string.Join(", ", item.Outputs.Select(output => $"{Target(output)} {Rate(output.PacketsPerSecond)} pps"));
        return Text.Printable(
            $"{time} {item.Name} {Text.Name(item.State)}: {item.Packets} packets {Rate(item.PacketsPerSecond)} pps {Text.Megabits(item.BitsPerSecond)} Mbit/s{drops}{lost} to {outputs}");
    }

    /// <summary>One line about a traced packet.</summary>
    public static string Line(RelayTracedPacket packet, TimeZoneInfo zone)
    {
        string time = TimeZoneInfo.ConvertTime(packet.Time, zone).ToString("HH:mm:ss.ffffff", Culture);
        string missed = packet.Missed > 0 ? $" ({packet.Missed} missed before)" : string.Empty;
        string sent = packet.Outputs is { Length: > 0 } outputs ? $" to {string.Join(',', outputs)}" : string.Empty;
        string drop = packet.Drop is { } reason ? $" dropped: {Text.Name(reason)}" : string.Empty;
        return Text.Printable($"{time} {packet.InterfaceAlias} {packet.Source} > {packet.Destination} ttl {packet.Ttl} length {packet.LengthBytes}{sent}{drop}{missed}");
    }

    /// <summary>Writes everything that is known of rules.</summary>
    public static int WriteDetails(CliCall call, RelayRule[] rules)
    {
        for (int i = 0; i < rules.Length; i++)
        {
            RelayRule rule = rules[i];
            if (i > 0)
            {
                call.Out.WriteLine();
            }

            Table.WriteFacts(
                call.Out,
                [
                    ("Rule", $"{rule.Name} (id {rule.Id})"),
                    ("Description", rule.Description),
                    ("State", $"{(rule.State is { } state ? Text.Name(state) : "unknown")}: {rule.Reason}"),
                    ("Engine", $"{(rule.EngineInUse is { } engine ? Text.Name(engine) : "none")} (asked for {Text.Name(rule.Engine)}): {rule.EngineReason}"),
                    ("Worker", Text.Number(rule.Worker)),
                    ("In", Input(rule)),
                    ("Allowed sources", Text.List(rule.AllowedSources)),
                    ("Duplicates", rule.Duplicates == RelayDuplicates.None ? null : $"{Text.Name(rule.Duplicates)} {rule.PreferredSource}".TrimEnd()),
                    ("Sequence numbers", rule.AnalyzeSequence ? "analyzed" : null),
                    .. rule.Outputs.Select((output, index) => ($"Output {index}", (string?)output.ToString())),
                    ("Packets", Text.Number(rule.Packets)),
                    ("Bytes", Text.Number(rule.Bytes)),
                    ("pps", Rate(rule.PacketsPerSecond)),
                    ("Mbit/s", Text.Megabits(rule.BitsPerSecond)),
                    ("Last seen", call.Show(rule.LastSeen)),
                ]);
        }

        return ExitCodes.Ok;
    }

    private static string Input(RelayRule rule)
    {
        string source = rule.Source is { } from ? $" from {from}" : string.Empty;
        string port = rule.Port is { } range ? $" port {range}" : string.Empty;
        return $"{Text.Name(rule.Protocol)} {rule.Group}{port}{source} in {rule.InterfaceAlias}";
    }

    private static string Target(RelayOutputStatistic output)
    {
        string port = output.Port is { } number ? $":{number}" : string.Empty;
        return output.Destination is null && output.Port is null ? output.InterfaceAlias : $"{output.InterfaceAlias} {output.Destination}{port}";
    }

    private static RelayDrops Drops(RelayRow row) => row.Output?.Drops ?? row.Rule.Drops;

    private static string? Rate(double? value) => value?.ToString("0", Culture);

    private static string? Microseconds(TimeSpan? value) => value?.TotalMicroseconds.ToString("0.0", Culture);

    private static Tone ToneOf(RelayRuleState? state) => state switch
    {
        RelayRuleState.Forwarding => Tone.Good,
        RelayRuleState.Failed => Tone.Bad,
        RelayRuleState.Waiting or RelayRuleState.Paused => Tone.Warning,
        _ => Tone.Plain,
    };

    private static Tone ToneOf(RelayWorkerState state) => state switch
    {
        RelayWorkerState.Running => Tone.Good,
        RelayWorkerState.Idle or RelayWorkerState.Standby => Tone.Plain,
        RelayWorkerState.Starting => Tone.Warning,
        _ => Tone.Bad,
    };
}
