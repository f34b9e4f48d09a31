namespace Net.Relay;

/// <summary>Which packets a rule takes.</summary>
public sealed record RelayInput
{
    /// <summary>The kernel's index of the interface they arrive on.</summary>
    public required int InterfaceIndex { get; init; }

    /// <summary>Their destination: a group or a unicast address, exact or a prefix.</summary>
    public required AddressPrefix Destination { get; init; }

    /// <summary>Their source, which makes it an (S,G) rule; null for any, (*,G).</summary>
    public AddressPrefix? Source { get; init; }

    /// <summary>The first destination port; 0 for ESP.</summary>
    public ushort PortFrom { get; init; }

    /// <summary>The last destination port; 0 for ESP.</summary>
    public ushort PortTo { get; init; }

    /// <summary>Their protocol.</summary>
    public RelayProtocol Protocol { get; init; } = RelayProtocol.Udp;

    /// <summary>Whether it is one destination and one port, of any or one source: what a hash table finds.</summary>
    public bool IsExact => Destination.IsExact && PortFrom == PortTo && (Source is null || Source.Value.IsExact);
}
