using System.Net;
using Net.Platform.Linux;

namespace Net.Worker.Tests.Support;

/// <summary>A client that makes QUIC handshakes and nothing else, with a first destination id of the test's choice.</summary>
internal sealed class RawClient : QuicConnectionEvents, IDisposable
{
    private static long s_ids = 1L << 40;
    private readonly QuicCredentials _credentials;
    private readonly QuicConnection _quic;
    private readonly DatagramSocket _socket = DatagramSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), new DatagramSocketOptions { ReceiveBufferBytes = 1 << 16, SendBufferBytes = 1 << 16 });
    private readonly SocketEndpoint _server;
    private readonly byte[] _buffer = new byte[1 << 16];

    public RawClient(byte[] seed, byte firstIdByte, IPEndPoint server)
    {
        _credentials = new QuicCredentials(seed);
        _server = SocketEndpoint.From(server);
        _quic = QuicConnection.Connect(_credentials, new QuicOptions { FirstIdByte = firstIdByte }, this, default, MonotonicClock.Now);
    }

    public bool IsConfirmed => _quic.IsHandshakeConfirmed;

    /// <summary>What the connection ended by; null while it lives.</summary>
    public string? End { get; private set; }

    /// <summary>Reads and writes what there is.</summary>
    public void Pump()
    {
        SocketEndpoint from = default;
        while (End is null && _socket.Receive(_buffer, ref from, out int segment) is > 0 and int length)
        {
            for (int offset = 0; offset < length && End is null; offset += segment)
            {
                Note(_quic.Read(_buffer.AsSpan(offset, Math.Min(segment, length - offset)), MonotonicClock.Now));
            }
        }

        if (End is null && _quic.Expiry <= MonotonicClock.Now)
        {
            Note(_quic.HandleExpiry(MonotonicClock.Now));
        }

        while (End is null)
        {
            Note(_quic.Write(_buffer, MonotonicClock.Now, out int written));
            if (written == 0)
            {
                break;
            }

            _socket.Send(_buffer.AsSpan(0, written), written, in _server, out _);
        }
    }

    public override ulong NewConnectionId() => (ulong)Interlocked.Increment(ref s_ids);

    public override bool VerifyPeer(ReadOnlySpan<byte> publicKey) => true;

    public override void DatagramReceived(ReadOnlySpan<byte> data)
    {
        // Without a hello nobody sends packets.
    }

    public void Dispose()
    {
        _quic.Dispose();
        _credentials.Dispose();
        _socket.Dispose();
    }

    private void Note(QuicResult result)
    {
        if (result is not (QuicResult.Ok or QuicResult.Blocked))
        {
            End = $"{result}: {_quic.LastErrorText}";
        }
    }
}
