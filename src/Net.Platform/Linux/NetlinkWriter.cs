using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Net.Platform.Linux;

/// <summary>Writes netlink messages one behind the other into a buffer. Throws <see cref="NetlinkException"/> when it is full.</summary>
public ref struct NetlinkWriter
{
    private const int HeaderBytes = 16;
    private readonly Span<byte> _buffer;
    private int _messageStart;

    /// <summary>Writes into a buffer.</summary>
    /// <param name="buffer">The buffer.</param>
    public NetlinkWriter(Span<byte> buffer)
    {
        _buffer = buffer;
        _messageStart = -1;
    }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public readonly Span<byte> Written => _buffer[..Length];

    /// <summary>Starts a message; the socket fills in the sequence number.</summary>
    /// <param name="type">Message type.</param>
    /// <param name="flags">NLM_F_ flags.</param>
    public void Begin(int type, int flags)
    {
        if (_messageStart >= 0)
        {
            throw new NetlinkException("the message before was not ended");
        }

        _messageStart = Length;
        Span<byte> header = Take(HeaderBytes);
        MemoryMarshal.Write(header[4..], (ushort)type);
        MemoryMarshal.Write(header[6..], (ushort)flags);
    }

    /// <summary>Appends the fixed header of a family.</summary>
    /// <typeparam name="T">Its structure.</typeparam>
    /// <param name="header">Its content.</param>
    public void Header<T>(in T header)
        where T : unmanaged
    {
        Span<byte> place = Take(Align(Unsafe.SizeOf<T>()));
        MemoryMarshal.Write(place, in header);
    }

    /// <summary>Ends the message and writes its length.</summary>
    public void End()
    {
        if (_messageStart < 0)
        {
            throw new NetlinkException("no message was begun");
        }

        MemoryMarshal.Write(_buffer[_messageStart..], (uint)(Length - _messageStart));
        _messageStart = -1;
    }

    /// <summary>Appends an attribute.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="value">Its value.</param>
    public void Attribute(int type, scoped ReadOnlySpan<byte> value)
    {
        if (value.Length > ushort.MaxValue - 4)
        {
            throw new NetlinkException($"attribute {type} of {value.Length} bytes is too long");
        }

        Span<byte> place = Take(Align(4 + value.Length));
        MemoryMarshal.Write(place, (ushort)(4 + value.Length));
        MemoryMarshal.Write(place[2..], (ushort)type);
        value.CopyTo(place[4..]);
    }

    /// <summary>Appends a byte.</summary>
    /// <param name="type">Attribute type.</param>
    /// <param name="value">Its value.</param>
    public void Attribute(int type, byte value) => Attribute(type, [value]);

    /// <summary>Appends a number in the machine's byte order.</summary>
    /// <param name="type">Attribute type.</param>
    /// <param name="value">Its value.</param>
    public void Attribute(int type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        MemoryMarshal.Write(bytes, value);
        Attribute(type, bytes);
    }

    /// <summary>Appends a number in network byte order, as nf_tables wants it.</summary>
    /// <param name="type">Attribute type.</param>
    /// <param name="value">Its value.</param>
    public void AttributeBigEndian(int type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        Attribute(type, bytes);
    }

    /// <summary>Appends a string and its closing zero.</summary>
    /// <param name="type">Attribute type.</param>
    /// <param name="value">Its value.</param>
    public void Attribute(int type, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(value) + 1];
        Encoding.UTF8.GetBytes(value, bytes);
        Attribute(type, bytes);
    }

    /// <summary>Starts an attribute that holds attributes.</summary>
    /// <param name="type">Its type.</param>
    /// <returns>Its place, for <see cref="EndNested"/>.</returns>
    public int BeginNested(int type)
    {
        int start = Length;
        Attribute(type, ReadOnlySpan<byte>.Empty);
        return start;
    }

    /// <summary>Ends an attribute that holds attributes.</summary>
    /// <param name="start">What <see cref="BeginNested"/> returned.</param>
    public readonly void EndNested(int start) => MemoryMarshal.Write(_buffer[start..], (ushort)(Length - start));

    /// <summary>Appends raw bytes, padded to four.</summary>
    /// <param name="value">The bytes.</param>
    public void Raw(scoped ReadOnlySpan<byte> value) => value.CopyTo(Take(Align(value.Length)));

    internal static int Align(int length) => (length + 3) & ~3;

    private Span<byte> Take(int count)
    {
        if (count > _buffer.Length - Length)
        {
            throw new NetlinkException($"a netlink request is longer than its buffer of {_buffer.Length} bytes");
        }

        Span<byte> place = _buffer.Slice(Length, count);
        place.Clear();
        Length += count;
        return place;
    }
}
