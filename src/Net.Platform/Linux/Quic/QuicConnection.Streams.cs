using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Linux;

/// <summary>Bidirectional streams.</summary>
public sealed unsafe partial class QuicConnection
{
    /// <summary>Opens a stream. May be called from an event.</summary>
    /// <param name="streamId">The stream; the peer hears of it with its first bytes.</param>
    /// <returns>Ok; Blocked when the peer allows no more now.</returns>
    public QuicResult OpenStream(out long streamId)
    {
        RequireAlive();
        long opened = -1;
        int result = _ended is null ? ngtcp2_conn_open_bidi_stream(_connection, &opened, null) : 0;
        streamId = opened;
        if (result == NGTCP2_ERR_STREAM_ID_BLOCKED)
        {
            return QuicResult.Blocked;
        }

        if (result != 0 || _ended is not null)
        {
            return _ended ?? Fail(result);
        }

        _streams[opened] = new QuicStream();
        return QuicResult.Ok;
    }

    /// <summary>
    /// Writes one packet with bytes of a stream. They are copied until the peer has acknowledged them. A packet may also be written without any, when other frames filled it.
    /// </summary>
    /// <param name="destination">Takes the packet; as long as <see cref="QuicOptions.MaxUdpPayloadBytes"/> at least.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="data">The bytes still to be sent.</param>
    /// <param name="isFinal">Whether the stream's sending side ends behind them. That is told when the last of them is consumed; without any bytes, when <paramref name="written"/> is not 0.</param>
    /// <param name="now">The time.</param>
    /// <param name="written">Bytes of the packet.</param>
    /// <param name="consumed">Bytes of the data that are in it.</param>
    /// <returns>Ok; Blocked by congestion or the peer's window; StreamGone; otherwise the end of the connection.</returns>
    public QuicResult WriteStream(Span<byte> destination, long streamId, ReadOnlySpan<byte> data, bool isFinal, long now, out int written, out int consumed)
    {
        written = 0;
        consumed = 0;
        RequireRoom(destination);
        Enter(now, out ulong time);
        if (_ended is not null)
        {
            Leave();
            return _ended.Value;
        }

        if (!_streams.TryGetValue(streamId, out QuicStream? stream))
        {
            Leave();
            return QuicResult.StreamGone;
        }

        ngtcp2_vec* pieces = stackalloc ngtcp2_vec[QuicSendBuffer.MaxPieces];
        int staged = stream.Sent.Stage(data, destination.Length, pieces, out int count);
        nint taken = -1;
        nint result;
        fixed (byte* target = destination)
        {
            uint flags = isFinal && staged == data.Length ? NGTCP2_WRITE_STREAM_FLAG_FIN : 0;
            result = ngtcp2_conn_writev_stream_versioned(
                _connection, null, NGTCP2_PKT_INFO_V1, null, target, (nuint)destination.Length, &taken, flags, streamId, pieces, (nuint)count, time);
        }

        if (taken > 0)
        {
            consumed = (int)taken;
            stream.Sent.Commit(consumed);
        }

        if (_thrown is null && result is NGTCP2_ERR_STREAM_DATA_BLOCKED or NGTCP2_ERR_STREAM_NOT_FOUND or NGTCP2_ERR_STREAM_SHUT_WR)
        {
            Leave();
            return result == NGTCP2_ERR_STREAM_DATA_BLOCKED ? QuicResult.Blocked : QuicResult.StreamGone;
        }

        if (result < 0 || _thrown is not null)
        {
            return End((int)result);
        }

        written = (int)result;
        Leave();
        return written == 0 ? QuicResult.Blocked : QuicResult.Ok;
    }

    /// <summary>Gives a stream up in both directions: what was not acknowledged may never arrive, and the peer is asked to stop sending. May be called from an event.</summary>
    /// <param name="streamId">The stream; one that is gone already is ignored.</param>
    /// <param name="error">The application's error, below 2^62.</param>
    public void ResetStream(long streamId, ulong error)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(error, LargestErrorCode);
        RequireAlive();
        if (_ended is null && _streams.ContainsKey(streamId))
        {
            _ = ngtcp2_conn_shutdown_stream(_connection, 0, streamId, error);
        }
    }

    /// <summary>Lets the peer send as many more bytes, because the application consumed them. May be called from an event.</summary>
    /// <param name="streamId">The stream; one that is closed already is ignored, its bytes were given back then.</param>
    /// <param name="bytes">Bytes consumed, of those that <see cref="QuicConnectionEvents.StreamReceived"/> brought.</param>
    public void ExtendStreamWindow(long streamId, int bytes)
    {
        RequireAlive();
        if (_ended is not null || bytes <= 0 || !_streams.TryGetValue(streamId, out QuicStream? stream))
        {
            return;
        }

        ulong extension = (ulong)Math.Min(bytes, stream.Unconsumed);
        stream.Unconsumed -= (long)extension;
        _ = ngtcp2_conn_extend_max_stream_offset(_connection, streamId, extension);
        ngtcp2_conn_extend_max_offset(_connection, extension);
    }

    /// <summary>The peer opened a stream.</summary>
    internal void OnStreamOpened(long streamId)
    {
        _streams[streamId] = new QuicStream();
        Events.StreamOpened(streamId);
    }

    /// <summary>Bytes came.</summary>
    internal void OnStreamReceived(long streamId, ReadOnlySpan<byte> data, bool isFinal)
    {
        if (_streams.TryGetValue(streamId, out QuicStream? stream))
        {
            stream.Unconsumed += data.Length;
        }

        Events.StreamReceived(streamId, data, isFinal);
    }

    /// <summary>The peer has everything before an offset.</summary>
    internal void OnStreamAcknowledged(long streamId, ulong offset, ulong length)
    {
        if (_streams.TryGetValue(streamId, out QuicStream? stream))
        {
            stream.Sent.Release((long)(offset + length));
        }

        Events.StreamAcknowledged(streamId, offset, length);
    }

    /// <summary>A stream ended: its memory and its share of the connection's window are given back, and the peer may open another instead.</summary>
    internal void OnStreamClosed(long streamId, ulong error)
    {
        if (_streams.Remove(streamId, out QuicStream? stream))
        {
            stream.Sent.Dispose();
            ngtcp2_conn_extend_max_offset(_connection, (ulong)stream.Unconsumed);
        }

        // The lowest bit of a stream id is who opened it: 0 the client, 1 the server (RFC 9000 2.1).
        if ((streamId & 1) != (IsServer ? 1 : 0))
        {
            ngtcp2_conn_extend_max_streams_bidi(_connection, 1);
        }

        Events.StreamClosed(streamId, error);
    }
}
