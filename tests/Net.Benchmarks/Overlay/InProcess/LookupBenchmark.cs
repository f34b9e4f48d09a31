using System.Diagnostics;
using Net.Benchmarks.Core;
using Net.Benchmarks.Harness;
using Net.Overlay.Routing;

namespace Net.Benchmarks.Overlay;

/// <summary>Longest-prefix match with 100,000 prefixes, for addresses in no order; half of them within a prefix.</summary>
internal sealed class LookupBenchmark : IBenchmark
{
    private const string Ipv4 = "lookup, 100,000 IPv4 prefixes";
    private const string Ipv6 = "lookup, 100,000 IPv6 prefixes";
    private const string BuildTime = "build of the table, 100,000 IPv4 prefixes";
    private const int Prefixes = 100_000;
    private const int Peers = 1_000;

    // More than the first caches hold.
    private const int Addresses = 1 << 16;
    private const int Passes = 64;

    private readonly Random _random = new(20260102);
    private OverlayRoute[] _routes4 = [];
    private RoutingTable _table4 = RoutingTable.Empty;
    private RoutingTable _table6 = RoutingTable.Empty;
    private byte[] _addresses4 = [];
    private byte[] _addresses6 = [];

    public IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        new(Areas.Overlay, Ipv4, "ns", Better.Lower) { Target = BenchmarkTarget.Value(100) },
        new(Areas.Overlay, Ipv6, "ns", Better.Lower) { Target = BenchmarkTarget.Value(100) },
        new(Areas.Overlay, BuildTime, "ms", Better.Lower) { Target = BenchmarkTarget.Value(1_000) },
    ];

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        _routes4 = MakeRoutes(4, 12, 32);
        OverlayRoute[] routes6 = MakeRoutes(16, 24, 64);
        _table4 = RoutingTable.Build(_routes4);
        _table6 = RoutingTable.Build(routes6);
        _addresses4 = MakeAddresses(_routes4, 4);
        _addresses6 = MakeAddresses(routes6, 16);
        Time(_table4, _addresses4, 4);
        Time(_table6, _addresses6, 16);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        RoutingTable.Build(_routes4);
        double built = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return Task.FromResult<IReadOnlyDictionary<string, double>>(new Dictionary<string, double>
        {
            [Ipv4] = Time(_table4, _addresses4, 4),
            [Ipv6] = Time(_table6, _addresses6, 16),
            [BuildTime] = built,
        });
    }

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken) =>
        throw new PeerUnavailableException("there is no peer for these");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static double Time(RoutingTable table, byte[] addresses, int length)
    {
        long start = Stopwatch.GetTimestamp();
        int sum = 0;
        for (int pass = 0; pass < Passes; pass++)
        {
            for (int offset = 0; offset < addresses.Length; offset += length)
            {
                sum += table.Lookup(addresses.AsSpan(offset, length));
            }
        }

        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Passes / (addresses.Length / length);

        // Used, so that the lookups cannot be left out.
        return sum == int.MinValue ? 0 : nanoseconds;
    }

    private OverlayRoute[] MakeRoutes(int bytes, int shortest, int longest)
    {
        byte[] address = new byte[bytes];
        HashSet<OverlayPrefix> prefixes = new(Prefixes);
        while (prefixes.Count < Prefixes)
        {
            _random.NextBytes(address);
            if (bytes == 16)
            {
                // Global unicast (RFC 4291 section 2.4).
                address[0] = (byte)(0x20 | (address[0] & 0x1F));
            }

            prefixes.Add(new OverlayPrefix(address, _random.Next(shortest, longest + 1)));
        }

        return [.. prefixes.Select((prefix, index) => new OverlayRoute(prefix, RouteOwner.Gateway, index % Peers, 100, IsHealthy: true, "bench", "bench"))];
    }

    private byte[] MakeAddresses(OverlayRoute[] routes, int length)
    {
        byte[] addresses = new byte[Addresses * length];
        _random.NextBytes(addresses);
        Span<byte> prefix = stackalloc byte[16];
        for (int index = 0; index < Addresses; index += 2)
        {
            OverlayPrefix chosen = routes[_random.Next(routes.Length)].Prefix;
            chosen.WriteAddress(prefix);
            Span<byte> address = addresses.AsSpan(index * length, length);
            for (int bit = 0; bit < chosen.Length; bit++)
            {
                int mask = 0x80 >> (bit % 8);
                address[bit / 8] = (byte)((address[bit / 8] & ~mask) | (prefix[bit / 8] & mask));
            }
        }

        return addresses;
    }
}
