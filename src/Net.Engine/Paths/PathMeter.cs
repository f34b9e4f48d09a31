using System.Net;
using System.Net.Sockets;
using Net.Contracts;
using Net.Platform;

namespace Net.Engine.Paths;

/// <summary>Measures one path by a burst of probes.</summary>
internal static class PathMeter
{
    /// <summary>Sends the probes of a plan and sums up what came back.</summary>
    public static async Task<PathMeasurement> MeasureAsync(
        IEchoProber prober, NetPath path, MeasurementPlan plan, TimeProvider clock, CancellationToken cancellationToken)
    {
        IPAddress? target = plan.Target ?? (path.ProbeTarget is { } named ? IPAddress.Parse(named) : null);
        bool isFamily = target is not null && (target.AddressFamily == AddressFamily.InterNetworkV6) == (path.Family == IpFamily.IPv6);
        if (!isFamily)
        {
            string why = target is null ? "the path has no gateway to ask; name a target" : $"the target is not an {path.Family} address";
            return Summary(path, target?.ToString() ?? "none", [], why, clock);
        }

        var replies = new List<Task<EchoReply>>(plan.Count);
        for (int sent = 0; sent < plan.Count; sent++)
        {
            if (sent > 0)
            {
                await Task.Delay(plan.Interval, clock, cancellationToken).ConfigureAwait(false);
            }

            replies.Add(prober.SendAsync(
                new EchoRequest { Destination = target!, InterfaceName = path.InterfaceAlias, Timeout = plan.Timeout }, cancellationToken));
        }

        EchoReply[] results = await Task.WhenAll(replies).ConfigureAwait(false);
        string? failure = results.LastOrDefault(reply => reply.Outcome != EchoOutcome.Reply)?.Reason;
        return Summary(path, target!.ToString(), results, failure, clock);
    }

    private static PathMeasurement Summary(NetPath path, string target, EchoReply[] results, string? failure, TimeProvider clock)
    {
        TimeSpan[] inOrder = [.. results.Where(reply => reply is { Outcome: EchoOutcome.Reply, RoundTripTime: not null }).Select(reply => reply.RoundTripTime!.Value)];
        TimeSpan[] sorted = [.. inOrder.Order()];
        double[] changes = [.. inOrder.Zip(inOrder.Skip(1), (a, b) => Math.Abs((double)(b - a).Ticks))];
        return new PathMeasurement
        {
            PathId = path.PathId,
            InterfaceAlias = path.InterfaceAlias,
            Target = target,
            Sent = results.Length,
            Received = sorted.Length,
            LossRatio = results.Length == 0 ? 1 : 1 - ((double)sorted.Length / results.Length),
            MinimumRoundTripTime = sorted.Length == 0 ? null : sorted[0],
            MedianRoundTripTime = sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2,
            MeanRoundTripTime = sorted.Length == 0 ? null : TimeSpan.FromTicks((long)sorted.Average(time => time.Ticks)),
            MaximumRoundTripTime = sorted.Length == 0 ? null : sorted[^1],
            Jitter = changes.Length == 0 ? null : TimeSpan.FromTicks((long)changes.Average()),
            FailureReason = failure,
            MeasuredAt = clock.GetUtcNow(),
        };
    }
}
