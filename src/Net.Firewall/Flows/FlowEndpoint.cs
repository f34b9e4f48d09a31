using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>What a rule asks of one address of a packet: ranges of its own or lists, of which one suffices.</summary>
internal sealed class FlowEndpoint
{
    private readonly FlowAddresses _own;

    private FlowEndpoint(FlowAddresses own, FlowList[] fixedLists, FlowList[] dynamicLists)
    {
        _own = own;
        FixedLists = fixedLists;
        DynamicLists = dynamicLists;
    }

    /// <summary>The rule's own ranges.</summary>
    public FlowAddresses Own => _own;

    /// <summary>Lists whose content is part of the model.</summary>
    public FlowList[] FixedLists { get; }

    /// <summary>Lists that rules fill.</summary>
    public FlowList[] DynamicLists { get; }

    /// <summary>Reads what a rule asks; null when it takes every address.</summary>
    /// <param name="ranges">Its own ranges.</param>
    /// <param name="lists">Ids of its lists.</param>
    /// <param name="known">The lists of the model; one that is missing holds nothing.</param>
    public static FlowEndpoint? Create(ImmutableArray<AddressRange> ranges, ImmutableArray<long> lists, IReadOnlyDictionary<long, FlowList> known)
    {
        if (ranges.IsEmpty && lists.IsEmpty)
        {
            return null;
        }

        List<FlowList> fixedLists = [];
        List<FlowList> dynamicLists = [];
        foreach (long id in lists)
        {
            if (known.TryGetValue(id, out FlowList? list))
            {
                (list.List.IsDynamic ? dynamicLists : fixedLists).Add(list);
            }
        }

        return new FlowEndpoint(ranges.IsEmpty ? FlowAddresses.None : new FlowAddresses(ranges), [.. fixedLists], [.. dynamicLists]);
    }

    /// <summary>Whether some address of an IP version can match.</summary>
    /// <param name="isIPv6">IPv6 rather than IPv4.</param>
    public bool CanMatch(bool isIPv6)
    {
        bool can = _own.Has(isIPv6) || DynamicLists.Length > 0;
        foreach (FlowList list in FixedLists)
        {
            can |= list.Addresses.Has(isIPv6);
        }

        return can;
    }

    /// <summary>Whether an address matches.</summary>
    /// <param name="isIPv6">IPv6 rather than IPv4.</param>
    /// <param name="address">The address.</param>
    /// <param name="source">The source of the packet, which earlier rules may have put into lists.</param>
    /// <param name="addedTo">The lists they put it into.</param>
    /// <param name="isAssumed">Set when the answer hangs on what a dynamic list holds.</param>
    public bool Matches(bool isIPv6, UInt128 address, UInt128 source, List<long>? addedTo, ref bool isAssumed)
    {
        if (_own.Contains(isIPv6, address))
        {
            return true;
        }

        foreach (FlowList list in FixedLists)
        {
            if (list.Addresses.Contains(isIPv6, address))
            {
                return true;
            }
        }

        if (DynamicLists.Length == 0)
        {
            return false;
        }

        bool holds = false;
        foreach (FlowList list in DynamicLists)
        {
            if (addedTo is not null && address == source && addedTo.Contains(list.List.Id))
            {
                return true;
            }

            holds |= list.Addresses.Contains(isIPv6, address);
        }

        isAssumed = true;
        return holds;
    }
}
