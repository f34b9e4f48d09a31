using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Net.Overlay.Flows;

/// <summary>What packets of one flow have in common: addresses, protocol and ports. Addresses are left-aligned in 128 bits as in
/// <see cref="Routing.OverlayPrefix"/>. For ICMP echo the identifier stands on the side that asks and the type of the request on the side that answers, so that
/// a reply is the reverse of its request, and an unasked reply is not; for other ICMP messages the destination port is type times 256 plus code.</summary>
public readonly struct FlowKey : IEquatable<FlowKey>
{
    private readonly ulong _sourceHigh;
    private readonly ulong _sourceLow;
    private readonly ulong _destinationHigh;
    private readonly ulong _destinationLow;

    // Ports, protocol and version in one word, so that equality is five comparisons.
    private readonly ulong _rest;

    /// <summary>Makes a key from parts, for tests of a policy and for records.</summary>
    /// <param name="source">4 or 16 bytes.</param>
    /// <param name="destination">As many bytes.</param>
    /// <param name="protocol">IANA protocol number.</param>
    /// <param name="sourcePort">0 when the protocol has no ports.</param>
    /// <param name="destinationPort">0 when the protocol has no ports.</param>
    /// <exception cref="ArgumentException">The addresses are of two families or none.</exception>
    public FlowKey(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination, byte protocol, ushort sourcePort, ushort destinationPort)
    {
        if (source.Length != destination.Length || source.Length is not (4 or 16))
        {
            throw new ArgumentException("Both addresses have 4 bytes, or both have 16.", nameof(source));
        }

        if (source.Length == 4)
        {
            _sourceHigh = (ulong)BinaryPrimitives.ReadUInt32BigEndian(source) << 32;
            _destinationHigh = (ulong)BinaryPrimitives.ReadUInt32BigEndian(destination) << 32;
        }
        else
        {
            _sourceHigh = BinaryPrimitives.ReadUInt64BigEndian(source);
            _sourceLow = BinaryPrimitives.ReadUInt64BigEndian(source[8..]);
            _destinationHigh = BinaryPrimitives.ReadUInt64BigEndian(destination);
            _destinationLow = BinaryPrimitives.ReadUInt64BigEndian(destination[8..]);
        }

        _rest = Pack(sourcePort, destinationPort, protocol, source.Length == 4 ? 4 : 6);
    }

    private FlowKey(ulong sourceHigh, ulong sourceLow, ulong destinationHigh, ulong destinationLow, ulong rest)
    {
        _sourceHigh = sourceHigh;
        _sourceLow = sourceLow;
        _destinationHigh = destinationHigh;
        _destinationLow = destinationLow;
        _rest = rest;
    }

    /// <summary>The source address, left-aligned.</summary>
    public UInt128 Source => new(_sourceHigh, _sourceLow);

    /// <summary>The destination address, left-aligned.</summary>
    public UInt128 Destination => new(_destinationHigh, _destinationLow);

    /// <summary>The source port, or what the type's description says of ICMP.</summary>
    public ushort SourcePort => (ushort)(_rest >> 48);

    /// <summary>The destination port, or what the type's description says of ICMP.</summary>
    public ushort DestinationPort => (ushort)(_rest >> 32);

    /// <summary>IANA protocol number; for IPv6 that of the first header which is no extension.</summary>
    public byte Protocol => (byte)(_rest >> 8);

    /// <summary>4 or 6.</summary>
    public int Version => (byte)_rest;

    /// <summary>Whether the flow is IPv6.</summary>
    public bool IsIPv6 => (byte)_rest == 6;

    /// <summary>The key of the packets that answer.</summary>
    public FlowKey Reversed => new(_destinationHigh, _destinationLow, _sourceHigh, _sourceLow, Swap(_rest));

    /// <summary>Reads the key of a packet.</summary>
    /// <param name="packet">The packet from its IP header on.</param>
    /// <param name="key">The key; ports are 0 for fragments behind the first and for protocols without any.</param>
    /// <returns>False when the packet is malformed, cut off, or has a type 0 routing header (RFC 5095).</returns>
    public static bool TryRead(ReadOnlySpan<byte> packet, out FlowKey key)
    {
        bool isRead = FlowPacket.TryRead(packet, out FlowPacket parsed);
        key = parsed.Key;
        return isRead;
    }

    /// <summary>Whether two keys are of one flow in one direction.</summary>
    public bool Equals(FlowKey other) => Matches(in other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FlowKey other && Matches(in other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Hash(0);

    /// <summary>Whether two keys are equal.</summary>
    public static bool operator ==(in FlowKey left, in FlowKey right) => left.Matches(in right);

    /// <summary>Whether two keys differ.</summary>
    public static bool operator !=(in FlowKey left, in FlowKey right) => !left.Matches(in right);

    /// <summary>A 64-bit hash under a seed. With a secret random seed strangers cannot choose packets that fall into one bucket.</summary>
    /// <param name="seed">The seed.</param>
    public ulong Hash(ulong seed)
    {
        // Multiply and fold, as wyhash does; the constants are its (odd, balanced) secrets.
        ulong mixed = Fold(_sourceHigh ^ seed ^ 0xa0761d6478bd642f, _sourceLow ^ 0xe7037ed1a0b428db);
        mixed = Fold(_destinationHigh ^ mixed, _destinationLow ^ seed ^ 0x8ebc6af09c88c6e3);
        return Fold(_rest ^ mixed, seed ^ 0x589965cc75374cc3);
    }

    /// <summary>The key that stands for both directions: the lower end is the source.</summary>
    /// <param name="isSwapped">Whether that is the reverse of this key.</param>
    public FlowKey Canonical(out bool isSwapped)
    {
        isSwapped = _sourceHigh != _destinationHigh ? _sourceHigh > _destinationHigh
            : _sourceLow != _destinationLow ? _sourceLow > _destinationLow
            : SourcePort > DestinationPort;
        return isSwapped ? Reversed : this;
    }

    /// <summary>The source address as the platform's type.</summary>
    public IPAddress SourceAddress() => ToAddress(_sourceHigh, _sourceLow);

    /// <summary>The destination address as the platform's type.</summary>
    public IPAddress DestinationAddress() => ToAddress(_destinationHigh, _destinationLow);

    /// <summary>"6 10.0.0.1:4000 > 10.0.0.2:22", for logs.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Protocol} {new IPEndPoint(SourceAddress(), SourcePort)} > {new IPEndPoint(DestinationAddress(), DestinationPort)}");

    /// <summary>The same flow with other ports.</summary>
    /// <param name="sourcePort">The source port.</param>
    /// <param name="destinationPort">The destination port.</param>
    internal FlowKey WithPorts(ushort sourcePort, ushort destinationPort) =>
        new(_sourceHigh, _sourceLow, _destinationHigh, _destinationLow, Pack(sourcePort, destinationPort, Protocol, Version));

    /// <summary>Compares without copying.</summary>
    /// <param name="other">The other key.</param>
    internal bool Matches(in FlowKey other) =>
        ((_rest ^ other._rest) | (_sourceHigh ^ other._sourceHigh) | (_destinationHigh ^ other._destinationHigh)
            | (_sourceLow ^ other._sourceLow) | (_destinationLow ^ other._destinationLow)) == 0;

    private static ulong Pack(ushort sourcePort, ushort destinationPort, byte protocol, int version) =>
        ((ulong)sourcePort << 48) | ((ulong)destinationPort << 32) | ((ulong)protocol << 8) | (uint)version;

    private static ulong Swap(ulong rest) =>
        (uint)rest | ((ulong)(ushort)(rest >> 32) << 48) | ((ulong)(ushort)(rest >> 48) << 32);

    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }

    private IPAddress ToAddress(ulong high, ulong low)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return new IPAddress(IsIPv6 ? bytes : bytes[..4]);
    }
}
