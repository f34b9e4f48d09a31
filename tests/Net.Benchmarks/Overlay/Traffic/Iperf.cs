using System.Globalization;
using System.Text.Json;
using Net.Lab;

namespace Net.Benchmarks.Overlay;

/// <summary>TCP through a tunnel, by iperf3.</summary>
internal static class Iperf
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    /// <summary>Sends from the left to the right and tells what arrived, in bits per second; both ways added up where both are asked for.</summary>
    /// <param name="lab">Where.</param>
    /// <param name="address">The right end.</param>
    /// <param name="streams">Connections at once.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="both">Whether the right sends at the same time.</param>
    /// <param name="settle">Seconds before that which do not count.</param>
    /// <param name="congestionControl">The kernel's congestion control of these connections: Linux's own default, which hosts may have changed, unless something else is asked for.</param>
    public static async Task<double> RunAsync(
        TunnelLab lab, string address, int streams, int seconds, CancellationToken cancellationToken, bool both = false, int settle = 0, string congestionControl = "cubic")
    {
        TimeSpan longest = TimeSpan.FromSeconds(seconds + settle) + Grace;
        await using LabProcess server = TunnelLab.Start(lab.Right, "iperf3", ["--server", "--one-off", "--bind", address, "--forceflush"], longest);
        await server.WaitForLineAsync("Server listening", TimeSpan.FromSeconds(5), cancellationToken);
        List<string> arguments =
        [
            "--client", address, "--time", Number(seconds), "--parallel", Number(streams), "--congestion", congestionControl, "--json", "--connect-timeout", "5000",
        ];
        if (both)
        {
            arguments.Add("--bidir");
        }

        if (settle > 0)
        {
            arguments.AddRange(["--omit", Number(settle)]);
        }

        LabCommandResult result = await lab.Left.ExecAsync("iperf3", arguments, timeout: longest, cancellationToken: cancellationToken);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        if (document.RootElement.TryGetProperty("error", out JsonElement error))
        {
            throw new LabException($"iperf3 to {address}: {error.GetString()}");
        }

        JsonElement end = document.RootElement.GetProperty("end");
        double bits = end.GetProperty("sum_received").GetProperty("bits_per_second").GetDouble();
        return both ? bits + end.GetProperty("sum_received_bidir_reverse").GetProperty("bits_per_second").GetDouble() : bits;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
