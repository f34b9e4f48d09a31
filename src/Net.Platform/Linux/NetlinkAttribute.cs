using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>One attribute. Reading a value of the wrong size throws <see cref="NetlinkException"/>, never anything else.</summary>
public readonly ref struct NetlinkAttribute
{
    // The two upper bits say "nested" and "network byte order"; they do not belong to the type.
    private const int TypeMask = ~(NetlinkApi.NLA_F_NESTED | NetlinkApi.NLA_F_NET_BYTEORDER);

    internal NetlinkAttribute(ushort rawType, ReadOnlySpan<byte> value)
    {
        Type = rawType & TypeMask;
        Value = value;
    }

    /// <summary>Attribute type.</summary>
    public int Type { get; }

    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>The attributes inside.</summary>
    public NetlinkReader Nested => new(Value);

    /// <summary>A byte.</summary>
    public byte Byte => Read<byte>();

    /// <summary>A signed number in the machine's byte order.</summary>
    public int Int32 => Read<int>();

    /// <summary>A number in the machine's byte order.</summary>
    public uint UInt32 => Read<uint>();

    /// <summary>A number in network byte order.</summary>
    public uint UInt32BigEndian => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(Read<uint>()) : Read<uint>();

    /// <summary>A long number in network byte order.</summary>
    public ulong UInt64BigEndian => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(Read<ulong>()) : Read<ulong>();

    /// <summary>A string up to its closing zero; bytes that are no UTF-8 become replacement characters.</summary>
    public string Text
    {
        get
        {
            int end = Value.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
        }
    }

    /// <summary>An IPv4 or IPv6 address.</summary>
    public IPAddress Address => Value.Length is 4 or 16
        ? new IPAddress(Value)
        : throw new NetlinkException($"attribute {Type} of {Value.Length} bytes is no address");

    /// <summary>A hardware address; null when it is empty.</summary>
    public PhysicalAddress? HardwareAddress => Value.IsEmpty ? null : new PhysicalAddress(Value.ToArray());

    /// <summary>Reads a structure from the start of the value.</summary>
    /// <typeparam name="T">The structure.</typeparam>
    /// <returns>Its content.</returns>
    public T Read<T>()
        where T : unmanaged
    {
        if (Value.Length < Unsafe.SizeOf<T>())
        {
            throw new NetlinkException($"attribute {Type} of {Value.Length} bytes is too short");
        }

        return MemoryMarshal.Read<T>(Value);
    }
}
