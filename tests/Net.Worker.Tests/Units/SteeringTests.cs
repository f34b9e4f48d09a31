using System.Net;
using System.Net.Sockets;
using Net.Overlay.Sharding;
using Net.Platform.Linux;
using Net.Worker.Tests.Support;

namespace Net.Worker.Tests.Units;

/// <summary>The program that spreads datagrams over sockets, run by the kernel.</summary>
public sealed class SteeringTests
{
    [Theory]
    [InlineData("127.0.0.1", 3)]
    [InlineData("::1", 2)]
    [InlineData("::", 64)]
    public void The_kernel_gives_each_datagram_to_the_socket_that_the_steering_names(string address, int shards)
    {
        var local = new IPEndPoint(IPAddress.Parse(address), 0);
        DatagramSocket[] sockets = DatagramSocket.BindGroup(local, new DatagramSocketOptions { ReceiveBufferBytes = 1 << 16 }, shards, ShardSteering.Program(shards));
        try
        {
            IPAddress target = address == "::" ? IPAddress.Loopback : local.Address;
            using DatagramSocket sender = DatagramSocket.Bind(new IPEndPoint(target, 0), new DatagramSocketOptions());
            var to = SocketEndpoint.From(new IPEndPoint(target, sockets[0].LocalEndPoint.Port));
            var random = new Random(shards);
            byte[] buffer = new byte[1 << 16];
            SocketEndpoint from = default;
            for (int round = 0; round < 300; round++)
            {
                byte[] datagram = new byte[random.Next(1, 40)];
                random.NextBytes(datagram);
                Assert.True(sender.Send(datagram, datagram.Length, in to, out _));

                int expected = ShardSteering.ShardOf(datagram, shards);
                var poller = new Poller(1);
                poller.Set(0, sockets[expected].Handle, wantRead: true);
                Assert.True(poller.Wait((long)Bounds.Wait.TotalNanoseconds) > 0, $"{Convert.ToHexString(datagram)} did not come to socket {expected} of {shards}");
                int length = sockets[expected].Receive(buffer, ref from, out _);
                Assert.Equal(datagram, buffer[..length]);
            }
        }
        finally
        {
            Array.ForEach(sockets, socket => socket.Dispose());
        }
    }

    [Fact]
    public void An_address_of_one_group_is_no_other_groups()
    {
        DatagramSocket[] first = DatagramSocket.BindGroup(new IPEndPoint(IPAddress.Loopback, 0), new DatagramSocketOptions(), 2, ShardSteering.Program(2));
        try
        {
            var again = new IPEndPoint(IPAddress.Loopback, first[0].LocalEndPoint.Port);

            Assert.Equal(SocketError.AddressAlreadyInUse, Assert.Throws<SocketException>(() => DatagramSocket.BindGroup(again, new DatagramSocketOptions(), 2, ShardSteering.Program(2))).SocketErrorCode);
            Assert.Equal(SocketError.AddressAlreadyInUse, Assert.Throws<SocketException>(() => DatagramSocket.Bind(again, new DatagramSocketOptions())).SocketErrorCode);
        }
        finally
        {
            Array.ForEach(first, socket => socket.Dispose());
        }
    }
}
