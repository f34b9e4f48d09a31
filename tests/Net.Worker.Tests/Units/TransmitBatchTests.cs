using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux;
using Net.Worker.Overlay;
using Net.Worker.Tests.Support;

namespace Net.Worker.Tests.Units;

/// <summary>Datagrams that leave together.</summary>
public sealed class TransmitBatchTests : IDisposable
{
    private readonly DatagramSocket _socket = DatagramSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), new DatagramSocketOptions());
    private readonly TransmitBatch _batch;
    private readonly Socket _first = Receiver();
    private readonly Socket _second = Receiver();

    public TransmitBatchTests() => _batch = new TransmitBatch(_socket);

    [Fact]
    public void Equal_datagrams_and_a_shorter_last_one_take_one_call()
    {
        Write(_first, 500, 1);
        Write(_first, 500, 2);
        Write(_first, 100, 3);

        Assert.Equal((3L, 1L), (_batch.Sent, _batch.Calls));
        Assert.Equal([(500, 1), (500, 2), (100, 3)], Received(_first, 3));
    }

    [Fact]
    public void A_longer_datagram_begins_a_run_of_its_own()
    {
        Write(_first, 100, 1);
        Write(_first, 900, 2);
        _batch.Flush();

        Assert.Equal(2, _batch.Calls);
        Assert.Equal([(100, 1), (900, 2)], Received(_first, 2));
    }

    [Fact]
    public void Another_endpoint_does_not_get_what_is_for_the_first()
    {
        Write(_first, 200, 1);
        Write(_second, 200, 2);
        _batch.Flush();

        Assert.Equal([(200, 1)], Received(_first, 1));
        Assert.Equal([(200, 2)], Received(_second, 1));
    }

    [Fact]
    public void A_probe_for_the_path_mtu_travels_alone()
    {
        Write(_first, 1_200, 1);
        _batch.Next(Endpoint(_first))[..1_400].Fill(2);
        _batch.CommitAlone(1_400);

        Assert.Equal(2, _batch.Calls);
        Assert.Equal([(1_200, 1), (1_400, 2)], Received(_first, 2));
    }

    [Fact]
    public void No_run_has_more_than_the_kernel_takes()
    {
        for (int count = 0; count < 200; count++)
        {
            Write(_first, 1_440, (byte)count);
        }

        _batch.Flush();

        Assert.Equal(200, _batch.Sent);
        Assert.Equal([.. Enumerable.Range(0, 200).Select(count => (1_440, count))], Received(_first, 200));
    }

    public void Dispose()
    {
        _batch.Dispose();
        _socket.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private static Socket Receiver()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20, ReceiveTimeout = (int)Bounds.Wait.TotalMilliseconds };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static SocketEndpoint Endpoint(Socket socket) => SocketEndpoint.From((IPEndPoint)socket.LocalEndPoint!);

    private static (int Length, int Filling)[] Received(Socket socket, int count)
    {
        byte[] buffer = new byte[65_535];
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                int length = socket.Receive(buffer);
                return (length, (int)buffer[length - 1]);
            }),
        ];
    }

    private void Write(Socket to, int length, byte filling)
    {
        _batch.Next(Endpoint(to))[..length].Fill(filling);
        _batch.Commit(length);
    }
}
