using System.Net;

namespace Net.Worker.Overlay;

/// <summary>Remembers the round trips to addresses, and which of them are short. Congestion control has to be chosen before a connection's first packet, when its round trip is
/// not known: Cubic for a LAN, where loss means congestion and BBR costs 15 % more CPU (ngtcp2 1.11), BBR elsewhere, where one lost packet in a hundred takes
/// Cubic to a fortieth of the link's rate.</summary>
internal sealed class KnownRoundTrips
{
    // Two limits, so that a path between them does not go back and forth: a fresh connection is made for each change.
    private const long ShortBelow = 3_000_000;
    private const long LongAbove = 8_000_000;

    // A round trip that packets of a session measured this often without one of them being quick is a long one. The handshake's own has much computing in it.
    private const int EnoughSamples = 8;

    // A handshake computes, too, and under load for long: what it takes for lost it sends again.
    private const long LeastHandshakeRtt = 25_000_000;

    private const int Capacity = 4_096;

    private readonly Dictionary<IPAddress, Path> _known = [];

    /// <summary>Whether the round trip to an address is taken to be short: as measured, else by whether the address is of this host's private neighbourhood.</summary>
    public bool IsShort(IPAddress address) => _known.TryGetValue(address, out Path path) ? path.IsShort : IsNear(address);

    /// <summary>The round trip a handshake with an address may expect, in nanoseconds: a lost packet of it is missed after three of them instead of after a second
    /// (RFC 9002 section 6.2.2). 0 where none was measured.</summary>
    public long ExpectedRtt(IPAddress address) => _known.TryGetValue(address, out Path path) ? Math.Max(path.RoundTrip, LeastHandshakeRtt) : 0;

    /// <summary>Whether more samples would say the same: the shortest round trip only gets shorter, so a short one is certain at once. Waiting costs, too: until it is judged,
    /// Cubic crawls where packets get lost.</summary>
    /// <param name="roundTrip">The shortest one of a connection, in nanoseconds.</param>
    /// <param name="samples">Batches of datagrams that came since it was established.</param>
    /// <param name="isTakenAsShort">What the connection was made for.</param>
    public static bool IsCertain(long roundTrip, int samples, bool isTakenAsShort) => IsShort(roundTrip, isTakenAsShort) || samples >= EnoughSamples;

    /// <summary>Learns a round trip.</summary>
    /// <param name="address">The address.</param>
    /// <param name="roundTrip">The shortest one of a connection, in nanoseconds.</param>
    /// <param name="isTakenAsShort">What the connection was made for.</param>
    /// <returns>Whether it should have been made for the other kind of path.</returns>
    public bool Learn(IPAddress address, long roundTrip, bool isTakenAsShort)
    {
        bool isShort = IsShort(roundTrip, isTakenAsShort);
        if (_known.Count >= Capacity && !_known.ContainsKey(address))
        {
            _known.Clear();
        }

        _known[address] = new Path(isShort, roundTrip);
        return isShort != isTakenAsShort;
    }

    private static bool IsShort(long roundTrip, bool isTakenAsShort) => isTakenAsShort ? roundTrip <= LongAbove : roundTrip < ShortBelow;

    // RFC 1918, RFC 4193, RFC 3927, RFC 4291 section 2.5.6, loopback.
    private static bool IsNear(IPAddress address)
    {
        byte[] bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        return bytes.Length == 4
            ? bytes[0] is 10 or 127 || (bytes[0] == 172 && (bytes[1] & 0xf0) == 16) || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254)
            : (bytes[0] & 0xfe) == 0xfc || (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80) || IPAddress.IsLoopback(address);
    }

    private readonly record struct Path(bool IsShort, long RoundTrip);
}
