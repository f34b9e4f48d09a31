using System.Buffers.Binary;

namespace Net.Worker.Overlay;

/// <summary>Takes packets out of a stream on which each stands behind its length, two bytes big endian.</summary>
internal sealed class PacketStreamReader
{
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Adds bytes of the stream.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        int pending = _end - _start;
        if (_buffer.Length - _end < data.Length)
        {
            byte[] target = _buffer.Length >= pending + data.Length ? _buffer : new byte[Math.Max(128 << 10, pending + data.Length)];
            _buffer.AsSpan(_start, pending).CopyTo(target);
            _buffer = target;
            _start = 0;
            _end = pending;
        }

        data.CopyTo(_buffer.AsSpan(_end));
        _end += data.Length;
    }

    /// <summary>Takes the next packet; it is valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> packet)
    {
        ReadOnlySpan<byte> pending = _buffer.AsSpan(_start, _end - _start);
        packet = default;
        if (pending.Length < 2)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(pending);
        if (pending.Length < 2 + length)
        {
            return false;
        }

        packet = pending.Slice(2, length);
        _start += 2 + length;
        return true;
    }
}
