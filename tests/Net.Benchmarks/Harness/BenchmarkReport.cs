using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Net.Testing.Reporting;

namespace Net.Benchmarks.Harness;

/// <summary>One table per area, or the same rows as JSON.</summary>
internal static class BenchmarkReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string ToText(IReadOnlyCollection<BenchmarkRow> rows, int rounds)
    {
        StringBuilder text = new();
        foreach (IGrouping<string, BenchmarkRow> area in rows.GroupBy(row => row.Area))
        {
            TextTable table = new("case", "value", "unit", "peer", "peer value", "ratio", "target", "met");
            foreach (BenchmarkRow row in area)
            {
                table.Add(
                    row.Case, Number(row.Value), row.Unit, row.Peer ?? "-", Number(row.PeerValue),
                    row.Ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-", row.TargetText,
                    row.Error is not null ? "error" : row.Met switch { true => "yes", false => "NO", null => "-" });
            }

            text.Append(CultureInfo.InvariantCulture, $"{area.Key} (medians, rounds: {rounds}, ours and peer in turn)\n{table}");
            foreach (BenchmarkRow row in area.Where(row => row.Spread is not null))
            {
                string peer = row.PeerSpread is null ? string.Empty : $", {row.Peer} {Number(row.PeerSpread.Lowest)} to {Number(row.PeerSpread.Highest)}";
                text.Append(CultureInfo.InvariantCulture, $"  {row.Case}: rounds from {Number(row.Spread!.Lowest)} to {Number(row.Spread.Highest)}{peer}\n");
            }

            // One peer that is missing concerns many rows: said once.
            foreach (IGrouping<string, BenchmarkRow> note in area.Where(row => row.Error is not null || row.Note is not null).GroupBy(row => row.Error ?? row.Note!, StringComparer.Ordinal))
            {
                string others = note.Count() == 1 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" and {note.Count() - 1} more");
                text.Append(CultureInfo.InvariantCulture, $"  {note.First().Case}{others}: {note.Key}\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    public static string ToJson(IReadOnlyCollection<BenchmarkRow> rows) => JsonSerializer.Serialize(rows, Json) + "\n";

    // Four significant digits are more than a median of a few rounds is worth, fewer hide small ratios.
    private static string Number(double? value) => value switch
    {
        null => "-",
        >= 1000 or <= -1000 => value.Value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 or <= -100 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 or <= -1 => value.Value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.0000", CultureInfo.InvariantCulture),
    };
}
