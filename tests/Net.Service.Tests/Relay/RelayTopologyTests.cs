using System.Globalization;
using Net.Contracts;
using Net.Lab;

namespace Net.Service.Tests.Relay;

/// <summary>Rules that feed each other, in the shapes networks have: every packet comes out everywhere it should, once, whole, and in order.</summary>
public sealed class RelayTopologyTests(RelayLab lab) : IClassFixture<RelayLab>, IAsyncLifetime
{
    private const int Packets = 40;

    // Where each becomes many, so that the sinks' buffers hold them.
    private const int Few = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<string, RelayEngine> Shapes => new(RelayShape.All.Keys, [RelayEngine.Tcx, RelayEngine.Packet]);

    public async ValueTask InitializeAsync()
    {
        TestHost.RequireRoot();
        foreach (int number in new[] { 1, 2, 3 })
        {
            // A worker sends runs of packets as one frame, which a veth would hand on as it is.
            await lab.Node.ExecAsync("ethtool", ["-K", string.Create(CultureInfo.InvariantCulture, $"out{number}"), "tx-udp-segmentation", "off"], cancellationToken: Token);
        }

        LabCommandResult known = await lab.Node.ExecAsync("ip", ["link", "show", "p1a"], cancellationToken: Token);
        for (int cable = 1; cable <= RelayShape.Cables && !known.Succeeded; cable++)
        {
            string number = cable.ToString(CultureInfo.InvariantCulture);
            await Kernel.IpAsync(lab.Node, $"link add p{number}a type veth peer name p{number}b");
            await Kernel.IpAsync(lab.Node, $"link set p{number}a up");
            await Kernel.IpAsync(lab.Node, $"link set p{number}b up");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (lab.Client is not null)
        {
            await lab.RemoveAllAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Every_packet_comes_out_once_everywhere_it_should(string name, RelayEngine engine)
    {
        RelayShape shape = RelayShape.All[name];
        int packets = shape.Arrives.Length > Few ? Few : Packets;
        RelaySocket source = lab.Open(lab.Source);
        Dictionary<string, RelaySocket> ends = shape.Arrives.Select(one => one.At).Distinct().ToDictionary(at => at, at => lab.Open(lab.Sink(at[^1] - '0')), StringComparer.Ordinal);
        Dictionary<string, List<RelayArrival>> arrived = ends.Keys.ToDictionary(at => at, _ => new List<RelayArrival>(), StringComparer.Ordinal);
        await lab.CreateAsync([.. shape.Rules.Select(rule => rule with { Engine = engine })]);
        foreach (RelayRule rule in shape.Rules)
        {
            Assert.Equal(engine, (await lab.RuleAsync(rule.Name)).EngineInUse);
        }

        await ProbeAsync(source, ends, arrived, shape, "before");
        for (int number = 0; number < packets; number++)
        {
            Array.ForEach(shape.Sends, to => source.Send(to.Destination, to.Port, Payload(name, to.Destination, number), RelayShape.Ttl));
            Collect(ends, arrived);
        }

        // Rules of several workers that lead to one place are late by different times; what comes twice is behind the first of it.
        int expected = shape.Arrives.Length * shape.Sends.Length * packets;
        await Wait.UntilAsync($"{expected} packets", () =>
        {
            Collect(ends, arrived);
            return Task.FromResult(Count(arrived, name) >= expected);
        });
        await ProbeAsync(source, ends, arrived, shape, "behind");

        Assert.Equal(expected, Count(arrived, name));
        foreach ((string at, string destination, int port, int ttl) in shape.Arrives)
        {
            RelayArrival[] here = [.. arrived[at].Where(one => IsOf(one, destination, port) && one.Payload.StartsWith(name, StringComparison.Ordinal))];
            Assert.All(here, one => Assert.Equal((true, ttl), (one.IsIntact, one.Ttl)));
            foreach ((string sent, _) in shape.Sends.Where(to => here.Any(one => one.Payload.Contains($"|{to.Destination}|", StringComparison.Ordinal))))
            {
                Assert.Equal(Enumerable.Range(0, packets).Select(number => Payload(name, sent, number)), here.Select(one => one.Payload).Where(text => text.Contains($"|{sent}|", StringComparison.Ordinal)));
            }
        }
    }

    // The first packets may find a worker that has not taken its rules yet: they are sent until they come out everywhere.
    private static Task<TimeSpan> ProbeAsync(RelaySocket source, Dictionary<string, RelaySocket> ends, Dictionary<string, List<RelayArrival>> arrived, RelayShape shape, string name) => Wait.UntilAsync($"packets {name} the others", () =>
    {
        Array.ForEach(shape.Sends, to => source.Send(to.Destination, to.Port, name, RelayShape.Ttl));
        Collect(ends, arrived);
        return Task.FromResult(shape.Arrives.All(place => arrived[place.At].Any(one => one.Payload == name && IsOf(one, place.Destination, place.Port))));
    });

    private static void Collect(Dictionary<string, RelaySocket> ends, Dictionary<string, List<RelayArrival>> arrived)
    {
        foreach ((string at, RelaySocket end) in ends)
        {
            arrived[at].AddRange(end.Arrivals());
        }
    }

    private static int Count(Dictionary<string, List<RelayArrival>> arrived, string name) => arrived.Values.Sum(all => all.Count(one => one.Payload.StartsWith(name, StringComparison.Ordinal)));

    private static bool IsOf(RelayArrival one, string destination, int port) => (destination == RelayShape.AnyDestination || one.Destination == destination) && one.Port == port;

    private static string Payload(string name, string destination, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}|{destination}|{number:000}{new string((char)('a' + (number % 26)), number * 13)}");
}
