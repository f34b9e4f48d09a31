using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.SocketDiagApi;

namespace Net.Platform.Linux.Netfilter;

/// <summary>Reads answers of inet_diag. Whatever bytes arrive, nothing is thrown.</summary>
internal static unsafe class SocketDiagParser
{
    /// <summary>Reads a connection.</summary>
    /// <param name="message">The message.</param>
    /// <param name="session">The connection.</param>
    /// <returns>False when the message holds no established one, or makes no sense.</returns>
    public static bool TryParse(in NetlinkMessage message, out SocketSession session)
    {
        session = null!;
        if (message.Type != SOCK_DIAG_BY_FAMILY
            || !MemoryMarshal.TryRead(message.Payload, out inet_diag_msg socket)
            || socket.idiag_family is not (Libc.AF_INET or Libc.AF_INET6)
            || socket.idiag_state != TCP_ESTABLISHED)
        {
            return false;
        }

        int bytes = socket.idiag_family == Libc.AF_INET ? 4 : 16;
        session = new SocketSession(
            ToAddress(new ReadOnlySpan<byte>(socket.id.idiag_src, bytes)),
            BigEndian(socket.id.idiag_sport),
            ToAddress(new ReadOnlySpan<byte>(socket.id.idiag_dst, bytes)),
            BigEndian(socket.id.idiag_dport),
            socket.idiag_uid,
            socket.idiag_inode,
            (int)socket.id.idiag_if);
        return true;
    }

    // A socket of IPv6 that serves both versions has IPv4 packets on the wire: rules must be asked about those.
    private static IPAddress ToAddress(ReadOnlySpan<byte> bytes)
    {
        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static ushort BigEndian(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
