using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux;
using Net.Platform.Linux.Netfilter;

namespace Net.Platform.Tests.Linux.Netfilter;

public sealed class PacketLogTests
{
    private const string Logging = """
        table inet netmod {
            chain input { type filter hook input priority 0; udp dport 5000 meta mark set 0x42 log prefix "4711 block" group 5077; tcp flags syn log group 5077; }
            chain output { type filter hook output priority 0; udp dport 5009 log prefix "out" group 5077; }
        }
        """;

    [Theory]
    [InlineData("10.9.1.1", "10.9.1.2")]
    [InlineData("fd09::1", "fd09::2")]
    public async Task A_logged_packet_comes_with_all_that_is_known_of_it(string from, string to)
    {
        using var space = new NetfilterSpace(Logging);
        using PacketLogReader reader = space.OnServer(() => new PacketLogReader());
        Socket client = space.Udp(space.Client, IPAddress.Parse(from), 5001);
        using RouteNetlink links = space.Server.In(() => new RouteNetlink());
        LinkInfo link = links.GetLinks().Single(item => item.Name == "vb");
        using RouteNetlink clientLinks = space.Client.In(() => new RouteNetlink());
        byte[] large = new byte[1000];

        client.SendTo(large, new IPEndPoint(IPAddress.Parse(to), 5000));
        LoggedPacket packet = await NetfilterSpace.ReadUntilAsync(reader.Packets, _ => true);

        int headerBytes = from.Contains(':') ? 48 : 28;
        Assert.Equal("4711 block", packet.Prefix);
        Assert.Equal(FirewallHook.Input, packet.Hook);
        Assert.Equal(from.Contains(':') ? FirewallFamily.Ip6 : FirewallFamily.Ip, packet.Family);
        Assert.Equal(0x42u, packet.Mark);
        Assert.Equal(link.Index, packet.InputInterface);
        Assert.Null(packet.OutputInterface);
        Assert.Null(packet.UserId);
        Assert.Equal(clientLinks.GetLinks().Single(item => item.Name == "va").HardwareAddress!.GetAddressBytes(), packet.HardwareAddress.ToArray());
        Assert.Equal(128, packet.Payload.Length);
        Assert.Equal(
            new PacketTuple(17, IPAddress.Parse(from), IPAddress.Parse(to), 5001, 5000, LengthBytes: headerBytes + large.Length),
            packet.Packet);
        Assert.True(Math.Abs((DateTimeOffset.UtcNow - packet.Time).TotalMinutes) < 5);
        Assert.Equal((1, 0, 0, 0), (reader.Received, reader.Dropped, reader.Lost, reader.Damaged));
    }

    [Fact]
    public async Task A_packet_of_this_host_names_its_user_and_one_without_prefix_has_none()
    {
        using var space = new NetfilterSpace(Logging);
        using PacketLogReader reader = space.OnServer(() => new PacketLogReader());
        Socket own = space.Udp(space.Server, NetfilterSpace.ServerAddress, 5008);
        own.SendTo("x"u8, new IPEndPoint(NetfilterSpace.ClientAddress, 5009));
        LoggedPacket sent = await NetfilterSpace.ReadUntilAsync(reader.Packets, _ => true);

        space.ConnectTcp(NetfilterSpace.ServerAddress, 8000);
        LoggedPacket connecting = await NetfilterSpace.ReadUntilAsync(reader.Packets, _ => true);

        Assert.Equal(("out", FirewallHook.Output, 0u, 0u), (sent.Prefix, sent.Hook, sent.UserId!.Value, sent.GroupId!.Value));
        Assert.NotNull(sent.OutputInterface);
        Assert.Null(sent.InputInterface);
        Assert.Equal("", connecting.Prefix);
        Assert.Equal((byte)2, connecting.Packet!.TcpFlags!.Value & 0x12);
    }

    [Fact]
    public async Task Nobody_reading_costs_the_oldest_and_is_counted()
    {
        const int count = 200;
        const int capacity = 16;
        using var space = new NetfilterSpace(Logging);
        using PacketLogReader reader = space.OnServer(() => new PacketLogReader(new PacketLogOptions { Capacity = capacity, QueueThreshold = 1 }));
        Socket client = space.Udp(space.Client, NetfilterSpace.ClientAddress, 5001);
        for (int i = 0; i < count; i++)
        {
            client.SendTo(new byte[i], new IPEndPoint(NetfilterSpace.ServerAddress, 5000));
        }

        int read = 0;
        LoggedPacket last;
        do
        {
            last = await NetfilterSpace.ReadUntilAsync(reader.Packets, _ => true);
            read++;
        }
        while (last.Packet!.LengthBytes < 28 + count - 1);

        Assert.Equal((count, 0), (reader.Received, reader.Lost));
        Assert.Equal(count, read + reader.Dropped);
    }

    [Fact]
    public void What_the_kernel_cannot_hand_over_is_counted_by_its_numbers()
    {
        const int count = 3000;
        using var space = new NetfilterSpace(Logging);
        using var gate = new ManualResetEventSlim();
        using PacketLogReader reader = space.OnServer(() => new PacketLogReader(
            new PacketLogOptions { QueueThreshold = 1, ReceiveBufferBytes = 4096, TimeProvider = new GatedTime(gate) }));
        Socket client = space.Udp(space.Client, NetfilterSpace.ClientAddress, 5001);
        for (int i = 0; i < count; i++)
        {
            client.SendTo("x"u8, new IPEndPoint(NetfilterSpace.ServerAddress, 5000));
        }

        // The reader's thread waits for the time of the first packet until all were sent; what comes afterwards shows the hole.
        gate.Set();
        var limit = System.Diagnostics.Stopwatch.StartNew();
        while (reader.Received + reader.Lost < count && limit.Elapsed < TimeSpan.FromSeconds(20))
        {
            client.SendTo("x"u8, new IPEndPoint(NetfilterSpace.ServerAddress, 5000));
        }

        Assert.True(reader.Lost > 0);
        Assert.True(reader.Received + reader.Lost >= count, $"{reader.Received} received, {reader.Lost} lost");
    }

    [Fact]
    public void A_group_belongs_to_one_and_is_free_afterwards()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        PacketLogReader first = place.In(() => new PacketLogReader());

        NetlinkException refusal = Assert.Throws<NetlinkException>(() => place.In(() => new PacketLogReader()));
        using PacketLogReader other = place.In(() => new PacketLogReader(new PacketLogOptions { Group = 5078 }));
        first.Dispose();
        using PacketLogReader second = place.In(() => new PacketLogReader());

        Assert.Contains("5077", refusal.Message, StringComparison.Ordinal);
        Assert.True(first.Packets.Completion.IsCompleted);
    }

    private sealed class GatedTime(ManualResetEventSlim gate) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            gate.Wait(TimeSpan.FromSeconds(20));
            return base.GetUtcNow();
        }
    }
}
