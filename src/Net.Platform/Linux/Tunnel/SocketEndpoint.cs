using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>An address and port as the kernel writes them (sockaddr_in or sockaddr_in6 of netinet/in.h), in place and without allocation. IPv4 is always
/// kept as sockaddr_in, also when it came from a socket of both families, so that equal endpoints are equal bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public struct SocketEndpoint : IEquatable<SocketEndpoint>
{
    // sockaddr_in: family, port and address in the first 8 bytes, then zeros. sockaddr_in6: family, port, flow information (kept zero), 16 bytes, scope.
    private ulong _first;
    private ulong _second;
    private ulong _third;
    private ulong _fourth;

    /// <summary>Whether this is an IPv4 endpoint.</summary>
    public readonly bool IsIPv4 => (ushort)Family == Libc.AF_INET;

    /// <summary>Whether nothing was put in yet.</summary>
    public readonly bool IsEmpty => Family == Libc.AF_UNSPEC;

    /// <summary>The sockaddr: 16 bytes for IPv4, 28 for IPv6, valid as long as this variable.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> AsBytes =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<SocketEndpoint>(in this))[..(IsIPv4 ? Unsafe.SizeOf<Libc.sockaddr_in>() : Unsafe.SizeOf<Libc.sockaddr_in6>())];

    private readonly int Family => MemoryMarshal.Read<ushort>(MemoryMarshal.AsBytes(new ReadOnlySpan<SocketEndpoint>(in this)));

    /// <summary>Compares two endpoints.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when address, port and scope are the same.</returns>
    public static bool operator ==(in SocketEndpoint left, in SocketEndpoint right) =>
        left._first == right._first && left._second == right._second && left._third == right._third && left._fourth == right._fourth;

    /// <summary>Compares two endpoints.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when address, port or scope differ.</returns>
    public static bool operator !=(in SocketEndpoint left, in SocketEndpoint right) => !(left == right);

    /// <summary>Makes one; an IPv4-mapped IPv6 address becomes IPv4.</summary>
    /// <param name="endPoint">The endpoint.</param>
    /// <returns>The same as the kernel writes it.</returns>
    public static SocketEndpoint From(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        SocketEndpoint result = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<SocketEndpoint>(ref result));
        IPAddress address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        bool isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        MemoryMarshal.Write(bytes, (ushort)(isIPv4 ? Libc.AF_INET : Libc.AF_INET6));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)endPoint.Port);
        address.TryWriteBytes(bytes[(isIPv4 ? 4 : 8)..], out _);
        if (!isIPv4)
        {
            MemoryMarshal.Write(bytes[24..], (uint)address.ScopeId);
        }

        return result;
    }

    /// <summary>Makes one without allocating.</summary>
    /// <param name="address">The address as it lies in a packet, 4 or 16 bytes; it must not be IPv4-mapped.</param>
    /// <param name="port">The port.</param>
    /// <param name="scope">The interface of a link-local IPv6 address; else 0.</param>
    /// <returns>The same as the kernel writes it.</returns>
    public static SocketEndpoint From(ReadOnlySpan<byte> address, ushort port, int scope)
    {
        SocketEndpoint result = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<SocketEndpoint>(ref result));
        bool isIPv4 = address.Length == 4;
        MemoryMarshal.Write(bytes, (ushort)(isIPv4 ? Libc.AF_INET : Libc.AF_INET6));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], port);
        address.CopyTo(bytes[(isIPv4 ? 4 : 8)..]);
        if (!isIPv4)
        {
            MemoryMarshal.Write(bytes[24..], scope);
        }

        return result;
    }

    /// <summary>Makes the framework's object; allocates.</summary>
    /// <returns>The endpoint.</returns>
    public readonly IPEndPoint ToIPEndPoint()
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<SocketEndpoint>(in this));
        int port = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return IsIPv4
            ? new IPEndPoint(new IPAddress(bytes.Slice(4, 4)), port)
            : new IPEndPoint(new IPAddress(bytes.Slice(8, 16), MemoryMarshal.Read<uint>(bytes[24..])), port);
    }

    /// <inheritdoc />
    public readonly bool Equals(SocketEndpoint other) => this == other;

    /// <inheritdoc />
    public override readonly bool Equals(object? obj) => obj is SocketEndpoint other && this == other;

    /// <inheritdoc />
    public override readonly int GetHashCode() => HashCode.Combine(_first, _second, _third, _fourth);

    /// <inheritdoc />
    public override readonly string ToString() => IsEmpty ? "none" : ToIPEndPoint().ToString();

    /// <summary>Brings what the kernel wrote into the one form: IPv4-mapped becomes IPv4, flow information and padding become zero.</summary>
    internal void Normalize()
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<SocketEndpoint>(ref this));
        if (Family == Libc.AF_INET6)
        {
            // Bytes 8 to 19 of a mapped address: ten of zero, then ffff (RFC 4291, 2.5.5.2).
            if (_second == 0 && MemoryMarshal.Read<uint>(bytes[16..]) == (BitConverter.IsLittleEndian ? 0xffff0000 : 0x0000ffff))
            {
                uint address = MemoryMarshal.Read<uint>(bytes[20..]);
                MemoryMarshal.Write(bytes, (ushort)Libc.AF_INET);
                MemoryMarshal.Write(bytes[4..], address);
                _third = 0;
                _fourth = 0;
                return;
            }

            bytes.Slice(4, 4).Clear();
            bytes.Slice(28, 4).Clear();
            return;
        }

        _second = 0;
        _third = 0;
        _fourth = 0;
    }
}
