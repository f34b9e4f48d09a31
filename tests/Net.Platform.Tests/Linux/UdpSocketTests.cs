using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux;
using Net.Testing;

namespace Net.Platform.Tests.Linux;

public sealed class UdpSocketTests
{
    private const int TooLarge = 90;
    private static readonly IPEndPoint s_loopback = new(IPAddress.Loopback, 0);

    [Fact]
    public void A_batch_goes_out_in_one_call_and_comes_in_joined()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        using DatagramSocket sender = DatagramSocket.Bind(s_loopback, new DatagramSocketOptions());
        using DatagramSocket receiver = DatagramSocket.Bind(s_loopback, new DatagramSocketOptions());
        byte[] batch = new byte[(1400 * 20) + 100];
        new Random(2).NextBytes(batch);
        var to = SocketEndpoint.From(receiver.LocalEndPoint);

        Assert.True(sender.Send(batch, 1400, to, out int error));

        Assert.Equal(0, error);
        using var whole = new MemoryStream();
        byte[] buffer = new byte[65_535];
        SocketEndpoint from = default;
        int calls = 0;
        while (whole.Length < batch.Length)
        {
            WaitFor(receiver);
            int count = receiver.Receive(buffer, ref from, out int segmentBytes);
            Assert.True(segmentBytes == 1400 || count <= 1400);
            whole.Write(buffer, 0, count);
            calls++;
        }

        Assert.True(whole.ToArray().AsSpan().SequenceEqual(batch));
        Assert.True(calls < 5, $"{calls} calls for 21 datagrams");
        Assert.Equal(sender.LocalEndPoint, from.ToIPEndPoint());
        Assert.Equal(0, receiver.Receive(buffer, ref from, out _));
        Assert.Equal((0L, 0L), (sender.SendErrors, receiver.ReceiveErrors));
    }

    [Fact]
    public void Any_address_serves_both_families()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Socket.OSSupportsIPv6, "needs IPv6");
        using DatagramSocket both = DatagramSocket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0), new DatagramSocketOptions());
        int port = both.LocalEndPoint.Port;
        foreach (IPAddress address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            using DatagramSocket one = DatagramSocket.Bind(new IPEndPoint(address, 0), new DatagramSocketOptions { ReceiveOffload = false });
            SocketEndpoint from = default;
            byte[] buffer = new byte[100];
            Assert.True(one.Send("hi"u8, 2, SocketEndpoint.From(new IPEndPoint(address, port)), out _));
            WaitFor(both);
            Assert.Equal(2, both.Receive(buffer, ref from, out int segmentBytes));

            // What arrived is answered as it is, and equals what the endpoint would be made from.
            Assert.Equal(2, segmentBytes);
            Assert.Equal(SocketEndpoint.From(one.LocalEndPoint), from);
            Assert.Equal(address.AddressFamily == AddressFamily.InterNetwork, from.IsIPv4);
            Assert.True(both.Send("yo"u8, 2, from, out int error), $"errno {error}");
            WaitFor(one);
            Assert.Equal(2, one.Receive(buffer, ref from, out _));
        }
    }

    [Fact]
    public void What_is_larger_than_the_path_is_refused_and_counted()
    {
        TestNamespace.SkipUnlessPossible();
        using var space = new TestNamespace();
        space.Ip("link add narrow mtu 1300 type veth peer name other");
        space.Ip("addr add 10.9.9.1/24 dev narrow");
        space.Ip("link set other up");
        space.Ip("link set narrow up");
        using DatagramSocket socket = space.In(() => DatagramSocket.Bind(new IPEndPoint(IPAddress.Any, 0), new DatagramSocketOptions { Mark = 7, Device = "narrow" }));
        var to = SocketEndpoint.From(new IPEndPoint(IPAddress.Parse("10.9.9.2"), 9));

        Assert.False(socket.Send(new byte[1400], 1400, to, out int single));
        Assert.False(socket.Send(new byte[2800], 1400, to, out int batch));
        Assert.True(socket.Send(new byte[2400], 1200, to, out int fits), $"errno {fits}");

        Assert.Equal((TooLarge, TooLarge, 2L), (single, batch, socket.SendErrors));
    }

    [Fact]
    public void An_address_in_use_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        using DatagramSocket first = DatagramSocket.Bind(s_loopback, new DatagramSocketOptions());

        SocketException failure = Assert.Throws<SocketException>(() => DatagramSocket.Bind(first.LocalEndPoint, new DatagramSocketOptions()));

        Assert.Equal(SocketError.AddressAlreadyInUse, failure.SocketErrorCode);
        Assert.Contains(first.LocalEndPoint.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Throws<SocketException>(() => DatagramSocket.Bind(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0), new DatagramSocketOptions()));
        Assert.Throws<SocketException>(() => DatagramSocket.Bind(s_loopback, new DatagramSocketOptions { Device = "nosuch" }));
    }

    [Fact]
    public void A_socket_that_was_handed_over_works()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        using var signal = new Wakeup();
        DatagramSocket opened = DatagramSocket.Bind(s_loopback, new DatagramSocketOptions());

        using DatagramSocket taken = DatagramSocket.FromDescriptor(opened.Handle);

        Assert.Equal(opened.LocalEndPoint, taken.LocalEndPoint);
        Assert.False(taken.IsIPv6);
        Assert.Throws<SocketException>(() => DatagramSocket.FromDescriptor(signal.Handle));
    }

    [Fact]
    public void A_datagram_longer_than_the_buffer_is_dropped_and_counted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        using DatagramSocket socket = DatagramSocket.Bind(s_loopback, new DatagramSocketOptions());
        Assert.True(socket.Send(new byte[100], 100, SocketEndpoint.From(socket.LocalEndPoint), out _));
        WaitFor(socket);
        SocketEndpoint from = default;

        Assert.Equal(0, socket.Receive(new byte[50], ref from, out _));

        Assert.Equal(1, socket.ReceiveErrors);
    }

    [Fact]
    public void Sending_and_receiving_allocates_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        using DatagramSocket socket = DatagramSocket.Bind(s_loopback, new DatagramSocketOptions());
        var to = SocketEndpoint.From(socket.LocalEndPoint);
        byte[] data = new byte[3000];
        byte[] buffer = new byte[65_535];
        var poller = new Poller(2);
        poller.Set(0, socket.Handle, wantRead: true);
        Exchange(10);

        Assert.Equal(0, Allocations.Least(() => Assert.True(Exchange(1000) == 3_000_000)));

        int Exchange(int rounds)
        {
            int total = 0;
            SocketEndpoint from = default;
            for (int round = 0; round < rounds; round++)
            {
                socket.Send(data, 1400, to, out _);
                for (int round2 = 0; round2 < 3000;)
                {
                    poller.Wait(-1);
                    int count = socket.Receive(buffer, ref from, out _);
                    round2 += count;
                    total += count;
                }
            }

            return total;
        }
    }

    [Theory]
    [InlineData("192.0.2.1:80", 16)]
    [InlineData("[2001:db8::1]:443", 28)]
    [InlineData("[fe80::1%5]:443", 28)]
    public void An_endpoint_is_kept_as_the_kernel_writes_it(string text, int bytes)
    {
        var endPoint = IPEndPoint.Parse(text);

        var endpoint = SocketEndpoint.From(endPoint);

        Assert.Equal(endPoint, endpoint.ToIPEndPoint());
        Assert.Equal(bytes, endpoint.AsBytes.Length);
        Assert.Equal(text, endpoint.ToString());
        Assert.Equal(endpoint.GetHashCode(), SocketEndpoint.From(endPoint).GetHashCode());
        Assert.True(endpoint.Equals((object)SocketEndpoint.From(endPoint)));
        Assert.True(endpoint != default(SocketEndpoint));
        Assert.True(default(SocketEndpoint).IsEmpty);
        Assert.Equal("none", default(SocketEndpoint).ToString());
    }

    [Fact]
    public void A_mapped_endpoint_is_an_IPv4_endpoint() =>
        Assert.Equal(
            SocketEndpoint.From(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5)), SocketEndpoint.From(new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.1"), 5)));

    [Fact]
    public void A_poller_waits_for_a_wake_up_and_no_longer_than_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        using var first = new Wakeup();
        using var second = new Wakeup();
        var poller = new Poller(4);
        poller.Set(1, first.Handle, wantRead: true);
        poller.Set(3, second.Handle, wantRead: true, wantWrite: true);
        second.Signal();

        Assert.Equal(1, poller.Wait(-1));
        Assert.True(poller.IsReady(3) && poller.IsWritable(3) && poller.IsReadable(3));
        Assert.False(poller.IsReady(1));
        poller.Set(3, null, wantRead: true);
        Assert.Equal(0, poller.Wait(1_000));
        first.Signal();
        Assert.Equal(1, poller.Wait(20_000_000_000));
        Assert.True(poller.IsReady(1));
        first.Clear();
        Assert.Equal(0, poller.Wait(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Poller(0));
    }

    [Fact]
    public void A_native_buffer_is_aligned_zero_and_gone_when_disposed()
    {
        var buffer = new NativeBuffer(1000);

        Assert.Equal(1000, buffer.Length);
        Assert.False(buffer.Span.ContainsAnyExcept((byte)0));
        unsafe
        {
            fixed (byte* start = buffer.Span)
            {
                Assert.Equal(0, (nint)start % 64);
            }
        }

        buffer.Dispose();
        buffer.Dispose();
        Assert.True(buffer.Span.IsEmpty);
        Assert.Throws<ArgumentOutOfRangeException>(() => new NativeBuffer(0));
    }

    private static void WaitFor(DatagramSocket socket)
    {
        var poller = new Poller(1);
        poller.Set(0, socket.Handle, wantRead: true);
        Assert.Equal(1, poller.Wait(20_000_000_000));
    }
}
