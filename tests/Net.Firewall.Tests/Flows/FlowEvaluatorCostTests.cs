using System.Net;
using Net.Testing;

namespace Net.Firewall.Tests.Flows;

/// <summary>What a verdict against 10,000 rules costs the collector; how many a second there are is a row of the bench.</summary>
public sealed class FlowEvaluatorCostTests
{
    [Fact]
    public void A_verdict_against_10000_rules_allocates_no_more_than_itself()
    {
        FirewallModel model = Model(10_000);
        var evaluator = new FlowEvaluator(model);
        FlowPacket[] packets = Packets(20_000);
        foreach (FlowPacket packet in packets.AsSpan(0, 2_000))
        {
            evaluator.Evaluate(packet);
        }

        int decided = 0;
        long bytes = Allocations.Least(() =>
        {
            foreach (FlowPacket packet in packets)
            {
                decided += evaluator.Evaluate(packet).Rule is null ? 0 : 1;
            }
        }) / packets.Length;

        Assert.InRange(decided, packets.Length / 10, packets.Length * 5);
        Assert.True(bytes <= 200, $"{bytes} bytes for each verdict");
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
