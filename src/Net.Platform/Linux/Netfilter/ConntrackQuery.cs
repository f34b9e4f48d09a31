using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.ConntrackApi;
using static Net.Platform.Linux.Interop.NetlinkApi;

namespace Net.Platform.Linux.Netfilter;

/// <summary>A filter made ready: what the kernel can do of it goes into the request, all of it is checked again here, since older kernels ignore what they do not know.</summary>
internal sealed class ConntrackQuery
{
    // Which fields of a tuple the kernel compares. These bits are in no user header: net/netfilter/nf_internals.h, Linux 5.8.
    private const uint CompareSource = 1 << 0;
    private const uint CompareDestination = 1 << 1;
    private const uint CompareProtocol = 1 << 3;
    private const uint CompareSourcePort = 1 << 4;
    private const uint CompareDestinationPort = 1 << 5;

    private readonly ConnectionFilter _filter;
    private readonly Prefix[] _sources;
    private readonly Prefix[] _destinations;
    private readonly Prefix[] _addresses;

    /// <summary>Makes a filter ready.</summary>
    /// <param name="filter">The filter; null for all.</param>
    public ConntrackQuery(ConnectionFilter? filter)
    {
        _filter = filter ?? new ConnectionFilter();
        _sources = [.. _filter.Sources.Select(Prefix.Of)];
        _destinations = [.. _filter.Destinations.Select(Prefix.Of)];
        _addresses = [.. _filter.Addresses.Select(Prefix.Of)];
        Family = ConntrackEntry.ToKernel(_filter.Family);
        if (Family == Libc.AF_UNSPEC)
        {
            // Prefixes of one version only mean that version.
            Family = CommonFamily(_sources) is var source and not 0 ? source
                : CommonFamily(_destinations) is var destination and not 0 ? destination
                : CommonFamily(_addresses) is var any and not 0 ? any
                : _filter.Protocol switch
                {
                    ConntrackEntry.Icmp => (byte)Libc.AF_INET,
                    ConntrackEntry.IcmpV6 => (byte)Libc.AF_INET6,
                    _ => (byte)Libc.AF_UNSPEC,
                };
        }

        // The kernel compares tuples in one family at a time.
        Families = HasTupleFilter && Family == Libc.AF_UNSPEC ? [Libc.AF_INET, Libc.AF_INET6] : [Family];
    }

    /// <summary>AF_ number of the entries meant; AF_UNSPEC for both.</summary>
    public byte Family { get; }

    /// <summary>AF_ numbers to ask the kernel for, one request each.</summary>
    public IReadOnlyList<byte> Families { get; }

    /// <summary>Whether the kernel can be asked to compare tuples for this filter (CTA_FILTER).</summary>
    public bool HasTupleFilter => CompareBits != 0;

    private byte? PortProtocol => _filter.Protocol is 6 or 17 or 132 or 136 ? _filter.Protocol : null;

    private uint CompareBits
    {
        get
        {
            uint bits = _filter.Protocol is null ? 0 : CompareProtocol;

            // Addresses are compared in one family, ports in one protocol.
            bits |= _sources is [{ IsHost: true } onlySource] && onlySource.Family == Family ? CompareSource : 0;
            bits |= _destinations is [{ IsHost: true } onlyDestination] && onlyDestination.Family == Family ? CompareDestination : 0;
            bits |= PortProtocol is not null && _filter.SourcePorts is { } source && source.First == source.Last ? CompareSourcePort : 0;
            bits |= PortProtocol is not null && _filter.DestinationPorts is { } destination && destination.First == destination.Last ? CompareDestinationPort : 0;
            return bits;
        }
    }

    /// <summary>Writes what the kernel can filter.</summary>
    /// <param name="writer">Behind the fixed header of a request.</param>
    /// <param name="withTupleFilter">Whether the kernel knows CTA_FILTER.</param>
    public void Write(ref NetlinkWriter writer, bool withTupleFilter)
    {
        if (_filter.Mark is { } mark)
        {
            writer.AttributeBigEndian(CTA_MARK, mark & _filter.MarkMask);
            writer.AttributeBigEndian(CTA_MARK_MASK, _filter.MarkMask);
        }

        uint status = (uint)(_filter.RequiredStatus | _filter.ExcludedStatus);
        if (status != 0 && (_filter.RequiredStatus & _filter.ExcludedStatus) == 0)
        {
            writer.AttributeBigEndian(CTA_STATUS, (uint)_filter.RequiredStatus);
            writer.AttributeBigEndian(CTA_STATUS_MASK, status);
        }

        if (withTupleFilter && HasTupleFilter)
        {
            WriteTupleFilter(ref writer, CompareBits);
        }
    }

    /// <summary>Whether an entry fulfils every condition.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>True when it does.</returns>
    public bool Matches(in ConntrackEntry entry)
    {
        ConnectionFilter filter = _filter;
        return (Family == Libc.AF_UNSPEC || entry.Family == Family)
            && (filter.Protocol is not { } protocol || entry.Protocol == protocol)
            && (filter.Mark is not { } mark || ((entry.Mark ^ mark) & filter.MarkMask) == 0)
            && (filter.Zone is not { } zone || entry.Zone == zone)
            && (filter.Id is not { } id || entry.Id == id)
            && (entry.Status & (uint)filter.RequiredStatus) == (uint)filter.RequiredStatus
            && (entry.Status & (uint)filter.ExcludedStatus) == 0
            && (filter.IsTranslated is not { } isTranslated
                || isTranslated == ((entry.Status & (uint)(ConnectionStatus.SourceNat | ConnectionStatus.DestinationNat)) != 0))
            && MatchesPorts(entry)
            && Contains(_sources, entry.Family, entry.Original.Source)
            && Contains(_destinations, entry.Family, entry.Original.Destination)
            && (_addresses.Length == 0
                || Contains(_addresses, entry.Family, entry.Original.Source)
                || Contains(_addresses, entry.Family, entry.Original.Destination)
                || Contains(_addresses, entry.Family, entry.Reply.Source)
                || Contains(_addresses, entry.Family, entry.Reply.Destination))
            && (filter.State is null || string.Equals(filter.State, entry.State, StringComparison.OrdinalIgnoreCase));
    }

    private static bool Contains(Prefix[] prefixes, byte family, UInt128 address)
    {
        foreach (ref readonly Prefix prefix in prefixes.AsSpan())
        {
            if (prefix.Family == family && (address & prefix.Mask) == prefix.Network)
            {
                return true;
            }
        }

        return prefixes.Length == 0;
    }

    private static byte CommonFamily(Prefix[] prefixes) =>
        prefixes.Length > 0 && prefixes.All(prefix => prefix.Family == prefixes[0].Family) ? prefixes[0].Family : (byte)Libc.AF_UNSPEC;

    private static void WriteAddress(ref NetlinkWriter writer, int type4, int type6, Prefix prefix)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (prefix.Family == Libc.AF_INET)
        {
            writer.AttributeBigEndian(type4, (uint)prefix.Network);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes, prefix.Network);
            writer.Attribute(type6, bytes);
        }
    }

    private bool MatchesPorts(in ConntrackEntry entry)
    {
        if (_filter.SourcePorts is null && _filter.DestinationPorts is null && _filter.Ports is null)
        {
            return true;
        }

        // What stands there for ICMP is no port.
        return !entry.IsIcmp
            && (_filter.SourcePorts is not { } source || source.Contains(entry.Original.SourcePort))
            && (_filter.DestinationPorts is not { } destination || destination.Contains(entry.Original.DestinationPort))
            && (_filter.Ports is not { } any
                || any.Contains(entry.Original.SourcePort) || any.Contains(entry.Original.DestinationPort)
                || any.Contains(entry.Reply.SourcePort) || any.Contains(entry.Reply.DestinationPort));
    }

    private void WriteTupleFilter(ref NetlinkWriter writer, uint bits)
    {
        int tuple = writer.BeginNested(CTA_TUPLE_ORIG | NLA_F_NESTED);
        if ((bits & (CompareSource | CompareDestination)) != 0)
        {
            int addresses = writer.BeginNested(CTA_TUPLE_IP | NLA_F_NESTED);
            if ((bits & CompareSource) != 0)
            {
                WriteAddress(ref writer, CTA_IP_V4_SRC, CTA_IP_V6_SRC, _sources[0]);
            }

            if ((bits & CompareDestination) != 0)
            {
                WriteAddress(ref writer, CTA_IP_V4_DST, CTA_IP_V6_DST, _destinations[0]);
            }

            writer.EndNested(addresses);
        }

        if ((bits & CompareProtocol) != 0)
        {
            int protocol = writer.BeginNested(CTA_TUPLE_PROTO | NLA_F_NESTED);
            writer.Attribute(CTA_PROTO_NUM, _filter.Protocol!.Value);
            WritePort(ref writer, CTA_PROTO_SRC_PORT, (bits & CompareSourcePort) != 0 ? _filter.SourcePorts : null);
            WritePort(ref writer, CTA_PROTO_DST_PORT, (bits & CompareDestinationPort) != 0 ? _filter.DestinationPorts : null);
            writer.EndNested(protocol);
        }

        writer.EndNested(tuple);
        int flags = writer.BeginNested(CTA_FILTER | NLA_F_NESTED);
        writer.Attribute(CTA_FILTER_ORIG_FLAGS, bits);
        writer.Attribute(CTA_FILTER_REPLY_FLAGS, 0u);
        writer.EndNested(flags);
    }

    private static void WritePort(ref NetlinkWriter writer, int type, ConnectionPorts? ports)
    {
        if (ports is { } range)
        {
            ConntrackRequests.WriteUInt16(ref writer, type, range.First);
        }
    }

    private readonly record struct Prefix(byte Family, UInt128 Network, UInt128 Mask, bool IsHost)
    {
        public static Prefix Of(IPNetwork network)
        {
            bool isV4 = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
            int bits = isV4 ? 32 : 128;
            UInt128 mask = network.PrefixLength == 0 ? 0 : UInt128.MaxValue << (bits - network.PrefixLength);
            mask &= isV4 ? uint.MaxValue : UInt128.MaxValue;
            return new Prefix(
                isV4 ? (byte)Libc.AF_INET : (byte)Libc.AF_INET6,
                ConntrackEntry.ToNumber(network.BaseAddress) & mask,
                mask,
                network.PrefixLength == bits);
        }
    }
}
