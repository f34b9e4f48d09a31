using System.Net;
using System.Net.Sockets;
using Net.Packets;
using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux;

/// <summary>Two namespaces whose TUN devices are joined by a thread that does what a worker does, without the network between.</summary>
public sealed class TunDeviceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TCP_goes_through_in_large_reads_and_writes(bool isIPv6)
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new End("10.8.0.1/24", "fd08::1/64");
        using var right = new End("10.8.0.2/24", "fd08::2/64");
        using var cable = new Cable(left.Device, right.Device);
        IPAddress address = IPAddress.Parse(isIPv6 ? "fd08::2" : "10.8.0.2");
        byte[] data = new byte[8_000_000];
        new Random(3).NextBytes(data);
        using Socket listener = right.Space.In(() => new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        using Socket client = left.Space.In(() => new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        client.Connect(listener.LocalEndPoint!);
        using Socket server = listener.Accept();
        server.ReceiveTimeout = 20_000;
        var sender = new Thread(() => client.Send(data));
        sender.Start();

        byte[] received = new byte[data.Length];
        for (int at = 0; at < received.Length;)
        {
            at += server.Receive(received.AsSpan(at));
        }

        sender.Join();
        cable.Stop();
        Assert.True(received.AsSpan().SequenceEqual(data));
        Assert.Equal(0, cable.Refused);
        Assert.Equal(0, right.Device.WriteDrops);
        if (left.Device.HasTso)
        {
            Assert.True(cable.LargestRead > 30_000, $"the largest read was {cable.LargestRead} bytes");
            Assert.True(cable.Forward.Writes * 5 < cable.Forward.Packets, $"{cable.Forward.Packets} packets took {cable.Forward.Writes} writes");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UDP_goes_through_in_batches(bool isIPv6)
    {
        TestNamespace.SkipUnlessPossible();
        using var left = new End("10.8.0.1/24", "fd08::1/64");
        using var right = new End("10.8.0.2/24", "fd08::2/64");
        using var cable = new Cable(left.Device, right.Device);
        IPAddress any = isIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        using DatagramSocket sender = left.Space.In(() => DatagramSocket.Bind(new IPEndPoint(any, 0), new DatagramSocketOptions()));
        using DatagramSocket receiver = right.Space.In(() => DatagramSocket.Bind(new IPEndPoint(any, 0), new DatagramSocketOptions()));
        var to = SocketEndpoint.From(new IPEndPoint(IPAddress.Parse(isIPv6 ? "fd08::2" : "10.8.0.2"), receiver.LocalEndPoint.Port));
        byte[] data = new byte[(1200 * 30) + 77];
        new Random(4).NextBytes(data);

        Assert.True(sender.Send(data, 1200, to, out int error), $"errno {error}");

        using var whole = new MemoryStream();
        byte[] buffer = new byte[65_535];
        SocketEndpoint from = default;
        var poller = new Poller(1);
        poller.Set(0, receiver.Handle, wantRead: true);
        while (whole.Length < data.Length)
        {
            Assert.Equal(1, poller.Wait(20_000_000_000));
            whole.Write(buffer, 0, receiver.Receive(buffer, ref from, out _));
        }

        cable.Stop();
        Assert.True(whole.ToArray().AsSpan().SequenceEqual(data));
        if (left.Device.HasUso)
        {
            Assert.True(cable.LargestRead > 30_000, $"the largest read was {cable.LargestRead} bytes");
        }
    }

    [Fact]
    public void A_device_has_its_name_index_MTU_and_queue_length()
    {
        TestNamespace.SkipUnlessPossible();
        using var space = new TestNamespace();
        using TunDevice device = space.In(() =>
        {
            TunDevice made = TunDevice.Create("tt%d", multiQueue: true);
            TunDevice.SetMtu(made.Name, 1380);
            TunDevice.SetQueueLength(made.Name, 77);
            return made;
        });
        using TunDevice second = space.In(() => TunDevice.Create(device.Name, multiQueue: true));

        string text = space.Exec("ip", $"link show {device.Name}");

        Assert.Equal("tt0", device.Name);
        Assert.StartsWith($"{device.InterfaceIndex}: tt0", text, StringComparison.Ordinal);
        Assert.Contains("mtu 1380", text, StringComparison.Ordinal);
        Assert.Contains("qlen 77", text, StringComparison.Ordinal);
        Assert.Equal(device.InterfaceIndex, second.InterfaceIndex);
        Assert.Equal(0, device.Read(new byte[PacketSegmenter.BufferBytes]));
    }

    [Fact]
    public void A_device_that_was_handed_over_works()
    {
        TestNamespace.SkipUnlessPossible();
        using var space = new TestNamespace();
        using var signal = new Wakeup();
        TunDevice made = space.In(() => TunDevice.Create("handed", multiQueue: false));

        using TunDevice taken = space.In(() => TunDevice.FromDescriptor(made.Handle, made.HasTso, made.HasUso));

        Assert.Equal((made.Name, made.InterfaceIndex, made.HasTso, made.HasUso), (taken.Name, taken.InterfaceIndex, taken.HasTso, taken.HasUso));
        Assert.Throws<TunnelDeviceException>(() => TunDevice.FromDescriptor(signal.Handle, hasTso: false, hasUso: false));
    }

    [Fact]
    public void What_the_kernel_refuses_is_counted_and_a_deleted_device_is_gone()
    {
        TestNamespace.SkipUnlessPossible();
        using var space = new TestNamespace();
        using TunDevice device = space.In(() => TunDevice.Create("gone", multiQueue: false));
        byte[] packet = new byte[PacketSegmenter.HeaderBytes + 20];
        packet[10] = 0x45;

        Assert.False(device.Write(packet), "the interface is down");
        Assert.Equal(1, device.WriteDrops);
        space.Ip("link delete gone");

        Assert.True(Assert.Throws<TunnelDeviceException>(() => device.Read(new byte[2000])).IsGone);
        TunnelDeviceException failure = Assert.Throws<TunnelDeviceException>(() => device.Write(packet));
        Assert.True(failure.IsGone);
        Assert.Contains("gone", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_names_are_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");

        Assert.Throws<ArgumentException>(() => TunDevice.Create("longer-than-linux-allows", multiQueue: false));
        Assert.Throws<ArgumentException>(() => TunDevice.Create("", multiQueue: false));
        TunnelDeviceException failure = Assert.Throws<TunnelDeviceException>(() => TunDevice.SetMtu("no-such-link", 1400));
        Assert.Equal(19, failure.ErrorNumber);
        Assert.False(failure.IsGone);
        Assert.Equal("", new TunnelDeviceException("", new IOException()).Message);
        Assert.Equal(0, new TunnelDeviceException().ErrorNumber);
    }

    /// <summary>A namespace with a TUN device.</summary>
    private sealed class End : IDisposable
    {
        public End(string addressV4, string addressV6)
        {
            Device = Space.In(() => TunDevice.Create("tun", multiQueue: false));
            Space.Ip($"addr add {addressV4} dev tun");
            Space.Ip($"addr add {addressV6} dev tun nodad");
            Space.Ip("link set tun up mtu 1420");
        }

        public TestNamespace Space { get; } = new();

        public TunDevice Device { get; }

        public void Dispose()
        {
            Device.Dispose();
            Space.Dispose();
        }
    }

    /// <summary>Carries packets between two devices, one by one as a network would.</summary>
    private sealed class Cable : IDisposable
    {
        private readonly TunDevice _left;
        private readonly TunDevice _right;
        private readonly Wakeup _stop = new();
        private readonly Thread _thread;

        public Cable(TunDevice left, TunDevice right)
        {
            _left = left;
            _right = right;
            Forward = new PacketCoalescer(right, right.HasTso, right.HasUso);
            Back = new PacketCoalescer(left, left.HasTso, left.HasUso);
            _thread = new Thread(Run);
            _thread.Start();
        }

        public PacketCoalescer Forward { get; }

        public PacketCoalescer Back { get; }

        public int LargestRead { get; private set; }

        public int Refused { get; private set; }

        public void Stop()
        {
            _stop.Signal();
            _thread.Join();
        }

        public void Dispose()
        {
            Stop();
            _stop.Dispose();
        }

        private void Run()
        {
            using var buffer = new NativeBuffer(PacketSegmenter.BufferBytes);
            var poller = new Poller(3);
            poller.Set(0, _left.Handle, wantRead: true);
            poller.Set(1, _right.Handle, wantRead: true);
            poller.Set(2, _stop.Handle, wantRead: true);
            while (poller.Wait(-1) >= 0 && !poller.IsReady(2))
            {
                Carry(_left, Forward, buffer);
                Carry(_right, Back, buffer);
            }
        }

        private void Carry(TunDevice from, PacketCoalescer to, NativeBuffer buffer)
        {
            for (int count = from.Read(buffer.Span); count > 0; count = from.Read(buffer.Span))
            {
                LargestRead = Math.Max(LargestRead, count);
                var segmenter = default(PacketSegmenter);
                Refused += segmenter.Begin(buffer.Span[..count]) ? 0 : 1;
                for (; segmenter.TryPeek(out ReadOnlySpan<byte> packet); segmenter.Advance())
                {
                    to.Push(packet);
                }

                to.Flush();
            }
        }
    }
}
