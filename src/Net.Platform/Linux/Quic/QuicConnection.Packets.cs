using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Linux;

/// <summary>Packets in and out.</summary>
public sealed unsafe partial class QuicConnection
{
    /// <summary>Whether something in the last payload given to <see cref="Read"/> was sealed with a key of this connection: a sign of life, which a damaged or forged packet is not.
    /// A packet that came before counts too.</summary>
    public bool WasAuthentic { get; private set; }

    /// <summary>Takes one UDP payload that came for this connection. Events are told from inside. Packets that are damaged, replayed or not for us are dropped silently and give Ok.</summary>
    /// <param name="packet">The payload; a memory of the caller, not kept.</param>
    /// <param name="now">The time.</param>
    public QuicResult Read(ReadOnlySpan<byte> packet, long now)
    {
        Enter(now, out ulong time);
        if (_ended is not null || packet.IsEmpty)
        {
            Leave();
            return _ended ?? QuicResult.Ok;
        }

        int result;
        long opened = QuicCallbacks.Opened;
        fixed (byte* bytes = packet)
        {
            result = ngtcp2_conn_read_pkt_versioned(_connection, QuicLibraries.Path, NGTCP2_PKT_INFO_V1, null, bytes, (nuint)packet.Length, time);
        }

        WasAuthentic = QuicCallbacks.Opened != opened;
        return result == 0 && _thrown is null ? LeaveOk() : End(result);
    }

    /// <summary>Writes one packet of what is due: handshake, acknowledgements, retransmissions, control. Call it until nothing is written.</summary>
    /// <param name="destination">Takes the packet; as long as <see cref="QuicOptions.MaxUdpPayloadBytes"/> at least.</param>
    /// <param name="now">The time.</param>
    /// <param name="written">Bytes written; 0 when nothing is due or may be sent.</param>
    public QuicResult Write(Span<byte> destination, long now, out int written)
    {
        written = 0;
        RequireRoom(destination);
        Enter(now, out ulong time);
        if (_ended is not null)
        {
            Leave();
            return _ended.Value;
        }

        nint result;
        fixed (byte* target = destination)
        {
            result = ngtcp2_conn_write_pkt_versioned(_connection, null, NGTCP2_PKT_INFO_V1, null, target, (nuint)destination.Length, time);
        }

        if (result < 0 || _thrown is not null)
        {
            return End((int)result);
        }

        written = (int)result;
        return LeaveOk();
    }

    /// <summary>
    /// Writes one packet with one DATAGRAM frame. A packet may also be written without it, when other frames filled it or a probe of the path was due: send it and call again.
    /// </summary>
    /// <param name="destination">Takes the packet; as long as <see cref="QuicOptions.MaxUdpPayloadBytes"/> at least.</param>
    /// <param name="head">First part of the datagram.</param>
    /// <param name="body">Second part; both together 1 byte at least.</param>
    /// <param name="now">The time.</param>
    /// <param name="written">Bytes written.</param>
    /// <param name="accepted">Whether the datagram is in the packet.</param>
    /// <returns>Ok; Blocked when the congestion window is full; TooLarge when it is more than <see cref="MaxDatagramBytes"/>; otherwise the end of the connection.</returns>
    /// <exception cref="ArgumentException">The datagram is empty, for which ngtcp2 1.11 would abort the process, or the destination is too small.</exception>
    public QuicResult WriteDatagram(Span<byte> destination, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, long now, out int written, out bool accepted)
    {
        written = 0;
        accepted = false;
        RequireRoom(destination);
        int length = head.Length + body.Length;
        if (length == 0)
        {
            throw new ArgumentException("A datagram cannot be empty.", nameof(head));
        }

        Enter(now, out ulong time);
        if (_ended is not null)
        {
            Leave();
            return _ended.Value;
        }

        if (length > MaxDatagramBytes)
        {
            Leave();
            return QuicResult.TooLarge;
        }

        nint result;
        int isAccepted = 0;
        fixed (byte* target = destination)
        fixed (byte* headBytes = head)
        fixed (byte* bodyBytes = body)
        {
            // Pieces without bytes are left out: ngtcp2 asserts that there are none.
            ngtcp2_vec* pieces = stackalloc ngtcp2_vec[2];
            nuint count = 0;
            if (head.Length > 0)
            {
                pieces[count++] = new ngtcp2_vec { @base = headBytes, len = (nuint)head.Length };
            }

            if (body.Length > 0)
            {
                pieces[count++] = new ngtcp2_vec { @base = bodyBytes, len = (nuint)body.Length };
            }

            // What identifies a datagram that gets lost is of no use here; its length is.
            result = ngtcp2_conn_writev_datagram_versioned(
                _connection, null, NGTCP2_PKT_INFO_V1, null, target, (nuint)destination.Length, &isAccepted, 0, (ulong)length, pieces, count, time);
        }

        if (result < 0 || _thrown is not null)
        {
            return End((int)result);
        }

        written = (int)result;
        accepted = isAccepted != 0;
        Leave();
        return written == 0 ? QuicResult.Blocked : QuicResult.Ok;
    }

    /// <summary>Does what is due at <see cref="Expiry"/>: retransmission, acknowledgement, keep-alive, timeout. Write afterwards.</summary>
    /// <param name="now">The time.</param>
    public QuicResult HandleExpiry(long now)
    {
        Enter(now, out ulong time);
        if (_ended is not null)
        {
            Leave();
            return _ended.Value;
        }

        int result = ngtcp2_conn_handle_expiry(_connection, time);
        return result == 0 && _thrown is null ? LeaveOk() : End(result);
    }

    private void RequireRoom(Span<byte> destination)
    {
        if (destination.Length < _maxUdpPayloadBytes)
        {
            throw new ArgumentException($"Needs {_maxUdpPayloadBytes} bytes, has {destination.Length}.", nameof(destination));
        }
    }

    private QuicResult LeaveOk()
    {
        _isInside = false;
        return QuicResult.Ok;
    }
}
