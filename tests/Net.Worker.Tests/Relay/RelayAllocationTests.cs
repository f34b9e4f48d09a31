using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux;
using Net.Platform.Linux.Relay;
using Net.Relay;
using Net.Testing;
using Net.Worker.Relay;
using Net.Workers.Relay;

namespace Net.Worker.Tests.Relay;

/// <summary>What a packet costs the collector: nothing, whatever is done with it.</summary>
public sealed class RelayAllocationTests
{
    private const int Packets = 100_000;
    private const int Burst = 50;

    [Fact]
    public void A_hundred_thousand_packets_allocate_nothing()
    {
        using var rig = new RelayRig(outputs: 2);
        using FrameSender frames = rig.OpenFrames();
        using var engine = new RelayEngine();
        PacketRingLayout layout = default;
        using var port = new RingPort(new PacketRing(rig.Relay.In(() => PacketRing.Open(new PacketRingOptions { InterfaceIndex = rig.InputIndex }, out layout)), layout), 1, rig.InputIndex);
        RelayFlow flow = rig.Flow(1, 5000, rig.Target(0) with { PacketsPerSecond = 10_000_000 }, rig.Target(1) with { MtuBytes = 600, Oversize = OversizeAction.Fragment });
        var flows = new FlowSet(
            [
                new RelayAssignment { Flow = flow with { AnalyzeSequence = true, Duplicates = DuplicateMode.Suppress } },
                new RelayAssignment { Flow = rig.Flow(2, 5001, rig.Target(0), rig.Target(1)) },
            ],
            null,
            MonotonicClock.Now);
        using var first = new PacketOutput(new PacketSender(rig.Relay.In(() => PacketSender.Open(rig.OutputIndexes[0]))), rig.OutputIndexes[0]);
        using var second = new PacketOutput(new PacketSender(rig.Relay.In(() => PacketSender.Open(rig.OutputIndexes[1]))), rig.OutputIndexes[1]);
        foreach (FlowRuntime runtime in flows.ByNumber)
        {
            runtime.Outputs[0].Packet = first;
            runtime.Outputs[1].Packet = second;
        }

        engine.Use(flows);
        int relayed = 0;
        Action relayAll = () =>
        {
            for (int batch = -1; batch != 0; relayed += batch)
            {
                batch = engine.Relay(port, MonotonicClock.Now);
            }
        };
        byte[][] burst = [.. Enumerable.Range(0, Burst).Select(number => FrameSender.Udp((ushort)(5000 + (number / 2 % 2)), [.. Enumerable.Repeat((byte)number, number % 10 == 0 ? 900 : 64)]))];

        Assert.Equal(0, Allocations.LeastOfParts(() =>
        {
            long allocated = 0;
            for (int goal = relayed + Packets; relayed < goal;)
            {
                frames.Send(burst);
                allocated += Allocations.Of(relayAll);
            }

            return allocated;
        }));
        var counters = new List<RelayCounters>();
        flows.Flows[new RelayFlowKey(2, rig.InputIndex)].State.AddCounters(counters, MonotonicClock.Now);
        Assert.True(counters.Single(one => one.Output == 1).Packets > Packets / 3, "too few were sent");
    }

    [Fact]
    public void Datagrams_of_sockets_allocate_nothing_either()
    {
        using var rig = new RelayRig();
        using var engine = new RelayEngine();
        Socket source = rig.OpenSource();
        using Socket member = rig.Relay.In(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        member.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(IPAddress.Parse(RelayRig.Group), rig.InputIndex));
        using var port = new UdpPort(new UdpReceiver(rig.Relay.In(() => UdpReceiver.Open(new UdpReceiverOptions { Local = new IPEndPoint(IPAddress.Parse(RelayRig.Group), 5000), Device = "i0" }))), 1, rig.InputIndex);
        using var output = new UdpOutput(new UdpSender(rig.Relay.In(() => UdpSender.Open(new UdpSenderOptions { InterfaceIndex = rig.OutputIndexes[0], Source = new IPEndPoint(IPAddress.Parse("10.9.10.1"), 0) }))), false);
        var flows = new FlowSet([new RelayAssignment { Flow = rig.Flow(1, 5000, rig.Target(0)), Engine = RelayEngineKind.Socket, UdpSenders = [7] }], null, MonotonicClock.Now);
        flows.ByNumber[0].Outputs[0].Udp = output;
        engine.Use(flows);
        int relayed = 0;
        Action relayAll = () =>
        {
            for (int batch = -1; batch != 0; relayed += batch)
            {
                batch = engine.Relay(port, MonotonicClock.Now);
            }
        };
        byte[] data = new byte[64];
        var to = new IPEndPoint(IPAddress.Parse(RelayRig.Group), 5000);

        Assert.Equal(0, Allocations.LeastOfParts(() =>
        {
            long allocated = 0;
            for (int goal = relayed + 10_000; relayed < goal;)
            {
                for (int number = 0; number < Burst; number++)
                {
                    source.SendTo(data, to);
                }

                allocated += Allocations.Of(relayAll);
            }

            return allocated;
        }));
        Assert.Equal(0, flows.ByNumber[0].State.DropsOf(0, RelayDrop.NoOutput));
    }
}
