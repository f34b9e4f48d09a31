using System.Net;
using System.Net.Sockets;

namespace Net.Platform;

/// <summary>Which connections are meant: those that fulfil every condition given. An empty filter means all.</summary>
public sealed record ConnectionFilter
{
    /// <summary>Address family; null for both.</summary>
    public AddressFamily? Family { get; init; }

    /// <summary>IP protocol number; null for all.</summary>
    public byte? Protocol { get; init; }

    /// <summary>Connection mark to have in the bits of <see cref="MarkMask"/>; null for any.</summary>
    public uint? Mark { get; init; }

    /// <summary>Bits of the mark that are compared.</summary>
    public uint MarkMask { get; init; } = uint.MaxValue;

    /// <summary>Source of the original direction, in one of these prefixes; empty for any.</summary>
    public ValueList<IPNetwork> Sources { get; init; } = [];

    /// <summary>Destination of the original direction, in one of these prefixes; empty for any.</summary>
    public ValueList<IPNetwork> Destinations { get; init; } = [];

    /// <summary>Any of the four addresses of both directions, in one of these prefixes; empty for any.</summary>
    public ValueList<IPNetwork> Addresses { get; init; } = [];

    /// <summary>Source port of the original direction; null for any.</summary>
    public ConnectionPorts? SourcePorts { get; init; }

    /// <summary>Destination port of the original direction; null for any.</summary>
    public ConnectionPorts? DestinationPorts { get; init; }

    /// <summary>Any of the four ports of both directions; null for any.</summary>
    public ConnectionPorts? Ports { get; init; }

    /// <summary>State as <see cref="TrackedConnection.State"/> has it, in any case; null for any.</summary>
    public string? State { get; init; }

    /// <summary>Status bits that must be set.</summary>
    public ConnectionStatus RequiredStatus { get; init; }

    /// <summary>Status bits that must not be set.</summary>
    public ConnectionStatus ExcludedStatus { get; init; }

    /// <summary>True for connections with a translated source or destination, false for those without, null for both.</summary>
    public bool? IsTranslated { get; init; }

    /// <summary>Connection tracking zone; null for any.</summary>
    public ushort? Zone { get; init; }

    /// <summary>The kernel's number of one entry; null for any.</summary>
    public uint? Id { get; init; }
}
