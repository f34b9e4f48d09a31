using Net.Overlay.Control;
using Net.Overlay.Fragments;
using Net.Overlay.Queues;
using Net.Platform.Linux;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <content>Packets to and from the peer.</content>
internal sealed partial class PeerSession
{
    // What IPv6 promises every packet (RFC 8200 section 5): below it packets are cut, above it senders are told.
    private const int LeastInnerMtu = 1_280;

    private readonly FlowQueue _queue;
    private readonly FragmentWriter _fragments;
    private int _largestDatagram;
    private FlightLimit _flightLimit;

    // Bytes that may be sent before acknowledgements make more room.
    private long _room = long.MaxValue;

    /// <summary>Bytes of packets sent.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Bytes of packets received.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>Whether packets wait for the window.</summary>
    public bool HasQueued => !_queue.IsEmpty;

    /// <summary>Whether packets flow.</summary>
    public bool IsUp => _current is { IsEstablished: true };

    /// <summary>Counts a packet from the peer.</summary>
    public void CountReceived(int bytes)
    {
        ReceivedBytes += bytes;
        _lastTraffic = _shard.Now;
    }

    /// <summary>A packet of a flow of few bytes that somebody waits for is about to be sent.</summary>
    public void NoticeThinFlow(long now) => _flightLimit.Guard(now);

    /// <summary>Sends a packet, or keeps it until the window opens.</summary>
    /// <param name="head">Its headers, or all of it.</param>
    /// <param name="body">The rest.</param>
    /// <param name="flow">A hash of its flow.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <param name="isFirst">Whether it is the first of its burst: packets of one flow that came at once.</param>
    /// <param name="isLast">Whether it is the last of its burst. Bursts are not torn apart where the path is short, as the peer writes what comes together at once.</param>
    public void Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, uint flow, long now, bool isFirst = true, bool isLast = true)
    {
        _lastTraffic = now;
        if (_current is not { IsEstablished: true } connection)
        {
            Want(now);
            _shard.CountDrop(DropReason.PeerDown);
            return;
        }

        if (_queue.IsEmpty && (!isFirst || _room > 0) && TrySend(connection, head, body, now))
        {
            return;
        }

        if (!_queue.Enqueue(head, body, flow, now, isLast || !connection.IsForShortPath))
        {
            _shard.CountDrop(DropReason.Queue);
        }
    }

    /// <summary>Sends a packet when the library is done with what it does: an answer to what came just now over the same connection.</summary>
    public void SendLater(ReadOnlySpan<byte> packet, long now)
    {
        if (_current is { } connection && _queue.Enqueue(packet, 0, now))
        {
            _shard.MarkDirty(connection);
        }
    }

    /// <summary>Sends what waits, as far as the window reaches. Called whenever something came that may have opened it.</summary>
    public void SendQueued(PeerConnection connection, long now)
    {
        if (!ReferenceEquals(connection, _current) || !connection.IsEstablished)
        {
            return;
        }

        _largestDatagram = connection.Quic.MaxDatagramBytes;
        _room = RoomOf(connection, now);
        while (!_queue.IsEmpty && (_room > 0 || _queue.IsInBurst) && _queue.TryDequeue(now, out ReadOnlySpan<byte> packet))
        {
            if (!TrySend(connection, packet, default, now))
            {
                _queue.PutBack();
                return;
            }
        }

        if (!_queue.IsEmpty)
        {
            return;
        }

        _windowLimit.Emptied();
        if (_test is not null)
        {
            ContinueTest(now);
        }
    }

    // Whether the packet is dealt with: sent, or refused for good. False when it has to wait.
    private bool TrySend(PeerConnection connection, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, long now)
    {
        int size = head.Length + body.Length;
        if (_largestDatagram == 0)
        {
            return TrySendOnStream(connection, head, body);
        }

        if (size > _largestDatagram)
        {
            return SendTooLarge(connection, head, body, now);
        }

        while (true)
        {
            QuicResult result = connection.Quic.WriteDatagram(_shard.Batch.Next(connection.Endpoint), head, body, now, out int written, out bool accepted);
            if (written > 0)
            {
                _shard.CommitFor(connection, written);
                _room -= written;
                if (accepted)
                {
                    SentBytes += size;
                    connection.CountSent(size);
                    Sent(connection, now);
                    return true;
                }

                // The library had something more urgent to send.
                continue;
            }

            switch (result)
            {
                case QuicResult.TooLarge:
                    _largestDatagram = connection.Quic.MaxDatagramBytes;
                    return size <= _largestDatagram || SendTooLarge(connection, head, body, now);
                case QuicResult.Ok or QuicResult.Blocked:
                    _shard.MarkTouched(connection);
                    return false;
                default:
                    _shard.EndBecause(connection, result);
                    return true;
            }
        }
    }

    // Over longer paths BBR sees to it that little waits.
    private long RoomOf(PeerConnection connection, long now)
    {
        if (!_flightLimit.IsGuarding(now) || !connection.IsForShortPath)
        {
            return long.MaxValue;
        }

        connection.Quic.GetInfo(out QuicConnectionInfo info);
        return _flightLimit.Room(in info, now);
    }

    private bool TrySendOnStream(PeerConnection connection, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        if (!connection.Streams.TrySendPacket(head, body))
        {
            return false;
        }

        SentBytes += head.Length + body.Length;
        return true;
    }

    // A path that carries less than the inner minimum gets fragments of ours; above the minimum the sender is told, or the packet is cut if it may be.
    private bool SendTooLarge(PeerConnection connection, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, long now)
    {
        bool mustStayWhole = (head[0] >> 4) == 6 || (head[6] & 0x40) != 0;
        if (mustStayWhole && _largestDatagram >= LeastInnerMtu)
        {
            _shard.TellTooBig(head, body, _largestDatagram);
            return true;
        }

        if (mustStayWhole && head.Length + body.Length > LeastInnerMtu)
        {
            _shard.TellTooBig(head, body, LeastInnerMtu);
            return true;
        }

        if ((connection.Capabilities & OverlayCapabilities.Fragments) == 0)
        {
            _shard.TellTooBig(head, body, _largestDatagram);
            return true;
        }

        Span<byte> packet = _shard.Joined(head, body);
        if (!_fragments.Begin(packet.Length, _largestDatagram))
        {
            _shard.CountDrop(DropReason.TooBig);
            return true;
        }

        SendFragments(connection, packet, now);
        return true;
    }

    private void SendFragments(PeerConnection connection, ReadOnlySpan<byte> packet, long now)
    {
        Span<byte> header = stackalloc byte[FragmentHeader.SizeBytes];
        while (_fragments.IsActive)
        {
            _fragments.WriteHeader(header, out Range part);
            connection.Quic.WriteDatagram(_shard.Batch.Next(connection.Endpoint), header, packet[part], now, out int written, out bool accepted);
            if (written > 0)
            {
                _shard.CommitFor(connection, written);
            }

            if (accepted)
            {
                _fragments.Advance();
            }
            else if (written == 0)
            {
                // The other parts are lost with this one, as with any fragmented packet.
                _shard.CountDrop(DropReason.Queue);
                return;
            }
        }

        SentBytes += packet.Length;
        Sent(connection, now);
    }

    private void Sent(PeerConnection connection, long now)
    {
        _shard.MarkTouched(connection);
        _prober?.DatagramSent(now);
    }
}
