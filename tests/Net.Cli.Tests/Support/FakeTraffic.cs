using System.Net;
using Net.Cli.Measuring;
using Net.Traffic;

namespace Net.Cli.Tests.Support;

/// <summary>Traffic that exists on paper.</summary>
internal sealed class FakeTraffic : ITrafficHost
{
    public TrafficPlan? Plan { get; private set; }

    public TrafficListen? Listen { get; private set; }

    public TrafficReport Report { get; set; } = One(new TrafficEndpoint("eth1", IPAddress.Parse("239.2.2.1"), 6001));

    public static TrafficReport One(params TrafficEndpoint[] endpoints)
    {
        var report = new TrafficReport
        {
            Received = 1_990,
            Bytes = 127_360,
            Lost = 10,
            Reordered = 3,
            Duplicate = 2,
            Corrupt = 1,
            Foreign = 4,
            Untracked = 0,
            Overrun = 0,
            Streams = 1,
            Elapsed = TimeSpan.FromSeconds(2),
            Latency = new TrafficLatency(1_500, 2_600, 2_500, 9_000, 20_000, 70_000),
            LongestGap = TimeSpan.FromMilliseconds(5),
        };
        return report with { Endpoints = [.. endpoints.Select(endpoint => report with { Endpoint = endpoint })] };
    }

    public Task<TrafficSent> SendAsync(TrafficPlan plan, Action<TrafficProgress> progress, CancellationToken cancellationToken)
    {
        Plan = plan;
        progress(new TrafficProgress(TimeSpan.FromSeconds(1), 1_000, 1_000, 0));
        return Task.FromResult(new TrafficSent { Packets = 2_000, Bytes = 128_000, Refused = 0, Missed = 5, Elapsed = TimeSpan.FromSeconds(2), FirstStream = 65_536 });
    }

    public Task<TrafficReport> ReceiveAsync(TrafficListen listen, Action ready, Action<TrafficProgress> progress, CancellationToken cancellationToken)
    {
        Listen = listen;
        ready();
        progress(new TrafficProgress(TimeSpan.FromSeconds(1), 995, 995, 5));
        return Task.FromResult(Report);
    }
}
