using System.Runtime.InteropServices;

namespace Net.Platform.Linux;

/// <summary>Walks the messages in a received datagram. Stops at the first that does not fit.</summary>
public ref struct NetlinkMessageReader
{
    private const int HeaderBytes = 16;
    private ReadOnlySpan<byte> _rest;

    /// <summary>Walks a datagram.</summary>
    /// <param name="datagram">The bytes received.</param>
    public NetlinkMessageReader(ReadOnlySpan<byte> datagram) => _rest = datagram;

    /// <summary>Takes the next message.</summary>
    /// <param name="message">The message.</param>
    /// <returns>False at the end, or where the rest makes no sense.</returns>
    public bool TryRead(out NetlinkMessage message)
    {
        message = default;
        if (_rest.Length < HeaderBytes)
        {
            return false;
        }

        uint length = MemoryMarshal.Read<uint>(_rest);
        if (length < HeaderBytes || length > _rest.Length)
        {
            _rest = default;
            return false;
        }

        message = new NetlinkMessage(
            MemoryMarshal.Read<ushort>(_rest[4..]),
            MemoryMarshal.Read<ushort>(_rest[6..]),
            MemoryMarshal.Read<uint>(_rest[8..]),
            _rest[HeaderBytes..(int)length]);
        int next = NetlinkWriter.Align((int)length);
        _rest = next < _rest.Length ? _rest[next..] : default;
        return true;
    }
}
