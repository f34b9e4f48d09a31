using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Net.Rpc.Wire;

/// <summary>
/// Cuts the incoming bytes into messages. One contiguous buffer instead of a pipe: JSON is parsed and deserialized in place,
/// and a large message grows the buffer only as its bytes really arrive.
/// </summary>
internal sealed class FrameReader(Stream stream, RpcConnectionOptions options) : IDisposable
{
    private const int IdleSize = 16 * 1024;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _scanned;
    private int _bodyLength = -1;

    /// <summary>Whether a message has begun and not ended.</summary>
    public bool IsInsideMessage => _end > _start || _bodyLength >= 0;

    /// <summary>Takes the next whole message from what has arrived. The span is valid until the next call of <see cref="FillAsync"/>.</summary>
    public bool TryRead(out ReadOnlySpan<byte> message)
    {
        if (options.Framing == RpcFraming.NewLine)
        {
            return TryReadLine(out message);
        }

        message = default;
        if (_bodyLength < 0 && !(options.Framing == RpcFraming.Header ? TryReadHeader() : TryReadLength()))
        {
            return false;
        }

        if (_end - _start < _bodyLength)
        {
            return false;
        }

        message = _buffer.AsSpan(_start, _bodyLength);
        _start += _bodyLength;
        _bodyLength = -1;
        _scanned = 0;
        return true;
    }

    /// <summary>Reads more bytes; 0 at the end of the stream.</summary>
    public async ValueTask<int> FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        int count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += count;
        return count;
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool TryReadHeader()
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, _end - _start);
        int length = -1;
        int at = 0;
        while (true)
        {
            int lineEnd = bytes[at..].IndexOf((byte)'\n');
            if (lineEnd < 0)
            {
                if (bytes.Length > options.MaxHeaderBytes)
                {
                    throw new RpcProtocolException(RpcCloseReason.BadHeader, "The header of a message is too long.");
                }

                return false;
            }

            if (at + lineEnd > options.MaxHeaderBytes)
            {
                throw new RpcProtocolException(RpcCloseReason.BadHeader, "The header of a message is too long.");
            }

            if (lineEnd == 0 || bytes[at + lineEnd - 1] != '\r')
            {
                throw new RpcProtocolException(RpcCloseReason.BadHeader, "A header line does not end with CR LF.");
            }

            ReadOnlySpan<byte> line = bytes.Slice(at, lineEnd - 1);
            at += lineEnd + 1;
            if (line.IsEmpty)
            {
                break;
            }

            ReadHeaderLine(line, ref length);
        }

        if (length < 0)
        {
            throw new RpcProtocolException(RpcCloseReason.BadHeader, "A message has no Content-Length.");
        }

        _start += at;
        _bodyLength = length;
        return true;
    }

    private void ReadHeaderLine(ReadOnlySpan<byte> line, ref int length)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            throw new RpcProtocolException(RpcCloseReason.BadHeader, "A header line has no name.");
        }

        if (!line[..colon].SequenceEqual("Content-Length"u8))
        {
            return;
        }

        ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
        bool digits = !value.IsEmpty && value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
        if (length >= 0 || !digits)
        {
            throw new RpcProtocolException(RpcCloseReason.BadHeader, "The Content-Length is not a number, or stands twice.");
        }

        if (!Utf8Parser.TryParse(value, out int parsed, out _) || parsed > options.MaxMessageBytes)
        {
            throw TooLarge();
        }

        length = parsed;
    }

    private bool TryReadLength()
    {
        if (_end - _start < sizeof(int))
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        if (length <= 0)
        {
            throw new RpcProtocolException(RpcCloseReason.BadHeader, "The length of a message is not positive.");
        }

        if (length > options.MaxMessageBytes)
        {
            throw TooLarge();
        }

        _start += sizeof(int);
        _bodyLength = length;
        return true;
    }

    private bool TryReadLine(out ReadOnlySpan<byte> message)
    {
        message = default;
        while (true)
        {
            ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, _end - _start);
            int lineEnd = bytes[_scanned..].IndexOf((byte)'\n');
            if ((lineEnd < 0 ? bytes.Length : _scanned + lineEnd) > options.MaxMessageBytes)
            {
                throw TooLarge();
            }

            if (lineEnd < 0)
            {
                _scanned = bytes.Length;
                return false;
            }

            ReadOnlySpan<byte> line = bytes[..(_scanned + lineEnd)];
            _start += line.Length + 1;
            _scanned = 0;
            if (!line.IsEmpty && line[^1] == '\r')
            {
                line = line[..^1];
            }

            if (!line.IsEmpty)
            {
                message = line;
                return true;
            }
        }
    }

    private RpcProtocolException TooLarge() => new(
        RpcCloseReason.MessageTooLarge, $"A message is larger than the limit of {options.MaxMessageBytes} bytes.");

    private void MakeRoom()
    {
        int held = _end - _start;
        if (held == 0)
        {
            _start = _end = 0;
            if (_buffer.Length > IdleSize * 4)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = [];
            }
        }

        if (_buffer.Length == 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(IdleSize);
        }

        if (_end < _buffer.Length && (_start == 0 || _buffer.Length - _end >= _buffer.Length / 4))
        {
            return;
        }

        if (held <= _buffer.Length / 2)
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
        }
        else
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(_start, held).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        _start = 0;
        _end = held;
    }
}
