using System.Net;
using Net.Relay.Membership;

namespace Net.Relay.Tests.Membership;

public sealed class MembershipPacketTests
{
    public static TheoryData<string> Kernels => [.. Corpus.Names];

    [Theory]
    [InlineData("igmpv1-report", 1, GroupRecordKind.ModeIsExclude, "239.1.2.3", "239.1.2.3", "")]
    [InlineData("igmpv2-report", 2, GroupRecordKind.ModeIsExclude, "239.1.2.3", "239.1.2.3", "")]
    [InlineData("igmpv2-leave", 2, GroupRecordKind.ChangeToInclude, "239.1.2.3", "224.0.0.2", "")]
    [InlineData("igmpv3-report", 3, GroupRecordKind.ChangeToExclude, "239.1.2.3", "224.0.0.22", "")]
    [InlineData("igmpv3-leave", 3, GroupRecordKind.ChangeToInclude, "239.1.2.3", "224.0.0.22", "")]
    [InlineData("igmpv3-report-sources", 3, GroupRecordKind.AllowNewSources, "232.1.2.3", "224.0.0.22", "10.0.0.1 10.0.0.2 10.0.0.3")]
    [InlineData("igmpv3-block", 3, GroupRecordKind.BlockOldSources, "232.1.2.3", "224.0.0.22", "10.0.0.3 10.0.0.2 10.0.0.1")]
    [InlineData("mldv1-report", 1, GroupRecordKind.ModeIsExclude, "ff0e::1234", "ff0e::1234", "")]
    [InlineData("mldv1-leave", 1, GroupRecordKind.ChangeToInclude, "ff0e::1234", "ff02::2", "")]
    [InlineData("mldv2-report", 2, GroupRecordKind.ChangeToExclude, "ff0e::1234", "ff02::16", "")]
    [InlineData("mldv2-leave", 2, GroupRecordKind.ChangeToInclude, "ff0e::1234", "ff02::16", "")]
    [InlineData("mldv2-report-sources", 2, GroupRecordKind.AllowNewSources, "ff3e::4321", "ff02::16", "2001:db8::1 2001:db8::2")]
    [InlineData("mldv2-block", 2, GroupRecordKind.BlockOldSources, "ff3e::4321", "ff02::16", "2001:db8::2 2001:db8::1")]
    public void What_a_kernel_reports_is_read(string name, int version, GroupRecordKind kind, string group, string destination, string sources)
    {
        Assert.True(MembershipPacket.TryRead(Corpus.Read(name), out MembershipPacket? packet));

        GroupRecord record = Assert.Single(packet.Message.Records);
        Assert.Equal((version, kind), (packet.Message.Version, record.Kind));
        Assert.Equal((IPAddress.Parse(group), IPAddress.Parse(destination)), (record.Group, packet.Destination));
        Assert.Equal(sources, string.Join(' ', record.Sources));
        Assert.Equal(name.Contains("leave", StringComparison.Ordinal) && version < (packet.Source.IsIPv6LinkLocal ? 2 : 3), packet.Message.Kind == MembershipMessageKind.Leave);
        Assert.True(packet.HasRouterAlert);
    }

    [Theory]
    [InlineData("igmpv2-query", 2, "224.0.0.1", 10_000, 0, 0)]
    [InlineData("igmpv3-query", 3, "224.0.0.1", 10_000, 2, 125)]
    [InlineData("mldv1-query", 1, "ff02::1", 10_000, 0, 0)]
    [InlineData("mldv2-query", 2, "ff02::1", 10_000, 2, 125)]
    public void What_a_kernel_asks_is_read(string name, int version, string destination, int milliseconds, int robustness, int interval)
    {
        Assert.True(MembershipPacket.TryRead(Corpus.Read(name), out MembershipPacket? packet));

        MembershipQuery query = packet.Message.Query!;
        Assert.Equal((version, IPAddress.Parse(destination)), (packet.Message.Version, packet.Destination));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), query.MaxResponseTime);
        Assert.Equal((robustness, TimeSpan.FromSeconds(interval)), (query.Robustness, query.QueryInterval));
        Assert.Null(query.Group);
        Assert.Empty(query.Sources);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void What_was_read_is_written_as_the_kernel_wrote_it(string name)
    {
        byte[] theirs = Corpus.Read(name);
        Assert.True(MembershipPacket.TryRead(theirs, out MembershipPacket? packet));

        (byte[] ours, IPAddress destination) = MembershipPacket.Write(packet.Message, packet.Source);

        // The kernel sets "don't fragment" and its checksum with it, IPv6 its own padding: the messages must be the same byte by byte.
        int header = packet.Source.IsIPv6LinkLocal ? 48 : 24;
        Assert.Equal(packet.Destination, destination);
        Assert.Equal(Convert.ToHexString(theirs[header..]), Convert.ToHexString(ours[header..]));
        Assert.True(MembershipPacket.TryRead(ours, out MembershipPacket? again));
        Assert.Equal((packet.Source, packet.Destination, packet.HasRouterAlert), (again.Source, again.Destination, again.HasRouterAlert));
    }

    [Fact]
    public void Padding_of_the_link_layer_is_not_part_of_the_message()
    {
        byte[] padded = [.. Corpus.Read("igmpv2-report"), .. new byte[14]];

        Assert.True(MembershipPacket.TryRead(padded, out MembershipPacket? packet));
        Assert.Equal(2, packet.Message.Version);
    }

    [Theory]
    [InlineData("mldv2-report", 7, 2, "another hop limit has crossed a router")]
    [InlineData("mldv2-report", 8, 0x20, "the source is not link-local")]
    [InlineData("mldv2-report", 42, 1, "there is no router alert")]
    [InlineData("mldv2-report", 24, 0x20, "it was sent to one host")]
    [InlineData("igmpv3-report", 16, 10, "it was sent to one host")]
    [InlineData("igmpv3-report", 10, 0, "the header's checksum is wrong")]
    [InlineData("igmpv3-report", 26, 0, "the message's checksum is wrong")]
    [InlineData("igmpv3-report", 9, 17, "it is another protocol")]
    public void What_the_protocols_forbid_is_refused(string name, int offset, byte value, string because)
    {
        byte[] packet = Corpus.Read(name);
        packet[offset] = value;

        Assert.False(MembershipPacket.TryRead(packet, out _), because);
    }

    [Fact]
    public void Random_bytes_and_damaged_packets_do_no_harm()
    {
        var random = new Random(20_261_126);
        byte[][] seeds = [.. Corpus.Names.Select(Corpus.Read)];
        int read = 0;
        for (int i = 0; i < 200_000; i++)
        {
            byte[] packet = [.. seeds[random.Next(seeds.Length)]];
            if (i % 4 == 0)
            {
                packet = packet[..random.Next(packet.Length + 1)];
            }

            for (int changes = random.Next(4); changes > 0 && packet.Length > 0; changes--)
            {
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
            }

            read += MembershipPacket.TryRead(packet, out _) ? 1 : 0;

            // Without checksums in the way, so that the parsers behind them are reached.
            _ = MldMessage.TryParse(packet.AsSpan(Math.Min(packet.Length, 48)), out _);
            WithChecksum(packet.AsSpan(Math.Min(packet.Length, 24)));
        }

        Assert.InRange(read, 1, 199_999);

        static void WithChecksum(Span<byte> message)
        {
            if (message.Length >= 8)
            {
                message[2..4].Clear();
                ushort checksum = global::Net.Packets.InternetChecksum.Compute(message);
                (message[2], message[3]) = ((byte)(checksum >> 8), (byte)checksum);
                _ = IgmpMessage.TryParse(message, out _);
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    public void Whatever_is_written_is_read_as_it_was(int addressBytes)
    {
        var random = new Random(addressBytes);
        IPAddress source = addressBytes == 4 ? IPAddress.Parse("10.0.0.1") : IPAddress.Parse("fe80::1");
        int latest = addressBytes == 4 ? 3 : 2;
        for (int i = 0; i < 2_000; i++)
        {
            MembershipMessage message = i % 2 == 0
                ? MembershipMessage.Tell(latest, [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => new GroupRecord((GroupRecordKind)random.Next(1, 7), Group(), Addresses()))])
                : MembershipMessage.Ask(latest, new MembershipQuery { Group = Group(), Sources = Addresses(), Robustness = random.Next(8), QueryInterval = TimeSpan.FromSeconds(random.Next(128)), MaxResponseTime = TimeSpan.FromSeconds(random.Next(1, 12)), SuppressRouterProcessing = random.Next(2) == 0 });

            Assert.True(MembershipPacket.TryRead(MembershipPacket.Write(message, source).Packet, out MembershipPacket? packet));

            Assert.Equal(Text(message), Text(packet.Message));
        }

        IPAddress[] Addresses() => [.. Enumerable.Range(0, random.Next(5)).Select(_ => Address())];
        IPAddress Address()
        {
            byte[] bytes = new byte[addressBytes];
            random.NextBytes(bytes);
            return new IPAddress(bytes);
        }

        IPAddress Group()
        {
            byte[] bytes = Address().GetAddressBytes();
            bytes[0] = (byte)(addressBytes == 4 ? 239 : 0xff);
            return new IPAddress(bytes);
        }

        static string Text(MembershipMessage message) => string.Join(
            '\n',
            [
                $"{message.Kind} {message.Version} {message.Query?.Group} {message.Query?.MaxResponseTime} {message.Query?.Robustness} {message.Query?.QueryInterval} {message.Query?.SuppressRouterProcessing} {string.Join(' ', message.Query?.Sources ?? [])}",
                .. message.Records.Select(record => $"{record.Kind} {record.Group} {string.Join(' ', record.Sources)}"),
            ]);
    }

    [Fact]
    public void A_report_that_claims_more_records_than_it_has_is_refused_without_making_room_for_them()
    {
        byte[] message = [0x22, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 0, 0, 0, 239, 1, 1, 1];
        ushort checksum = global::Net.Packets.InternetChecksum.Compute(message);
        (message[2], message[3]) = ((byte)(checksum >> 8), (byte)checksum);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(IgmpMessage.TryParse(message, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(127, 127)]
    [InlineData(128, 128)]
    [InlineData(129, 128)]
    [InlineData(1_000, 992)]
    [InlineData(31_744, 31_744)]
    [InlineData(1_000_000, 31_744)]
    public void Times_in_8_bits_are_never_longer_than_asked(int value, int carried) =>
        Assert.Equal(carried, MembershipTimeCode.Decode8(MembershipTimeCode.Encode8(value)));

    [Theory]
    [InlineData(10_000, 10_000)]
    [InlineData(32_767, 32_767)]
    [InlineData(32_768, 32_768)]
    [InlineData(100_001, 100_000)]
    [InlineData(int.MaxValue, 8_387_584)]
    public void Times_in_16_bits_are_never_longer_than_asked(int value, int carried) =>
        Assert.Equal(carried, MembershipTimeCode.Decode16(MembershipTimeCode.Encode16(value)));

    [Theory]
    [InlineData("224.0.0.251", true, false)]
    [InlineData("224.0.1.1", true, true)]
    [InlineData("239.255.0.1", true, true)]
    [InlineData("10.0.0.1", false, false)]
    [InlineData("ff02::fb", true, false)]
    [InlineData("ff05::2", true, true)]
    [InlineData("fe80::1", false, false)]
    public void Groups_of_the_link_are_groups_but_not_routed(string address, bool isGroup, bool isRouted) =>
        Assert.Equal((isGroup, isRouted), (MulticastGroups.IsGroup(IPAddress.Parse(address)), MulticastGroups.IsRouted(IPAddress.Parse(address))));
}
