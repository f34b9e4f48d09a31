using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>Datagrams from client to server as a worker moves them, in batches and without allocation.</summary>
internal sealed class QuicLoop
{
    private const int Batch = 32;

    private readonly QuicPair _pair;
    private readonly byte[] _packets = new byte[Batch * 2 * 1472];
    private readonly int[] _lengths = new int[Batch * 2];
    private readonly byte[] _head = new byte[40];
    private readonly byte[] _body;

    public QuicLoop(QuicPair pair, int datagramBytes = 1420)
    {
        _pair = pair;
        _body = new byte[datagramBytes - _head.Length];
        pair.ServerEvents.CountOnly = true;
    }

    /// <summary>Ticks of the stopwatch spent in sending and in receiving, acknowledgements included.</summary>
    public long SendTicks { get; private set; }

    public long ReceiveTicks { get; private set; }

    public void Run(int count)
    {
        QuicConnection server = _pair.Server!;
        for (int left = count; left > 0;)
        {
            long begin = System.Diagnostics.Stopwatch.GetTimestamp();
            int packets = WriteBatch(Math.Min(left, Batch), out int accepted);
            long middle = System.Diagnostics.Stopwatch.GetTimestamp();
            left -= accepted;
            _pair.Now += 50_000;
            for (int index = 0; index < packets; index++)
            {
                server.Read(_packets.AsSpan(index * 1472, _lengths[index]), _pair.Now);
            }

            packets = Acknowledge(server);
            ReceiveTicks += System.Diagnostics.Stopwatch.GetTimestamp() - middle;
            SendTicks += middle - begin;
            _pair.Now += 50_000;
            begin = System.Diagnostics.Stopwatch.GetTimestamp();
            for (int index = 0; index < packets; index++)
            {
                _pair.Client.Read(_packets.AsSpan(index * 1472, _lengths[index]), _pair.Now);
            }

            SendTicks += System.Diagnostics.Stopwatch.GetTimestamp() - begin;
            if (accepted == 0)
            {
                Wait(server);
            }
        }
    }

    private int WriteBatch(int wanted, out int accepted)
    {
        accepted = 0;
        int packets = 0;
        while (accepted < wanted && packets < _lengths.Length)
        {
            QuicResult result = _pair.Client.WriteDatagram(_packets.AsSpan(packets * 1472, 1472), _head, _body, _pair.Now, out int written, out bool isAccepted);
            accepted += isAccepted ? 1 : 0;
            if (written > 0)
            {
                _lengths[packets++] = written;
            }

            if (result != QuicResult.Ok)
            {
                break;
            }
        }

        _pair.Client.UpdateSendTime(_pair.Now);
        return packets;
    }

    private int Acknowledge(QuicConnection server)
    {
        int packets = 0;
        while (packets < _lengths.Length && server.Write(_packets.AsSpan(packets * 1472, 1472), _pair.Now, out int written) == QuicResult.Ok && written > 0)
        {
            _lengths[packets++] = written;
        }

        server.UpdateSendTime(_pair.Now);
        return packets;
    }

    private void Wait(QuicConnection server)
    {
        _pair.Now = Math.Max(_pair.Now, Math.Min(_pair.Client.Expiry, server.Expiry));
        if (server.Expiry <= _pair.Now)
        {
            server.HandleExpiry(_pair.Now);
        }

        if (_pair.Client.Expiry <= _pair.Now)
        {
            _pair.Client.HandleExpiry(_pair.Now);
        }
    }
}
