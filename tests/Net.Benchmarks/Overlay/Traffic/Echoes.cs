using System.Globalization;
using System.Text.RegularExpressions;
using Net.Lab;

namespace Net.Benchmarks.Overlay;

/// <summary>Round trips as ping measures them.</summary>
internal static partial class Echoes
{
    /// <summary>Round trips in microseconds, ascending.</summary>
    /// <param name="lab">Where.</param>
    /// <param name="address">The right end.</param>
    /// <param name="count">Echoes.</param>
    /// <param name="interval">Time between them; zero sends each when the one before came back.</param>
    /// <param name="warmUp">Echoes before that which do not count, as fast as they come back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<double[]> RunAsync(TunnelLab lab, string address, int count, TimeSpan interval, int warmUp, CancellationToken cancellationToken)
    {
        if (warmUp > 0)
        {
            await lab.Left.ExecAsync("ping", ["-n", "-q", "-f", "-c", Number(warmUp), "-w", "10", address], cancellationToken: cancellationToken);
        }

        TimeSpan longest = (interval * count) + TimeSpan.FromSeconds(20);

        // Into a file: this program would wake up for each line and take time from what is measured.
        string file = Path.Combine(lab.Folder, "echoes.txt");
        string pace = interval == TimeSpan.Zero ? "-A" : "-i " + interval.TotalSeconds.ToString("0.####", CultureInfo.InvariantCulture);
        await lab.Left.ExecAsync(
            "sh",
            ["-c", $"exec ping -n {pace} -c \"$0\" -W 2 \"$1\" > \"$2\"", Number(count), address, file],
            timeout: longest, cancellationToken: cancellationToken);
        string output = await File.ReadAllTextAsync(file, cancellationToken);
        double[] trips = [.. Time().Matches(output).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * 1000).Order()];
        return trips.Length >= count * 9 / 10 ? trips : throw new LabException($"{address} answered {trips.Length} of {count} echoes");
    }

    /// <summary>The value a share of the sorted values is not above.</summary>
    public static double Quantile(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"time=([0-9.]+) ms")]
    private static partial Regex Time();
}
