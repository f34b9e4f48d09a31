using System.Net;

namespace Net.Engine.Relay.Membership;

/// <summary>The order in which groups are listed.</summary>
internal static class GroupOrder
{
    /// <summary>Orders addresses: IPv4 before IPv6, each as numbers.</summary>
    public static Comparer<IPAddress> Addresses { get; } = Comparer<IPAddress>.Create(Compare);

    /// <summary>Compares by interface, group and role.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    /// <returns>Below, at or above zero.</returns>
    public static int Compare(GroupStatus a, GroupStatus b)
    {
        int order = a.InterfaceIndex.CompareTo(b.InterfaceIndex);
        order = order != 0 ? order : Compare(a.Group, b.Group);
        return order != 0 ? order : a.Role.CompareTo(b.Role);
    }

    private static int Compare(IPAddress a, IPAddress b)
    {
        Span<byte> left = stackalloc byte[16];
        Span<byte> right = stackalloc byte[16];
        a.TryWriteBytes(left, out int leftBytes);
        b.TryWriteBytes(right, out int rightBytes);
        return leftBytes != rightBytes ? leftBytes.CompareTo(rightBytes) : left[..leftBytes].SequenceCompareTo(right[..rightBytes]);
    }
}
