using System.Buffers.Binary;
using System.Net;
using Net.Overlay.Control;
using Net.Overlay.Probes;
using Net.Platform.Linux;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <content>What comes from the network.</content>
internal sealed partial class Shard
{
    // System calls in a row before the device has its turn; each brings up to 64 KB.
    private const int ReceiveCalls = 4;

    // A short batch most likely emptied the socket: another call would only find that out.
    private const int ShortBatchBytes = 3_000;

    // Above this many open handshakes, of all shards together, a stranger must prove its address first (RFC 9000 section 8.1.2).
    private const int OpenHandshakesBeforeRetry = 128;

    // Above this many strangers wait until others are done: about 40 KiB each.
    private const int MaxOpenHandshakes = 2_048;

    // The first two bits of a datagram (RFC 9000 section 17: QUIC sets the second, the fixed bit).
    private const byte KindMask = 0xC0;
    private const byte SealedProbe = 0x00;
    private const byte NeverUsed = 0x80;

    private const int MaxResetsPerSecond = 32;

    // Resets of our own kind have 43 bytes at most; those of others may be a little longer.
    private const int LargestResetBytes = 64;

    private long _writesBefore;
    private long _resetWindow;
    private int _resets;
    private long _handshakes;
    private long _failedHandshakes;
    private long _retries;
    private int _openHandshakes;
    private long _receivedDatagrams;

    // Gives whether more is likely to wait.
    private bool ReceiveDatagrams()
    {
        bool any = false;
        bool isMoreLikely = true;
        SocketEndpoint from = default;
        for (int call = 0; call < ReceiveCalls; call++)
        {
            int length = _socket.Receive(_received.Span, ref from, out int segment);
            if (length <= 0)
            {
                isMoreLikely = false;
                break;
            }

            any = true;
            Span<byte> batch = _received.Span[..length];
            PeerConnection? last = null;
            for (int offset = 0; offset < length; offset += segment)
            {
                ReadOnlySpan<byte> datagram = batch.Slice(offset, Math.Min(segment, length - offset));
                _receivedDatagrams++;
                if (_group.Count == 1 || IsOwn(datagram, in from))
                {
                    last = Receive(datagram, in from, last);
                }
            }

            if (length < ShortBatchBytes)
            {
                isMoreLikely = false;
                break;
            }
        }

        if (any)
        {
            AfterReceiving();
        }

        return isMoreLikely;
    }

    private void AfterReceiving()
    {
        _lastPacket = _now;
        _coalescer.Flush();

        // The kernel often answers inside the write: the answer goes at once, with the acknowledgement in its packet.
        _isDeviceReady |= _coalescer.Writes != _writesBefore;
        _writesBefore = _coalescer.Writes;
        WriteQueued();
    }

    // Gives the connection the datagram belonged to, to save the lookup for the next of the batch.
    private PeerConnection? Receive(ReadOnlySpan<byte> datagram, in SocketEndpoint from, PeerConnection? last)
    {
        if (datagram.Length < 9)
        {
            Drop(DropReason.Stranger);
            return last;
        }

        switch (datagram[0] & KindMask)
        {
            case SealedProbe:
                ReceiveProbe(datagram, in from);
                return last;
            case NeverUsed:
                Drop(DropReason.Stranger);
                return last;
            default:
                break;
        }

        PeerConnection? connection = (datagram[0] & 0x80) == 0
            ? Connections.Find(BinaryPrimitives.ReadUInt64BigEndian(datagram[1..]))
            : FindByLongHeader(datagram, in from);
        if (connection is null)
        {
            if ((datagram[0] & 0x80) == 0)
            {
                ReceiveOfNoConnection(datagram, in from);
            }
            else
            {
                Drop(DropReason.Stranger);
            }

            return last;
        }

        if (connection.ClosesAt != 0)
        {
            return last;
        }

        QuicResult result = connection.Quic.Read(datagram, _now);
        if (result is QuicResult.Ok or QuicResult.Blocked)
        {
            MarkDirty(connection);
            if (connection.HasNews)
            {
                TakeNews(connection);
            }

            if (!connection.Quic.WasAuthentic)
            {
                Drop(DropReason.Stranger);
                return last;
            }

            if (!ReferenceEquals(connection, last))
            {
                Heard(connection, in from, datagram.Length);
            }

            return connection;
        }

        End(connection, result, "it failed");
        return null;
    }

    // A stateless reset has random bytes where the connection id stands, so it is for every connection with its sender to look for its own token at the end of it
    // (RFC 9000 section 10.3.1). Only as many as are answered by a reset of ours are looked at: looking takes a failed decryption for each connection.
    private void ReceiveOfNoConnection(ReadOnlySpan<byte> datagram, in SocketEndpoint from)
    {
        if (_now - _resetWindow > Second)
        {
            _resetWindow = _now;
            _resets = 0;
        }

        if (_resets++ >= MaxResetsPerSecond)
        {
            Drop(DropReason.Stranger);
            return;
        }

        if (TakeReset(datagram, in from))
        {
            return;
        }

        if (_group.Count > 1 && datagram.Length <= LargestResetBytes)
        {
            OfferReset(datagram, in from);
        }

        Drop(DropReason.Stranger);
        Reset(datagram, in from);
    }

    // Whether it was a stateless reset of a connection here.
    private bool TakeReset(ReadOnlySpan<byte> datagram, in SocketEndpoint from)
    {
        for (int index = 0; index < Connections.End && datagram.Length <= LargestResetBytes; index++)
        {
            if (Connections.At(index) is not { ClosesAt: 0 } connection || !connection.Endpoint.Equals(from))
            {
                continue;
            }

            QuicResult result = connection.Quic.Read(datagram, _now);
            if (result is not (QuicResult.Ok or QuicResult.Blocked))
            {
                End(connection, result, "it failed");
                return true;
            }
        }

        return false;
    }

    // A peer that still sends on a connection of an earlier run of this worker learns at once that it is gone (RFC 9000 section 10.3). A few a second, so that nobody
    // can use this node to bother another.
    private void Reset(ReadOnlySpan<byte> datagram, in SocketEndpoint from)
    {
        int length = _credentials.WriteStatelessReset(Batch.Next(in from), datagram);
        if (length > 0)
        {
            Batch.Commit(length);
        }
    }

    private void Heard(PeerConnection connection, in SocketEndpoint from, int bytes)
    {
        if (connection.Session is { } session && connection.IsEstablished)
        {
            connection.ReceivedBatches++;
            session.Heard(connection, in from, bytes, _now);
        }
    }

    private void ReceiveProbe(ReadOnlySpan<byte> datagram, in SocketEndpoint from)
    {
        if (!ProbeCodec.TryReadConnectionId(datagram, out ulong id) || Connections.Find(id) is not { Session: { } session } connection)
        {
            Drop(DropReason.Stranger);
            return;
        }

        session.ReceiveProbe(connection, datagram, in from, _now);
    }

    private PeerConnection? FindByLongHeader(ReadOnlySpan<byte> datagram, in SocketEndpoint from)
    {
        if (!QuicPacket.TryParse(datagram, out QuicPacket packet))
        {
            return null;
        }

        if (packet.DestinationId.Length == sizeof(ulong))
        {
            ulong id = BinaryPrimitives.ReadUInt64BigEndian(packet.DestinationId);
            if (Connections.Find(id) is { } known)
            {
                return known;
            }
        }

        if (packet.DestinationId.Length >= sizeof(ulong) && _initials.TryGetValue(BinaryPrimitives.ReadUInt64BigEndian(packet.DestinationId), out PeerConnection? begun))
        {
            return begun;
        }

        if (!packet.IsSupportedVersion)
        {
            // Of 1200 bytes at least, so that the answer is never larger than the question (RFC 9000 section 14.1).
            if (datagram.Length >= 1200)
            {
                int length = QuicTokens.WriteVersionNegotiation(Batch.Next(in from), packet);
                Batch.Commit(length);
            }

            return null;
        }

        return QuicInitial.TryRead(datagram, out QuicInitial initial) ? Accept(ref initial, in from) : null;
    }

    private PeerConnection? Accept(ref QuicInitial initial, in SocketEndpoint from)
    {
        if (_isStopping || _openHandshakes >= MaxOpenHandshakes / _group.Count)
        {
            return null;
        }

        if (!initial.Token.IsEmpty)
        {
            if (!_tokens.VerifyRetry(ref initial, from.AsBytes, _now))
            {
                return null;
            }
        }
        else if (_openHandshakes >= OpenHandshakesBeforeRetry / _group.Count)
        {
            _retries++;

            // The client's next packet must come to this shard again.
            ulong retryId = (KernelRandom.GetUInt64() >> 8) | ((ulong)initial.DestinationId[0] << 56);
            int length = _tokens.WriteRetry(Batch.Next(in from), in initial, from.AsBytes, retryId, _now);
            if (length > 0)
            {
                Batch.Commit(length);
            }

            return null;
        }

        ulong key = BinaryPrimitives.ReadUInt64BigEndian(initial.DestinationId);
        IPAddress address = from.ToIPEndPoint().Address;
        var connection = new PeerConnection(this, in from, expectedKey: null) { CreatedAt = _now, IsForShortPath = Paths.IsShort(address) };
        try
        {
            connection.Quic = QuicConnection.Accept(_credentials, OptionsFor(address), connection, in initial, _now);
        }
        catch (InvalidOperationException exception)
        {
            connection.Dispose();
            Log(3, $"A connection from {from.ToIPEndPoint()} could not be begun: {exception.Message}");
            return null;
        }

        connection.InitialId = key;
        _initials[key] = connection;
        _openHandshakes++;
        return connection;
    }

    /// <summary>The congestion control of connections: as the settings say, else by the path.</summary>
    public QuicCongestionControl CongestionControlOf(bool isForShortPath) => _start.CongestionControl switch
    {
        "bbr" => QuicCongestionControl.Bbr,
        "cubic" => QuicCongestionControl.Cubic,
        _ => isForShortPath ? QuicCongestionControl.Cubic : QuicCongestionControl.Bbr,
    };

    private QuicOptions OptionsFor(IPAddress address) => new()
    {
        MaxUdpPayloadBytes = _start.MaxUdpPayloadBytes,
        CongestionControl = CongestionControlOf(Paths.IsShort(address)),
        AllowDatagrams = _start.Datagrams,
        InitialRtt = Paths.ExpectedRtt(address),
        KeepAlive = ToNanoseconds(_start.KeepAlive),
        IdleTimeout = Math.Max(30 * Second, 3 * ToNanoseconds(_start.KeepAlive)),
    };

    private static long ToNanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;

    // A connection is over, or never came to be. Who was on the other side is told where that can be; memory goes when nothing points to it any more.
    private void End(PeerConnection connection, QuicResult result, string what)
    {
        if (connection.ClosesAt != 0)
        {
            return;
        }

        string text = connection.Quic.LastErrorText;
        string reason = connection.Refusal ?? (text.Length > 0 ? text : what);
        ControlErrorCode code = connection.Refusal is not null || connection.Quic.IsRefusedByPeer ? ControlErrorCode.NotTrusted
            : connection.Quic.PeerApplicationError is { } error and <= (ulong)ControlErrorCode.Busy ? (ControlErrorCode)error
            : ControlErrorCode.Unspecified;
        if (result == QuicResult.Failed)
        {
            WriteClose(connection, (ulong)ControlErrorCode.Unspecified, reason);
        }

        if (connection.Session is null)
        {
            Log(connection.Refusal is null ? 1 : 2, $"a connection from {connection.Endpoint.ToIPEndPoint()} ended: {reason}");
        }

        Finish(connection, code, reason);
    }

    private void WriteClose(PeerConnection connection, ulong code, string reason)
    {
        int length = connection.Quic.WriteClose(Batch.Next(connection.Endpoint), code, System.Text.Encoding.UTF8.GetBytes(reason), _now);
        if (length > 0)
        {
            Batch.Commit(length);
        }
    }

    private void Finish(PeerConnection connection, ControlErrorCode code, string reason)
    {
        connection.ClosesAt = _now;
        _nextExpiry = _now;
        if (!connection.IsConfirmed)
        {
            _failedHandshakes++;
        }

        Forget(connection);
        if (connection.IsWaitingForEngine)
        {
            _asking.Remove(connection.EngineQuestion);
        }

        connection.Streams.CloseAll(reason);
        connection.Session?.ConnectionEnded(connection, code, reason, _now);
    }

    // It counts as an open handshake no longer, and first packets do not find it any more.
    private void Forget(PeerConnection connection)
    {
        if (connection.InitialId != 0)
        {
            _initials.Remove(connection.InitialId);
            connection.InitialId = 0;
            _openHandshakes--;
        }
    }

    private void DisposeEnded()
    {
        foreach (PeerConnection connection in _ended)
        {
            connection.Dispose();
            CountReleased();
        }

        _ended.Clear();
    }
}
