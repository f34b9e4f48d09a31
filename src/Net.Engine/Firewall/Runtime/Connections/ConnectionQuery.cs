using System.Net;
using Net.Contracts;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Connections;

/// <summary>A filter of the API over the connections of the kernel: as much of it as the kernel's side can do is asked there, and all of it here.</summary>
internal sealed class ConnectionQuery
{
    private readonly FirewallConnectionFilter _filter;
    private readonly string? _state;

    /// <summary>Makes a query.</summary>
    /// <param name="filter">The filter; null for all connections.</param>
    /// <exception cref="EngineException">A condition makes no sense.</exception>
    public ConnectionQuery(FirewallConnectionFilter? filter)
    {
        _filter = filter ?? new FirewallConnectionFilter();
        _state = string.IsNullOrWhiteSpace(_filter.State) ? null : _filter.State.Replace("_", string.Empty, StringComparison.Ordinal);
        if (_filter.Id is < 0 or > uint.MaxValue)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"{_filter.Id} is no number of a connection.", "filter.id");
        }

        Kernel = new ConnectionFilter
        {
            Family = (_filter.SourceAddress ?? _filter.DestinationAddress ?? _filter.Address)?.First.AddressFamily,
            Protocol = _filter.Protocol is { } protocol and not (IpProtocol.Any or IpProtocol.Icmp) ? (byte)protocol : null,
            Sources = PrefixOf(_filter.SourceAddress),
            Addresses = PrefixOf(_filter.Address ?? _filter.DestinationAddress),
            SourcePorts = PortsOf(_filter.SourcePort),
            Ports = PortsOf(_filter.DestinationPort),
            Id = (uint?)_filter.Id,
        };
    }

    /// <summary>What the kernel's side is asked for: never less than what matches.</summary>
    public ConnectionFilter Kernel { get; }

    /// <summary>Whether anything is asked at all.</summary>
    public bool IsEmpty => _filter is { Protocol: null or IpProtocol.Any, SourceAddress: null, DestinationAddress: null, Address: null, SourcePort: null, DestinationPort: null, Id: null } && _state is null;

    /// <summary>Whether a connection fulfils every condition.</summary>
    /// <param name="connection">The connection.</param>
    public bool Matches(TrackedConnection connection)
    {
        ConnectionTuple there = connection.Original;
        ConnectionTuple back = connection.Reply;
        return (_filter.Protocol is not { } protocol || ConnectionText.Is(protocol, connection.Protocol))
            && Holds(_filter.SourceAddress, there.Source)
            && (_filter.DestinationAddress is not { } destination || Holds(destination, there.Destination) || Holds(destination, back.Source))
            && (_filter.Address is not { } any || Holds(any, there.Source) || Holds(any, there.Destination) || Holds(any, back.Source) || Holds(any, back.Destination))
            && (_filter.SourcePort is not { } sourcePort || Holds(sourcePort, connection.Protocol, there.SourcePort))
            && (_filter.DestinationPort is not { } port || Holds(port, connection.Protocol, there.DestinationPort) || Holds(port, connection.Protocol, back.SourcePort))
            && (_state is null || string.Equals(_state, ConnectionText.StateOf(connection.State), StringComparison.OrdinalIgnoreCase))
            && (_filter.Id is not { } id || id == connection.Id);
    }

    private static bool Holds(AddressRange? range, IPAddress address) => range is null || (range.First.AddressFamily == address.AddressFamily && IsWithin(range, address));

    private static bool IsWithin(AddressRange range, IPAddress address)
    {
        Span<byte> first = stackalloc byte[16];
        Span<byte> last = stackalloc byte[16];
        Span<byte> asked = stackalloc byte[16];
        range.First.TryWriteBytes(first, out int length);
        range.Last.TryWriteBytes(last, out _);
        address.TryWriteBytes(asked, out _);
        return asked[..length].SequenceCompareTo(first[..length]) >= 0 && asked[..length].SequenceCompareTo(last[..length]) <= 0;
    }

    private static bool Holds(PortRange range, byte protocol, ushort port) => ConnectionText.HasPorts(protocol) && port >= range.First && port <= range.Last;

    // A range that is no prefix is looked at here only.
    private static ValueList<IPNetwork> PrefixOf(AddressRange? range) => range switch
    {
        { PrefixLength: { } length } => [new IPNetwork(range.First, length)],
        not null when range.First.Equals(range.Last) => [new IPNetwork(range.First, range.First.GetAddressBytes().Length * 8)],
        _ => [],
    };

    private static ConnectionPorts? PortsOf(PortRange? range) => range is { } ports ? new ConnectionPorts((ushort)ports.First, (ushort)ports.Last) : null;
}
