using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Netfilter;

/// <summary>Reads numbers of attributes without exceptions: parsers of events meet millions of them and must only count what makes no sense. The first bytes count; more behind them are ignored, as the kernel does.</summary>
internal static class LenientAttribute
{
    /// <summary>Reads a byte.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="value">The number; unchanged when there is none.</param>
    /// <returns>False when the value is empty.</returns>
    public static bool TryGet(this in NetlinkAttribute attribute, ref byte value)
    {
        if (attribute.Value.IsEmpty)
        {
            return false;
        }

        value = attribute.Value[0];
        return true;
    }

    /// <summary>Reads a number of 16 bits in network byte order.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="value">The number; unchanged when the value is too short.</param>
    /// <returns>False when the value is too short.</returns>
    public static bool TryGet(this in NetlinkAttribute attribute, ref ushort value)
    {
        if (attribute.Value.Length < sizeof(ushort))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt16BigEndian(attribute.Value);
        return true;
    }

    /// <summary>Reads a number of 32 bits in network byte order.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="value">The number; unchanged when the value is too short.</param>
    /// <returns>False when the value is too short.</returns>
    public static bool TryGet(this in NetlinkAttribute attribute, ref uint value)
    {
        if (attribute.Value.Length < sizeof(uint))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt32BigEndian(attribute.Value);
        return true;
    }

    /// <summary>Reads a number of 64 bits in network byte order.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="value">The number; unchanged when the value is too short.</param>
    /// <returns>False when the value is too short.</returns>
    public static bool TryGet(this in NetlinkAttribute attribute, ref ulong value)
    {
        if (attribute.Value.Length < sizeof(ulong))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt64BigEndian(attribute.Value);
        return true;
    }

    /// <summary>Reads a structure from the start of the value.</summary>
    /// <typeparam name="T">The structure.</typeparam>
    /// <param name="attribute">The attribute.</param>
    /// <param name="value">Its content.</param>
    /// <returns>False when the value is too short.</returns>
    public static bool TryRead<T>(this in NetlinkAttribute attribute, out T value)
        where T : unmanaged => MemoryMarshal.TryRead(attribute.Value, out value);
}
