using Net.Platform.Linux;

namespace Net.Worker.Overlay;

/// <summary>Gathers datagrams for one endpoint and sends equal-sized runs of them with one system call (UDP_SEGMENT, include/uapi/linux/udp.h).
/// All of a run but the last have the same size.</summary>
internal sealed class TransmitBatch : IDisposable
{
    // The largest UDP payload over IPv4 is 65,507 bytes; UDP_MAX_SEGMENTS is 64 in the oldest kernels that have it.
    private const int MaxBytes = 65_000;
    private const int MaxSegments = 64;
    private const int LargestDatagram = 9_216;

    private readonly DatagramSocket _socket;
    private readonly NativeBuffer _buffer = new(MaxBytes + (2 * LargestDatagram));
    private SocketEndpoint _to;
    private int _length;
    private int _segment;
    private int _count;
    private bool _isProbe;
    private SocketEndpoint _tooLong;

    /// <summary>Creates an empty batch.</summary>
    public TransmitBatch(DatagramSocket socket) => _socket = socket;

    /// <summary>Datagrams handed to the kernel.</summary>
    public long Sent { get; private set; }

    /// <summary>System calls that took.</summary>
    public long Calls { get; private set; }

    /// <summary>Where the next datagram for an endpoint is to be written; sends what is for another one.</summary>
    public Span<byte> Next(in SocketEndpoint to)
    {
        if (_count != 0 && !_to.Equals(to))
        {
            Flush();
        }

        _to = to;
        return _buffer.Span.Slice(_length, LargestDatagram);
    }

    /// <summary>Takes a datagram that was written where <see cref="Next"/> said.</summary>
    /// <param name="length">Its length in bytes.</param>
    public void Commit(int length)
    {
        if (_count == 0)
        {
            _segment = length;
        }
        else if (length > _segment)
        {
            // A longer one cannot follow: it begins a run of its own.
            int start = _length;
            Flush();
            _buffer.Span.Slice(start, length).CopyTo(_buffer.Span);
            _segment = length;
        }

        _length += length;
        _count++;
        if (length < _segment || _count == MaxSegments || _length + _segment > MaxBytes)
        {
            Flush();
        }
    }

    /// <summary>Takes a datagram that must not share a system call with others: a probe that may be too large for the path would take them down with it.</summary>
    /// <param name="length">Its length in bytes.</param>
    public void CommitAlone(int length)
    {
        int start = _length;
        Flush();
        if (start != 0)
        {
            _buffer.Span.Slice(start, length).CopyTo(_buffer.Span);
        }

        _segment = length;
        _length = length;
        _count = 1;
        _isProbe = true;
        Flush();
        _isProbe = false;
    }

    /// <summary>Tells once that datagrams of a size that used to go were refused by the device they leave by: its MTU has shrunk.</summary>
    /// <param name="endpoint">Where they should have gone.</param>
    public bool TryTakeTooLong(out SocketEndpoint endpoint)
    {
        endpoint = _tooLong;
        _tooLong = default;
        return !endpoint.IsEmpty;
    }

    /// <summary>Sends what was gathered.</summary>
    public void Flush()
    {
        if (_count == 0)
        {
            return;
        }

        if (!_socket.Send(_buffer.Span[.._length], _segment, in _to, out int error) && error == DatagramSocket.MessageTooLong && !_isProbe)
        {
            _tooLong = _to;
        }

        Sent += _count;
        Calls++;
        _length = 0;
        _count = 0;
    }

    /// <inheritdoc />
    public void Dispose() => _buffer.Dispose();
}
