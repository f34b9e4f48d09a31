using System.Diagnostics;
using System.Net;

namespace Net.Firewall.Tests.Flows;

/// <summary>How many verdicts a second the evaluator gives against 10,000 rules.</summary>
public sealed class FlowEvaluatorSpeedTests(ITestOutputHelper output)
{
    [Fact]
    public void Random_packets_against_10000_rules_are_judged_in_microseconds()
    {
        FirewallModel model = Model(10_000);
        long started = Stopwatch.GetTimestamp();
        var evaluator = new FlowEvaluator(model);
        TimeSpan built = Stopwatch.GetElapsedTime(started);
        FlowPacket[] packets = Packets(20_000);
        foreach (FlowPacket packet in packets.AsSpan(0, 2_000))
        {
            evaluator.Evaluate(packet);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        started = Stopwatch.GetTimestamp();
        int decided = 0;
        for (int round = 0; round < 5; round++)
        {
            foreach (FlowPacket packet in packets)
            {
                decided += evaluator.Evaluate(packet).Rule is null ? 0 : 1;
            }
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        long bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (packets.Length * 5);
        double rate = packets.Length * 5 / seconds;
        output.WriteLine($"index built in {built.TotalMilliseconds:F0} ms; {rate:F0} verdicts/s, {bytes} bytes each; {decided} of {packets.Length * 5} decided by a rule");
        Assert.InRange(decided, packets.Length / 10, packets.Length * 5);
        Assert.True(bytes <= 200, $"{bytes} bytes for each verdict");

        // The requirement is 50,000 in a second; a machine that does other things as well may be slow, but not by this much.
        Assert.True(rate > 50_000, $"{rate:F0} verdicts/s");
    }

    /// <summary>Rules as lists have them: an address or prefix, a protocol, a port, some with interfaces.</summary>
    internal static FirewallModel Model(int count)
    {
        var random = new Random(11);
        return Rules.Model(Enumerable.Range(1, count).Select(id => Rules.Block(id) with
        {
            Protocol = id % 3 == 0 ? RuleProtocol.Udp : RuleProtocol.Tcp,
            SourceAddresses = [new AddressRange(new IPNetwork(Network(random, id % 4 == 0 ? 8 : 16), id % 4 == 0 ? 8 : 16))],
            DestinationPorts = id % 5 == 0 ? [new PortRange((ushort)(random.Next(65_000)), 65_535)] : [new PortRange((ushort)random.Next(1, 1024))],
            InputInterfaces = id % 7 == 0 ? ["wan0"] : id % 11 == 0 ? ["lan*"] : [],
            Conditions = id % 13 == 0 ? new RuleConditions { ConnectionStates = ConnectionStates.New } : null,
        }));
    }

    private static IPAddress Network(Random random, int length) => length == 8
        ? new IPAddress([(byte)random.Next(1, 224), 0, 0, 0])
        : new IPAddress([(byte)random.Next(1, 224), (byte)random.Next(256), 0, 0]);

    private static FlowPacket[] Packets(int count)
    {
        var random = new Random(12);
        return [.. Enumerable.Range(0, count).Select(_ => new FlowPacket
        {
            Source = (UInt128)random.NextInt64(1L << 32),
            Destination = 0x0a000001,
            Protocol = random.Next(2) == 0 ? (byte)6 : (byte)17,
            SourcePort = (ushort)random.Next(65_536),
            DestinationPort = (ushort)random.Next(random.Next(2) == 0 ? 1024 : 65_536),
            InputInterface = random.Next(2) == 0 ? "wan0" : "lan1",
            Length = 60,
        })];
    }
}
