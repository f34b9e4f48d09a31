using System.Runtime.InteropServices;

namespace Net.Platform.Linux;

/// <summary>Walks attributes. Stops at the first that does not fit.</summary>
public ref struct NetlinkReader
{
    private const int HeaderBytes = 4;
    private ReadOnlySpan<byte> _rest;

    /// <summary>Walks the attributes in some bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public NetlinkReader(ReadOnlySpan<byte> bytes) => _rest = bytes;

    /// <summary>Takes the next attribute.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <returns>False at the end, or where the rest makes no sense.</returns>
    public bool TryRead(out NetlinkAttribute attribute)
    {
        attribute = default;
        if (_rest.Length < HeaderBytes)
        {
            return false;
        }

        ushort length = MemoryMarshal.Read<ushort>(_rest);
        if (length < HeaderBytes || length > _rest.Length)
        {
            _rest = default;
            return false;
        }

        attribute = new NetlinkAttribute(MemoryMarshal.Read<ushort>(_rest[2..]), _rest[HeaderBytes..length]);
        int next = NetlinkWriter.Align(length);
        _rest = next < _rest.Length ? _rest[next..] : default;
        return true;
    }

    /// <summary>Looks for an attribute from here on.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="attribute">The attribute.</param>
    /// <returns>Whether there is one.</returns>
    public readonly bool TryFind(int type, out NetlinkAttribute attribute)
    {
        NetlinkReader copy = this;
        while (copy.TryRead(out attribute))
        {
            if (attribute.Type == type)
            {
                return true;
            }
        }

        attribute = default;
        return false;
    }
}
