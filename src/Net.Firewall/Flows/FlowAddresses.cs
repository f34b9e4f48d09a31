using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Addresses of both IP versions, merged and sorted; asking takes the logarithm of their number.</summary>
internal sealed class FlowAddresses
{
    /// <summary>No addresses.</summary>
    public static readonly FlowAddresses None = new([]);

    private readonly uint[] _firstV4;
    private readonly uint[] _lastV4;
    private readonly UInt128[] _firstV6;
    private readonly UInt128[] _lastV6;

    /// <summary>Merges ranges.</summary>
    /// <param name="ranges">The ranges; overlaps are allowed.</param>
    public FlowAddresses(ImmutableArray<AddressRange> ranges)
    {
        ReadOnlySpan<AddressRange> v4 = Intervals.Merge(ranges, RuleAddressFamily.IPv4);
        _firstV4 = new uint[v4.Length];
        _lastV4 = new uint[v4.Length];
        for (int i = 0; i < v4.Length; i++)
        {
            _firstV4[i] = (uint)v4[i].First;
            _lastV4[i] = (uint)v4[i].Last;
        }

        ReadOnlySpan<AddressRange> v6 = Intervals.Merge(ranges, RuleAddressFamily.IPv6);
        _firstV6 = new UInt128[v6.Length];
        _lastV6 = new UInt128[v6.Length];
        for (int i = 0; i < v6.Length; i++)
        {
            _firstV6[i] = v6[i].First;
            _lastV6[i] = v6[i].Last;
        }
    }

    /// <summary>First addresses of the IPv4 ranges, ascending.</summary>
    public ReadOnlySpan<uint> FirstV4 => _firstV4;

    /// <summary>Last addresses of the IPv4 ranges, ascending.</summary>
    public ReadOnlySpan<uint> LastV4 => _lastV4;

    /// <summary>First addresses of the IPv6 ranges, ascending.</summary>
    public ReadOnlySpan<UInt128> FirstV6 => _firstV6;

    /// <summary>Last addresses of the IPv6 ranges, ascending.</summary>
    public ReadOnlySpan<UInt128> LastV6 => _lastV6;

    /// <summary>Whether there are addresses of an IP version.</summary>
    /// <param name="isIPv6">IPv6 rather than IPv4.</param>
    public bool Has(bool isIPv6) => (isIPv6 ? _firstV6.Length : _firstV4.Length) > 0;

    /// <summary>Whether an address is among them.</summary>
    /// <param name="isIPv6">IPv6 rather than IPv4.</param>
    /// <param name="address">The address.</param>
    public bool Contains(bool isIPv6, UInt128 address)
    {
        if (isIPv6)
        {
            int place = Find<UInt128>(_firstV6, address);
            return place >= 0 && address <= _lastV6[place];
        }

        uint number = (uint)address;
        int at = Find<uint>(_firstV4, number);
        return at >= 0 && number <= _lastV4[at];
    }

    /// <summary>The last of ascending numbers that is not above a value, or -1.</summary>
    /// <typeparam name="T">Type of the numbers.</typeparam>
    /// <param name="ascending">The numbers.</param>
    /// <param name="value">The value.</param>
    internal static int Find<T>(ReadOnlySpan<T> ascending, T value)
        where T : struct, System.Numerics.IComparisonOperators<T, T, bool>
    {
        int low = 0;
        int high = ascending.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            if (ascending[middle] <= value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }
}
