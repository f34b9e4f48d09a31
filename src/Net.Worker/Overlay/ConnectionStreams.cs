using System.Text;
using Net.Overlay.Control;
using Net.Platform.Linux;

namespace Net.Worker.Overlay;

/// <summary>The streams of one connection: control, packets where there are no DATAGRAM frames, and those of applications.</summary>
internal sealed class ConnectionStreams(PeerConnection connection, Shard shard)
{
    // The client opens the control stream first of all, so it is the first bidirectional stream of a client.
    private const long ControlId = 0;

    // Above this much in flight a sending application waits.
    private const long SendBufferBytes = 1 << 20;

    private const int MaxProtocolBytes = 64;
    private const int MaxStreams = 100;

    private readonly Dictionary<long, StreamState> _streams = [];
    private readonly ControlReader _control = new();
    private readonly PacketStreamReader _packets = new();
    private readonly List<StreamState> _round = [];
    private StreamState? _packetStream;
    private bool _hasPending;

    /// <summary>Whether the control stream is open.</summary>
    public bool HasControl { get; private set; }

    /// <summary>Bytes of packets that wait on the packet stream.</summary>
    public long PacketBacklogBytes => _packetStream is { } stream ? stream.PendingBytes + stream.UnacknowledgedBytes : 0;

    /// <summary>Opens the control stream, as the client.</summary>
    public void OpenControl()
    {
        if (connection.Quic.OpenStream(out long id) == QuicResult.Ok && id == ControlId)
        {
            _streams[id] = new StreamState(id);
            HasControl = true;
        }
    }

    /// <summary>Sends a control message; nothing before the control stream is open.</summary>
    public void SendControl(ControlMessage message)
    {
        if (HasControl && _streams.TryGetValue(ControlId, out StreamState? stream))
        {
            Enqueue(stream, ControlWriter.ToArray(message), isFinal: false);
        }
    }

    /// <summary>Sends a frame of the control stream that was written elsewhere.</summary>
    public void SendFrame(byte[] frame)
    {
        if (HasControl && _streams.TryGetValue(ControlId, out StreamState? stream))
        {
            Enqueue(stream, frame, isFinal: false);
        }
    }

    /// <summary>Sends a packet on the packet stream, opening it if need be.</summary>
    /// <returns>Whether it was taken; false while too much waits.</returns>
    public bool TrySendPacket(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        if (_packetStream is null)
        {
            if (connection.Quic.OpenStream(out long id) != QuicResult.Ok)
            {
                return false;
            }

            _packetStream = new StreamState(id) { Kind = StreamKind.Packets };
            _streams[id] = _packetStream;
            Enqueue(_packetStream, [(byte)StreamKind.Packets], isFinal: false);
        }

        if (PacketBacklogBytes > SendBufferBytes / 4)
        {
            return false;
        }

        byte[] data = new byte[2 + head.Length + body.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)(head.Length + body.Length));
        head.CopyTo(data.AsSpan(2));
        body.CopyTo(data.AsSpan(2 + head.Length));
        Enqueue(_packetStream, data, isFinal: false);
        return true;
    }

    /// <summary>Opens an application's stream.</summary>
    /// <returns>Why it could not be opened, or null.</returns>
    public string? OpenApplication(long engineId, string protocol)
    {
        byte[] name = Encoding.UTF8.GetBytes(protocol);
        if (name.Length is 0 or > MaxProtocolBytes)
        {
            return $"the name of a protocol has 1 to {MaxProtocolBytes} bytes";
        }

        if (connection.Quic.OpenStream(out long id) != QuicResult.Ok)
        {
            return "the peer takes no more streams now";
        }

        var stream = new StreamState(id) { Kind = StreamKind.Application, Protocol = protocol, EngineId = engineId };
        _streams[id] = stream;
        Enqueue(stream, [(byte)StreamKind.Application, (byte)name.Length, .. name], isFinal: false);
        return null;
    }

    /// <summary>Sends an application's data; <see cref="Shard.OnStreamWritten"/> tells when the next may come.</summary>
    public void WriteApplication(long quicId, byte[] data, bool isFinal)
    {
        if (_streams.TryGetValue(quicId, out StreamState? stream))
        {
            Enqueue(stream, data, isFinal);
            stream.UnansweredWrites++;
            Answer(stream);
        }
    }

    /// <summary>Lets the peer send as much more as an application took.</summary>
    public void Consumed(long quicId, int bytes)
    {
        Extend(quicId, bytes);
    }

    /// <summary>Ends an application's stream at once.</summary>
    public void Reset(long quicId)
    {
        if (_streams.Remove(quicId))
        {
            connection.Quic.ResetStream(quicId, (ulong)ControlErrorCode.None);
            shard.MarkDirty(connection);
        }
    }

    /// <summary>QUIC id of an application's stream; -1 when there is none.</summary>
    public long FindApplication(long engineId)
    {
        foreach (StreamState stream in _streams.Values)
        {
            if (stream.Kind == StreamKind.Application && stream.EngineId == engineId)
            {
                return stream.Id;
            }
        }

        return -1;
    }

    /// <summary>Writes what waits into datagrams, as far as the windows reach.</summary>
    /// <returns>Whether the connection lives on.</returns>
    public bool Pump(long now)
    {
        if (!_hasPending)
        {
            return true;
        }

        _round.Clear();
        _round.AddRange(_streams.Values);
        bool isBlocked = false;
        foreach (StreamState stream in _round)
        {
            while (stream.HasPending && !isBlocked)
            {
                ReadOnlySpan<byte> data = stream.Peek(out bool isFinal);
                QuicResult result = connection.Quic.WriteStream(shard.Batch.Next(connection.Endpoint), stream.Id, data, isFinal, now, out int written, out int consumed);
                if (result == QuicResult.Failed)
                {
                    return false;
                }

                if (written > 0)
                {
                    shard.Batch.Commit(written);
                }

                if (written > 0 || consumed > 0)
                {
                    stream.Consume(consumed, consumed == data.Length);
                    Answer(stream);
                }

                if (result != QuicResult.Ok)
                {
                    // Flow control stops one stream, congestion all of them; both end by a packet of the peer.
                    break;
                }

                isBlocked = written == 0;
            }
        }

        _hasPending = false;
        foreach (StreamState stream in _round)
        {
            _hasPending |= stream.HasPending;
        }

        return true;
    }

    /// <summary>The peer opened a stream.</summary>
    public void OnOpened(long id)
    {
        if (_streams.Count >= MaxStreams || _streams.ContainsKey(id))
        {
            return;
        }

        _streams[id] = new StreamState(id);
        if (id == ControlId && connection.Quic.IsServer)
        {
            HasControl = true;
        }
    }

    /// <summary>Data came.</summary>
    public void OnReceived(long id, ReadOnlySpan<byte> data, bool isFinal)
    {
        if (!_streams.TryGetValue(id, out StreamState? stream))
        {
            return;
        }

        if (id == ControlId)
        {
            OnControl(data);
            Extend(id, data.Length);
            return;
        }

        int length = data.Length;
        int head = stream.Kind == StreamKind.Unknown || (stream.Kind == StreamKind.Application && stream.Protocol is null) ? ReadHead(stream, data) : 0;
        data = data[head..];
        switch (stream.Kind)
        {
            case StreamKind.Packets when connection.IsEstablished:
                _packets.Append(data);
                while (_packets.TryRead(out ReadOnlySpan<byte> packet))
                {
                    shard.OnCarried(connection, packet);
                }

                Extend(id, length);
                break;
            case StreamKind.Application when stream.Protocol is not null && (data.Length > 0 || isFinal):
                Extend(id, head);
                shard.OnStreamReceived(stream.EngineId, data, isFinal);
                break;
            default:
                Extend(id, length);
                break;
        }
    }

    /// <summary>The peer has data.</summary>
    public void OnAcknowledged(long id, long bytes)
    {
        if (_streams.TryGetValue(id, out StreamState? stream))
        {
            stream.UnacknowledgedBytes -= bytes;
            Answer(stream);
        }
    }

    /// <summary>A stream ended.</summary>
    public void OnClosed(long id, ulong errorCode)
    {
        if (_streams.Remove(id, out StreamState? stream) && stream.EngineId != 0)
        {
            shard.OnStreamClosed(stream.EngineId, errorCode == 0 ? "both sides are done" : $"the peer ended it with code {errorCode}");
        }
    }

    /// <summary>The connection ends, and its applications' streams with it.</summary>
    public void CloseAll(string reason)
    {
        foreach (StreamState stream in _streams.Values)
        {
            if (stream.EngineId != 0)
            {
                shard.OnStreamClosed(stream.EngineId, reason);
            }
        }

        _streams.Clear();
    }

    private void Extend(long id, int bytes)
    {
        connection.Quic.ExtendStreamWindow(id, bytes);
        shard.MarkDirty(connection);
    }

    private void Enqueue(StreamState stream, byte[] data, bool isFinal)
    {
        stream.Enqueue(data, isFinal);
        _hasPending = true;
        shard.MarkDirty(connection);
    }

    private void Answer(StreamState stream)
    {
        while (stream.UnansweredWrites > 0 && stream.PendingBytes + stream.UnacknowledgedBytes < SendBufferBytes)
        {
            stream.UnansweredWrites--;
            shard.OnStreamWritten(stream.EngineId);
        }
    }

    private void OnControl(ReadOnlySpan<byte> data)
    {
        _control.Append(data);
        while (true)
        {
            switch (_control.TryRead(out ControlMessage? message))
            {
                case ControlReadResult.Message:
                    connection.Inbox.Enqueue(message!);
                    connection.HasNews = true;
                    continue;
                case ControlReadResult.Failed:
                    shard.EndLater(connection, _control.ErrorCode, $"its control stream breaks the rules: {_control.ErrorText}");
                    return;
                default:
                    return;
            }
        }
    }

    // Reads kind and protocol; gives how many bytes of the data belonged to them.
    private int ReadHead(StreamState stream, ReadOnlySpan<byte> data)
    {
        int taken = 0;
        while (taken < data.Length)
        {
            stream.Head.Add(data[taken++]);
            if (stream.Head.Count == 1)
            {
                stream.Kind = (StreamKind)stream.Head[0];
                if (stream.Kind != StreamKind.Application)
                {
                    return taken;
                }

                continue;
            }

            int length = stream.Head[1];
            if (length is 0 or > MaxProtocolBytes)
            {
                shard.EndLater(connection, ControlErrorCode.ProtocolViolation, "it opened a stream whose protocol has no usable name");
                return data.Length;
            }

            if (stream.Head.Count == 2 + length)
            {
                stream.Protocol = Encoding.UTF8.GetString([.. stream.Head[2..]]);
                stream.EngineId = shard.OnStreamAccepted(connection, stream.Protocol);
                return taken;
            }
        }

        return taken;
    }
}
