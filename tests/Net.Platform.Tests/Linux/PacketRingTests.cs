using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Net.Platform.Linux;
using Net.Platform.Linux.Relay;

namespace Net.Platform.Tests.Linux;

/// <summary>Rings, senders and sockets of the relay on interfaces of the kernel.</summary>
public sealed class PacketRingTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly IPEndPoint s_group = new(IPAddress.Parse("239.5.5.5"), 5000);

    [Theory]
    [InlineData(1500, 8 << 20, 4288)]
    [InlineData(9000, 8 << 20, 9152)]
    [InlineData(68, 1, 4288)]
    public void A_layout_has_places_for_every_frame_of_the_mtu(int mtu, int bytes, int frameBytes)
    {
        PacketRingLayout layout = PacketRingLayout.For(mtu, bytes);

        Assert.Equal(frameBytes, layout.FrameBytes);
        Assert.Equal(Math.Max(bytes, 256 * 1024), layout.Bytes);
        Assert.Equal(layout.BlockCount * (layout.BlockBytes / frameBytes), layout.FrameCount);
    }

    [Fact]
    public void Frames_come_in_order_over_many_rounds_and_what_leaves_does_not_come()
    {
        using var pair = new Pair();
        using Socket other = Pair.Open(pair.Here, "a0", "10.5.0.2");
        for (int round = 0; round < 40; round++)
        {
            for (int number = 0; number < 20; number++)
            {
                pair.Sender.SendTo([(byte)round, (byte)number], s_group);
                other.SendTo([0xEE], s_group);
            }

            for (int number = 0; number < 20; number++)
            {
                PacketFrame frame = pair.Next();
                Assert.Equal([(byte)round, (byte)number], frame.Memory.Span[42..44].ToArray());
                Assert.Equal((14, 0, 0), (frame.LinkBytes, frame.MissingBytes, frame.VlanId));
                Assert.True(frame.IsChecksumPartial);
            }

            pair.Ring.Release();
        }

        Assert.False(pair.Ring.TryPeek(out _));
    }

    [Fact]
    public void Another_process_goes_on_where_the_one_before_stopped()
    {
        using var pair = new Pair();
        for (int number = 0; number < 7; number++)
        {
            pair.Sender.SendTo([(byte)number], s_group);
        }

        for (int number = 0; number < 3; number++)
        {
            Assert.Equal(number, pair.Next().Memory.Span[42]);
        }

        pair.Ring.Release();
        PacketFrame unreleased = pair.Next();
        using PacketRing second = pair.MapAgain();
        for (int number = 3; number < 7; number++)
        {
            Assert.True(second.TryPeek(out PacketFrame frame));
            Assert.Equal(number, frame.Memory.Span[42]);
        }

        Assert.Equal(3, unreleased.Memory.Span[42]);
        second.Release();
        Assert.False(second.TryPeek(out _));
    }

    [Fact]
    public void A_full_ring_counts_what_it_drops_and_its_oldest_frame_is_found()
    {
        using var pair = new Pair();
        int places = PacketRingLayout.For(1500, 1).FrameCount;
        for (int number = 0; number < 5; number++)
        {
            pair.Sender.SendTo([0xFF], s_group);
            pair.Next();
        }

        pair.Ring.Release();
        for (int number = 0; number < places + 30; number++)
        {
            pair.Sender.SendTo([(byte)number, (byte)(number >> 8)], s_group);
        }

        using PacketRing second = pair.MapAgain();
        Assert.True(second.TryPeek(out PacketFrame frame));
        Assert.Equal([0, 0], frame.Memory.Span[42..44].ToArray());
        int count = 1;
        while (second.TryPeek(out _))
        {
            count++;
        }

        Assert.Equal(places, count);
        Assert.Equal(30, second.TakeOverruns());
        Assert.Equal(0, second.TakeOverruns());
    }

    [Fact]
    public void A_batch_too_large_for_a_place_comes_whole_with_the_size_of_its_parts()
    {
        using var pair = new Pair();
        byte[] data = new byte[30_000];
        new Random(5).NextBytes(data);
        pair.Sender.SetRawSocketOption(17, 103, BitConverter.GetBytes(1000));
        using var buffer = new NativeBuffer(66_048);

        pair.Sender.SendTo(data, s_group);
        pair.Sender.SendTo(data.AsSpan(0, 1_400), SocketFlags.None, s_group);

        PacketFrame place = pair.Next();
        Assert.True(place.IsOversize);
        Assert.True(pair.Ring.ReadOversize(PacketMemory.Of(buffer), out PacketFrame frame));
        Assert.Equal((1000, true, 14), (frame.SegmentBytes, frame.IsChecksumPartial, frame.LinkBytes));
        Assert.Equal(data, frame.Memory.Span[42..].ToArray());
        PacketFrame small = pair.Next();
        Assert.Equal((1000, false), (small.SegmentBytes, small.IsOversize));
        Assert.False(pair.Ring.ReadOversize(PacketMemory.Of(buffer), out _));
    }

    [Fact]
    public void A_vlan_tag_is_told_and_other_traffic_never_comes()
    {
        using var pair = new Pair();
        using var sender = new PacketSender(pair.There.In(() => PacketSender.Open(Index(pair.There, "b0"))));
        using var memory = new NativeBuffer(256);
        byte[] tagged = [0x01, 0x00, 0x5E, 5, 5, 5, 2, 0, 0, 0, 0, 1, 0x81, 0x00, 0x00, 42, 0x08, 0x00, .. Ip(17, 224), 0, 1, 0, 2, 0, 8, 0, 0];
        byte[] tcp = [.. tagged[..12], 0x08, 0x00, .. Ip(6, 224), .. new byte[20]];
        byte[] unicast = [.. tagged[..12], 0x08, 0x00, .. Ip(17, 10), 0, 1, 0, 2, 0, 8, 0, 0];
        byte[] arp = [.. tagged[..12], 0x08, 0x06, .. new byte[28]];

        foreach (byte[] frame in (byte[][])[tcp, unicast, arp, tagged])
        {
            frame.CopyTo(memory.Span);
            _ = sender.Begin(0);
            sender.AddPayload(PacketMemory.Of(memory).Slice(0, frame.Length));
            sender.End(0, 1, frame.Length);
            Assert.Equal(0, sender.Flush().Length);
        }

        PacketFrame first = pair.Next();
        Assert.Equal((42, 14), (first.VlanId, first.LinkBytes));
        Assert.False(pair.Ring.TryPeek(out _));
    }

    [Fact]
    public void Errors_of_sends_are_told_by_message_and_a_link_that_is_up_again_works()
    {
        using var pair = new Pair();
        using var sender = new PacketSender(pair.There.In(() => PacketSender.Open(Index(pair.There, "b0"))));
        using var memory = new NativeBuffer(2_048);
        byte[] frame = [0x01, 0x00, 0x5E, 5, 5, 5, 2, 0, 0, 0, 0, 1, 0x08, 0x00, .. Ip(17, 239), 0, 1, 0, 2, 0, 8, 0, 0];
        frame.CopyTo(memory.Span);
        void Add(int tag, int length)
        {
            _ = sender.Begin(0);
            sender.AddPayload(PacketMemory.Of(memory).Slice(0, length));
            sender.End(tag, 1, length);
        }

        Add(1, frame.Length);
        Add(2, 2_000);
        Add(3, frame.Length);
        SendFailure failure = Assert.Single(sender.Flush().ToArray());
        Assert.Equal((2, true), (failure.Tag, failure.IsTooBig));
        pair.There.Ip("link set b0 down");
        Add(4, frame.Length);
        Assert.True(Assert.Single(sender.Flush().ToArray()).IsInterfaceDown);
        pair.There.Ip("link set b0 up");
        Add(5, frame.Length);
        Assert.Empty(sender.Flush().ToArray());
    }

    [Fact]
    public void Udp_goes_out_in_batches_and_comes_in_joined()
    {
        using var receiver = new UdpReceiver(UdpReceiver.Open(new UdpReceiverOptions { Local = new IPEndPoint(IPAddress.Loopback, 0) }));
        using var sender = new UdpSender(UdpSender.Open(new UdpSenderOptions { InterfaceIndex = 1, Source = new IPEndPoint(IPAddress.Loopback, 0), Ttl = 3 }));
        using var memory = new NativeBuffer(1_000);
        using var batch = new UdpReceiveBatch();
        for (int at = 0; at < memory.Length; at++)
        {
            memory.Span[at] = (byte)at;
        }

        Span<byte> loopback = [127, 0, 0, 1];
        sender.Begin(SocketEndpoint.From(loopback, (ushort)receiver.Local.Port, 0));
        sender.AddPayload(PacketMemory.Of(memory).Slice(0, 400));
        sender.AddPayload(PacketMemory.Of(memory).Slice(400, 550));
        sender.Split(100);
        sender.End(1, 10, 950);
        sender.Begin(SocketEndpoint.From(receiver.Local));
        sender.AddPayload(PacketMemory.Of(memory).Slice(0, 7));
        sender.End(2, 1, 7);
        Assert.Equal(0, sender.Flush().Length);

        var received = new List<byte[]>();
        var poller = new Poller(1);
        poller.Set(0, receiver.Handle, wantRead: true);
        while (received.Count < 11)
        {
            Assert.True(poller.Wait((long)s_patience.TotalNanoseconds) > 0, "nothing came");
            int messages = receiver.Receive(batch);
            for (int message = 0; message < messages; message++)
            {
                received.AddRange(batch.Data(message).Span.ToArray().Chunk(batch.SegmentBytes(message)));
            }
        }

        Assert.Equal([.. Enumerable.Repeat(100, 9), 50, 7], received.Select(one => one.Length));
        Assert.Equal(memory.Span[..950].ToArray(), received.Take(10).SelectMany(one => one));
        Assert.Equal(0, receiver.ReadOverruns());
    }

    [Fact]
    public void Memory_knows_its_bounds()
    {
        using var buffer = new NativeBuffer(100);
        PacketMemory all = PacketMemory.Of(buffer);

        Assert.Throws<ArgumentOutOfRangeException>(() => all.Slice(90, 11));
        Assert.Throws<ArgumentOutOfRangeException>(() => all.Slice(-1, 1));
        Assert.True(all.Slice(0, 40).IsFollowedBy(all.Slice(40, 10)));
        Assert.Equal(50, all.Slice(0, 40).WithTail(all.Slice(40, 10)).Length);
        Assert.Throws<ArgumentException>(() => all.Slice(0, 40).WithTail(all.Slice(41, 10)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Datagrams_of_one_sender_come_joined_while_somebody_asks_for_it(bool isAsked)
    {
        const int payloadBytes = 64;
        using var pair = new Pair();
        pair.Here.Exec("ethtool", "-K a0 gro on");
        using SafeHandle? joiner = isAsked ? pair.Here.In(() => DatagramJoiner.Open("a0", s_group)) : null;
        byte[] frame = Convert.FromHexString("01005e050505" + "020000000001" + "0800" + "4500005c00004000" + "10110000" + "0a050001" + "ef050505" + "9c4013880048" + "0001" + new string('5', 2 * payloadBytes));
        int index = Index(pair.There, "b0");

        // As many as can be come in batches, as from a network card. On a busy host the time may be over before the kernel begins.
        long sent = 0;
        for (int attempt = 0; attempt < 20 && sent <= 64; attempt++)
        {
            sent += pair.There.In(() => XdpLiveFrames.Send(frame, index, 0, TimeSpan.FromMilliseconds(100), [new FrameVariation(42, 8)], CancellationToken.None));
        }

        Assert.True(sent > 64, $"{sent} frames were sent");
        int most = 0;
        PacketFrame one = pair.Next();
        do
        {
            int bytes = one.Memory.Length - 42;
            Assert.Equal(bytes > payloadBytes ? payloadBytes : 0, one.SegmentBytes);
            Assert.Equal((0, true), (bytes % payloadBytes, one.IsChecksumVerified || one.IsChecksumPartial));
            long first = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(one.Memory.Span[42..]);
            for (int at = 0; at < bytes; at += payloadBytes)
            {
                Assert.Equal(first + (at / payloadBytes), System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(one.Memory.Span[(42 + at)..]));
            }

            most = Math.Max(most, bytes / payloadBytes);
        }
        while (pair.Ring.TryPeek(out one));

        Assert.Equal(isAsked, most > 1);
        using Socket? own = isAsked ? pair.Here.In(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)) : null;
        if (own is not null)
        {
            // A receiver that shares its port, as those of multicast do, is not in the way, nor this in its.
            own.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            own.Bind(s_group);
        }
    }

    [Fact]
    public void What_is_no_ring_is_refused()
    {
        using var file = File.OpenHandle("/dev/null");
        using var duplicate = new Microsoft.Win32.SafeHandles.SafeFileHandle(file.DangerousGetHandle(), ownsHandle: false);

        Assert.Throws<SocketException>(() => new PacketRing(duplicate, PacketRingLayout.For(1500, 1 << 20)));
    }

    private static int Index(TestNamespace where, string link)
    {
        using NetworkMonitor monitor = where.In(() => new NetworkMonitor());
        using NetworkSubscription subscription = monitor.Subscribe();
        return subscription.Start.FindLink(link)!.Index;
    }

    private static byte[] Ip(byte protocol, byte firstOfDestination) => [0x45, 0, 0, 28, 0, 0, 0, 0, 8, protocol, 0, 0, 10, 5, 0, 1, firstOfDestination, 5, 5, 5];

    /// <summary>Two namespaces with a wire between them: a ring here, a sender there.</summary>
    private sealed class Pair : IDisposable
    {
        private readonly SafeHandle _handle;
        private readonly PacketRingLayout _layout;
        private readonly Poller _poller = new(1);

        public Pair()
        {
            TestNamespace.SkipUnlessPossible();
            Here = new TestNamespace();
            There = new TestNamespace();
            Here.Connect("a0", There, "b0");
            Here.Ip("addr add 10.5.0.2/24 dev a0");
            There.Ip("addr add 10.5.0.1/24 dev b0");
            PacketRingLayout layout = default;
            int index = Index(Here, "a0");
            _handle = Here.In(() => PacketRing.Open(new PacketRingOptions { InterfaceIndex = index, RingBytes = 1 }, out layout));
            _layout = layout;
            Ring = MapAgain();
            _poller.Set(0, Ring.Handle, wantRead: true);
            Sender = Open(There, "b0", "10.5.0.1");
        }

        public TestNamespace Here { get; }

        public TestNamespace There { get; }

        public PacketRing Ring { get; }

        public Socket Sender { get; }

        // As another process gets it: the same ring under another number.
        public PacketRing MapAgain()
        {
            (DescriptorChannel ours, SafeHandle theirs) = DescriptorChannel.CreatePair();
            using DescriptorChannel channel = ours;
            using var other = DescriptorChannel.FromDescriptor((int)theirs.DangerousGetHandle());
            theirs.SetHandleAsInvalid();
            channel.Send([1], [_handle]);
            List<SafeHandle> copies = [];
            other.Receive(new byte[1], copies);
            return new PacketRing(copies.Single(), _layout);
        }

        public static Socket Open(TestNamespace where, string link, string address)
        {
            int index = Index(where, link);
            return where.In(() =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder(index));
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                return socket;
            });
        }

        public PacketFrame Next()
        {
            PacketFrame frame;
            while (!Ring.TryPeek(out frame))
            {
                Assert.True(_poller.Wait((long)s_patience.TotalNanoseconds) > 0, "no frame came");
            }

            return frame;
        }

        public void Dispose()
        {
            Sender.Dispose();
            Ring.Dispose();
            _handle.Dispose();
            Here.Dispose();
            There.Dispose();
        }
    }
}
