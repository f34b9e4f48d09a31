using System.Net;
using Net.Contracts;
using Net.Engine.Firewall.Runtime.Detection;

namespace Net.Engine.Tests.FirewallRuntime;

public sealed class DetectorTests
{
    private static readonly IPAddress s_source = IPAddress.Parse("203.0.113.9");

    private readonly FirewallDetector _detector = new() { Settings = Settings() };
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Different_ports_within_the_window_are_a_scan_and_the_same_port_again_is_not()
    {
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Null(_detector.Refused(s_source, 80, _now)));
        Assert.All(Enumerable.Range(1, 13), port => Assert.Null(_detector.Refused(s_source, (ushort)port, _now)));

        DetectedSource found = _detector.Refused(s_source, 443, _now)!;

        Assert.Equal((DetectionKind.Scan, 15), (found.Kind, found.Count));
        Assert.Equal(10, found.Ports.Length);
    }

    [Fact]
    public void Ports_tried_longer_ago_than_a_window_do_not_count()
    {
        for (int port = 1; port <= 200; port++)
        {
            Assert.Null(_detector.Refused(s_source, (ushort)port, _now));
            _now += TimeSpan.FromSeconds(5);
        }
    }

    [Fact]
    public void A_finding_is_told_once_a_window()
    {
        int told = 0;
        for (int number = 0; number < 600; number++)
        {
            told += _detector.Refused(s_source, (ushort)(1 + (number % 30)), _now) is null ? 0 : 1;
            _now += TimeSpan.FromSeconds(0.5);
        }

        Assert.Equal(5, told);
    }

    [Fact]
    public void A_finding_is_told_again_only_after_the_ban()
    {
        _detector.Settings = Settings() with { BanList = "banned", BanTime = TimeSpan.FromMinutes(10) };
        int told = 0;
        for (int number = 0; number < 1200; number++)
        {
            told += _detector.Refused(s_source, (ushort)(1 + (number % 30)), _now) is null ? 0 : 1;
            _now += TimeSpan.FromSeconds(1);
        }

        Assert.Equal(2, told);
    }

    [Fact]
    public void Connections_to_login_ports_are_counted_by_themselves()
    {
        List<DetectedSource> found = [];
        for (int number = 0; number < 9; number++)
        {
            _detector.Connected(s_source, 22, _now, found);
            _detector.Connected(s_source, 443, _now, found);
        }

        Assert.Empty(found);
        _detector.Connected(s_source, 3389, _now, found);

        DetectedSource guessing = Assert.Single(found);
        Assert.Equal((DetectionKind.LoginGuessing, 10, (ushort)3389), (guessing.Kind, guessing.Count, guessing.Ports[0]));
    }

    [Fact]
    public void Many_connections_are_a_flood_whatever_their_port()
    {
        List<DetectedSource> found = [];
        for (int number = 0; number < 99; number++)
        {
            _detector.Connected(s_source, number % 2 == 0 ? null : (ushort)number, _now, found);
        }

        Assert.DoesNotContain(found, one => one.Kind == DetectionKind.Flood);
        _detector.Connected(s_source, 443, _now, found);

        Assert.Equal(100, Assert.Single(found, one => one.Kind == DetectionKind.Flood).Count);
    }

    [Fact]
    public void Nothing_is_counted_while_it_is_off_and_a_threshold_of_zero_is_off()
    {
        List<DetectedSource> found = [];
        _detector.Settings = Settings() with { Enabled = false };
        Try(1000);
        Assert.Equal(0, _detector.Sources);

        _detector.Settings = Settings() with { ScanPorts = 0, LoginAttempts = 0, FloodConnections = 0 };
        Try(1000);
        Assert.Empty(found);

        void Try(int times)
        {
            for (int number = 1; number <= times; number++)
            {
                Assert.Null(_detector.Refused(s_source, (ushort)number, _now));
                _detector.Connected(s_source, 22, _now, found);
            }
        }
    }

    [Fact]
    public void Memory_is_bounded_and_a_flood_of_IPv6_sources_does_not_push_IPv4_ones_out()
    {
        List<DetectedSource> found = [];
        for (int port = 1; port < 15; port++)
        {
            _detector.Refused(s_source, (ushort)port, _now);
        }

        var random = new Random(5);
        byte[] address = new byte[16];
        for (int number = 0; number < 100_000; number++)
        {
            random.NextBytes(address);
            _detector.Connected(new IPAddress(address), 22, _now, found);
        }

        Assert.Equal(FirewallDetector.MaxSources + 1, _detector.Sources);
        Assert.NotNull(_detector.Refused(s_source, 1000, _now));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_sliding_count_never_counts_what_is_older_than_a_window_nor_misses_what_is_younger_than_seven_eighths(int seed)
    {
        var random = new Random(seed);
        var counter = default(WindowCounter);
        List<long> parts = [];
        long part = 1000;
        for (int step = 0; step < 5000; step++)
        {
            part += random.Next(4) == 0 ? random.Next(12) : 0;
            parts.Add(part);

            Assert.Equal(parts.Count(one => one > part - WindowCounter.Parts), counter.Add(part));
        }
    }

    private static FirewallDetection Settings() => new() { Enabled = true, FloodConnections = 100 };
}
