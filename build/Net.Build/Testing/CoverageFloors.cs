using System.Globalization;
using System.Text.Json;

namespace Net.Build.Testing;

/// <summary>The least line coverage of each project, in <c>build/coverage.json</c>. A floor is only ever raised.</summary>
internal sealed class CoverageFloors(string file)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // Timing decides a few lines (timeouts, races that are tested from both sides): so far below the floor is not yet a loss.
    private const double Flicker = 2.0;

    public SortedDictionary<string, double> Floors { get; } = File.Exists(file)
        ? new(JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(file)) ?? [], StringComparer.Ordinal)
        : new(StringComparer.Ordinal);

    /// <summary>One line for each project below its floor or without one.</summary>
    public IReadOnlyList<string> Check(IReadOnlyDictionary<string, double> measured)
    {
        List<string> failures = [];
        foreach ((string project, double percent) in measured.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!Floors.TryGetValue(project, out double floor))
            {
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"{project}: {percent:0.0} % of lines covered, but it has no floor; ./build.sh test --raise-floors writes it"));
            }
            else if (percent < floor - Flicker)
            {
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"{project}: {percent:0.0} % of lines covered, its floor is {floor:0.0} %; test what was added"));
            }
        }

        return failures;
    }

    /// <summary>Raises floors to what was measured, rounded down; never lowers one. Returns what changed.</summary>
    public IReadOnlyList<string> Raise(IReadOnlyDictionary<string, double> measured)
    {
        List<string> raised = [];
        foreach ((string project, double percent) in measured)
        {
            double next = Math.Floor(percent);
            if (!Floors.TryGetValue(project, out double floor) || next > floor)
            {
                Floors[project] = next;
                raised.Add(string.Create(CultureInfo.InvariantCulture, $"{project}: {floor:0} % to {next:0} %"));
            }
        }

        File.WriteAllText(file, JsonSerializer.Serialize(Floors, Indented).ReplaceLineEndings("\n") + "\n");
        return raised;
    }
}
