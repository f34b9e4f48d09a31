using System.Globalization;
using System.Text;
using System.Text.Json;
using Net.Testing.Reporting;

namespace Net.Testing.Faults;

/// <summary>The report: faults tried, recovered without help, time to recover.</summary>
public static class FaultReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string ToText(IReadOnlyCollection<FaultResult> results, int rounds)
    {
        StringBuilder text = new();
        foreach (IGrouping<string, FaultResult> area in results.GroupBy(result => result.Area))
        {
            TextTable table = new("fault", "tried", "recovered", "median s", "max s", "target s", "met");
            foreach (FaultResult result in area)
            {
                table.Add(
                    result.Fault, Number(result.Tried), Number(result.Recovered), Seconds(result.Median), Seconds(result.Max),
                    Seconds(result.Target), result.Met ? "yes" : "no");
            }

            text.Append(CultureInfo.InvariantCulture, $"{area.Key} (rounds: {rounds})\n{table}");
            foreach (FaultResult result in area)
            {
                foreach (string error in result.Errors)
                {
                    text.Append(CultureInfo.InvariantCulture, $"  {result.Fault}: {error}\n");
                }
            }

            text.Append('\n');
        }

        int tried = results.Sum(result => result.Tried);
        text.Append(CultureInfo.InvariantCulture, $"{tried} faults tried, {results.Sum(result => result.Recovered)} recovered without help\n");
        return text.ToString();
    }

    public static string ToJson(IReadOnlyCollection<FaultResult> results) => JsonSerializer.Serialize(results, Json) + "\n";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";
}
