using System.Globalization;
using System.Text.RegularExpressions;

namespace Net.Lab;

/// <summary>Reads the summary that <c>ping -q</c> of iputils writes.</summary>
internal static partial class PingOutput
{
    public static LabPing Parse(LabCommandResult result, int count)
    {
        Match packets = Packets().Match(result.Output);
        if (!packets.Success)
        {
            // "Network is unreachable" goes to standard error before anything is sent.
            return new LabPing(count, 0, null);
        }

        Match times = Times().Match(result.Output);
        TimeSpan? mean = times.Success
            ? TimeSpan.FromMilliseconds(double.Parse(times.Groups["mean"].ValueSpan, CultureInfo.InvariantCulture))
            : null;
        return new LabPing(
            int.Parse(packets.Groups["sent"].ValueSpan, CultureInfo.InvariantCulture),
            int.Parse(packets.Groups["received"].ValueSpan, CultureInfo.InvariantCulture),
            mean);
    }

    [GeneratedRegex(@"(?<sent>\d+) packets transmitted, (?<received>\d+) received")]
    private static partial Regex Packets();

    [GeneratedRegex(@"rtt min/avg/max/mdev = [\d.]+/(?<mean>[\d.]+)/")]
    private static partial Regex Times();
}
