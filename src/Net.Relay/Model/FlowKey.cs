using System.Numerics;
using System.Runtime.CompilerServices;

namespace Net.Relay;

/// <summary>What the tables of <see cref="RelayTable"/> are looked up by. Members that do not count in a table are default.</summary>
/// <param name="Destination">The destination, masked where the table is one of prefixes.</param>
/// <param name="Source">The source.</param>
/// <param name="InterfaceIndex">The input interface.</param>
/// <param name="Discriminator">Port or prefix length, the protocol, and which kind of entry it is.</param>
internal readonly record struct FlowKey(RelayAddress Destination, RelayAddress Source, int InterfaceIndex, uint Discriminator)
{
    // Entries of the three kinds lie in one table.
    private const uint SourceKind = 1u << 24;
    private const uint PrefixKind = 2u << 24;
    private const uint LevelsKind = 3u << 24;

    /// <summary>The key of an exact destination of any source.</summary>
    /// <param name="interfaceIndex">The input interface.</param>
    /// <param name="destination">Destination.</param>
    /// <param name="port">Port.</param>
    /// <param name="protocol">Protocol.</param>
    public static FlowKey OfAny(int interfaceIndex, RelayAddress destination, ushort port, RelayProtocol protocol) =>
        new(destination, default, interfaceIndex, ((uint)protocol << 16) | port);

    /// <summary>The key of an exact destination of one source.</summary>
    /// <param name="interfaceIndex">The input interface.</param>
    /// <param name="destination">Destination.</param>
    /// <param name="source">Source.</param>
    /// <param name="port">Port.</param>
    /// <param name="protocol">Protocol.</param>
    public static FlowKey OfSource(int interfaceIndex, RelayAddress destination, RelayAddress source, ushort port, RelayProtocol protocol) =>
        new(destination, source, interfaceIndex, SourceKind | ((uint)protocol << 16) | port);

    /// <summary>The key of all ranges of ports of a prefix.</summary>
    /// <param name="interfaceIndex">The input interface.</param>
    /// <param name="prefix">The first address of the prefix.</param>
    /// <param name="length">Its length over 128 bits.</param>
    /// <param name="isIPv4">Its family.</param>
    /// <param name="protocol">Protocol.</param>
    public static FlowKey OfPrefix(int interfaceIndex, RelayAddress prefix, int length, bool isIPv4, RelayProtocol protocol) =>
        new(prefix, default, interfaceIndex, PrefixKind | ((uint)protocol << 16) | (isIPv4 ? 0x8000u : 0) | (uint)length);

    /// <summary>The key of the lengths of prefixes there are.</summary>
    /// <param name="interfaceIndex">The input interface.</param>
    /// <param name="isIPv4">Their family.</param>
    /// <param name="protocol">Protocol.</param>
    public static FlowKey OfLevels(int interfaceIndex, bool isIPv4, RelayProtocol protocol) =>
        new(default, default, interfaceIndex, LevelsKind | ((uint)protocol << 16) | (isIPv4 ? 0x8000u : 0));

    /// <summary>A hash whose upper bits are well mixed. Not keyed: what is in the table is the administrator's, so a sender cannot make its chains longer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Mix()
    {
        const ulong Factor = 0x9E37_79B9_7F4A_7C15;
        ulong hash = (Destination.Low ^ BitOperations.RotateLeft(Destination.High, 23)) * Factor;
        hash = (hash ^ (hash >> 32) ^ Source.Low ^ BitOperations.RotateLeft(Source.High, 29)) * Factor;
        hash = (hash ^ (hash >> 32) ^ (((ulong)(uint)InterfaceIndex << 32) | Discriminator)) * Factor;
        return hash ^ (hash >> 32);
    }
}
