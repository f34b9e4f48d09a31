using System.Buffers.Binary;

namespace Net.Overlay.Probes;

/// <summary>Seals and opens the path probes of one connection. A probe is 69 bytes:
/// <list type="table">
/// <item><term>0</term><description>0x01: its first two bits are 0, which no QUIC packet has (RFC 9000, 17)</description></item>
/// <item><term>1..8</term><description>the receiver's connection id, as in the connection's QUIC packets</description></item>
/// <item><term>9..16</term><description>the sequence; the nonce is four zero bytes and these</description></item>
/// <item><term>17..52</term><description>sealed: kind (1), family 0, 4 or 6 (1), port (2), sent time (8), echoed sequence (8), address (16, left-aligned)</description></item>
/// <item><term>53..68</term><description>the tag of ChaCha20-Poly1305 (RFC 8439) over everything before</description></item>
/// </list>
/// There is a key for each direction, from the connection's TLS exporter (RFC 8446, 7.5). A pong is as long as its ping, so that nobody is answered with more
/// than was asked. Allocates nothing after construction. Not thread-safe.</summary>
public sealed class ProbeCodec
{
    /// <summary>The length of a probe.</summary>
    public const int PacketBytes = HeaderBytes + BodyBytes + TagBytes;

    /// <summary>The first byte of a probe.</summary>
    public const byte FirstByte = 0x01;

    /// <summary>How many bytes to ask the TLS exporter for: a key for each direction.</summary>
    public const int ExportedBytes = 2 * KeyBytes;

    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int HeaderBytes = 17;
    private const int BodyBytes = 36;
    private const int TagBytes = 16;

    private readonly IProbeCipher _cipher;
    private readonly byte[] _sendKey;
    private readonly byte[] _receiveKey;
    private ReplayWindow _window;
    private ulong _sequence;

    /// <summary>The codec of a connection.</summary>
    /// <param name="cipher">ChaCha20-Poly1305.</param>
    /// <param name="exported">64 bytes that the TLS exporter gave for <see cref="ExporterLabel"/>: first the client's key to send with, then the server's.</param>
    /// <param name="isClient">Whether this side is the TLS client.</param>
    public ProbeCodec(IProbeCipher cipher, ReadOnlySpan<byte> exported, bool isClient)
    {
        ArgumentNullException.ThrowIfNull(cipher);
        ArgumentOutOfRangeException.ThrowIfNotEqual(exported.Length, ExportedBytes);
        _cipher = cipher;
        byte[] client = exported[..KeyBytes].ToArray();
        byte[] server = exported[KeyBytes..].ToArray();
        (_sendKey, _receiveKey) = isClient ? (client, server) : (server, client);
    }

    /// <summary>The label to give the TLS exporter, in ASCII; the context is empty.</summary>
    public static ReadOnlySpan<byte> ExporterLabel => "EXPORTER-netmod-probe"u8;

    /// <summary>How many probes came that were not authentic, were replays, or had another form.</summary>
    public long Rejected { get; private set; }

    /// <summary>Whether a datagram is a probe by its first byte and length; the connection it belongs to follows from <paramref name="connectionId"/>.</summary>
    /// <param name="packet">The datagram.</param>
    /// <param name="connectionId">The receiver's connection id.</param>
    public static bool TryReadConnectionId(ReadOnlySpan<byte> packet, out ulong connectionId)
    {
        bool isProbe = packet.Length == PacketBytes && packet[0] == FirstByte;
        connectionId = isProbe ? BinaryPrimitives.ReadUInt64BigEndian(packet[1..]) : 0;
        return isProbe;
    }

    /// <summary>Seals a probe.</summary>
    /// <param name="destination">Receives 69 bytes.</param>
    /// <param name="connectionId">The receiver's connection id.</param>
    /// <param name="message">What to seal.</param>
    /// <returns>The sequence it got.</returns>
    public ulong Seal(Span<byte> destination, ulong connectionId, in ProbeMessage message)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, PacketBytes);
        ulong sequence = ++_sequence;
        destination[0] = FirstByte;
        BinaryPrimitives.WriteUInt64BigEndian(destination[1..], connectionId);
        BinaryPrimitives.WriteUInt64BigEndian(destination[9..], sequence);
        Span<byte> body = stackalloc byte[BodyBytes];
        body.Clear();
        body[0] = (byte)message.Kind;
        body[1] = message.Observed.IsNone ? (byte)0 : message.Observed.IsIPv4 ? (byte)4 : (byte)6;
        BinaryPrimitives.WriteUInt16BigEndian(body[2..], message.Observed.Port);
        BinaryPrimitives.WriteInt64BigEndian(body[4..], message.SentTime);
        BinaryPrimitives.WriteUInt64BigEndian(body[12..], message.EchoedSequence);
        if (!message.Observed.IsNone)
        {
            message.Observed.WriteAddress(body[20..]);
        }

        Span<byte> nonce = stackalloc byte[NonceBytes];
        WriteNonce(nonce, sequence);
        _cipher.Seal(_sendKey, nonce, destination[..HeaderBytes], body, destination[HeaderBytes..]);
        return sequence;
    }

    /// <summary>Opens a probe.</summary>
    /// <param name="packet">The datagram.</param>
    /// <param name="message">What was sealed.</param>
    /// <param name="sequence">Its sequence.</param>
    public ProbeOpenResult TryOpen(ReadOnlySpan<byte> packet, out ProbeMessage message, out ulong sequence)
    {
        ProbeOpenResult result = Open(packet, out message, out sequence);
        Rejected += result == ProbeOpenResult.Ok ? 0 : 1;
        return result;
    }

    private static void WriteNonce(Span<byte> nonce, ulong sequence)
    {
        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], sequence);
    }

    private ProbeOpenResult Open(ReadOnlySpan<byte> packet, out ProbeMessage message, out ulong sequence)
    {
        message = default;
        sequence = 0;
        if (!TryReadConnectionId(packet, out _))
        {
            return ProbeOpenResult.Malformed;
        }

        sequence = BinaryPrimitives.ReadUInt64BigEndian(packet[9..]);
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Span<byte> body = stackalloc byte[BodyBytes];
        WriteNonce(nonce, sequence);
        if (!_cipher.TryOpen(_receiveKey, nonce, packet[..HeaderBytes], packet[HeaderBytes..], body))
        {
            return ProbeOpenResult.NotAuthentic;
        }

        if (!_window.TryAccept(sequence))
        {
            return ProbeOpenResult.Replayed;
        }

        if (body[0] is not ((byte)ProbeKind.Ping or (byte)ProbeKind.Pong) || body[1] is not (0 or 4 or 6))
        {
            return ProbeOpenResult.Malformed;
        }

        ushort port = BinaryPrimitives.ReadUInt16BigEndian(body[2..]);
        PathEndpoint observed = body[1] == 0 ? default : new PathEndpoint(body.Slice(20, body[1] == 4 ? 4 : 16), port);
        message = new ProbeMessage((ProbeKind)body[0], BinaryPrimitives.ReadUInt64BigEndian(body[12..]), BinaryPrimitives.ReadInt64BigEndian(body[4..]), observed);
        return ProbeOpenResult.Ok;
    }
}
