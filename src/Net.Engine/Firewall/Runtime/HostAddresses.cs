using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime;

/// <summary>This host's addresses and the names of its interfaces, read again when they are older than a few seconds. Calls may come from any thread.</summary>
/// <param name="network">The kernel's network.</param>
/// <param name="clock">The clock.</param>
internal sealed class HostAddresses(INetworkState network, TimeProvider clock)
{
    private static readonly TimeSpan s_maxAge = TimeSpan.FromSeconds(5);

    private volatile Snapshot? _snapshot;

    /// <summary>All addresses of all interfaces. Empty while the kernel does not say.</summary>
    public IReadOnlySet<IPAddress> Current => Fresh().Addresses;

    /// <summary>The name of an interface, or its number where it is gone; null for none.</summary>
    /// <param name="index">Its index, or null.</param>
    public string? NameOf(int? index) =>
        index is not { } number ? null
        : Fresh().Names.TryGetValue(number, out string? name) ? name
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"#{number}");

    /// <summary>The index of an interface; null when there is none of that name.</summary>
    /// <param name="name">Its name.</param>
    public int? IndexOf(string name) => Fresh().Indexes.TryGetValue(name, out int index) ? index : null;

    /// <summary>The address of an interface that packets leaving by it take; null when it has none of that IP version.</summary>
    /// <param name="name">The interface.</param>
    /// <param name="isIPv6">IPv6 rather than IPv4.</param>
    public IPAddress? AddressOf(string name, bool isIPv6)
    {
        Snapshot now = Fresh();
        return now.Indexes.TryGetValue(name, out int index)
            ? now.ByInterface[index].FirstOrDefault(address => (address.AddressFamily == AddressFamily.InterNetworkV6) == isIPv6 && !address.IsIPv6LinkLocal)
            : null;
    }

    /// <summary>Whether an address is this host's own, all of 127.0.0.0/8 among them.</summary>
    /// <param name="address">The address.</param>
    public bool IsOwn(IPAddress address) => IPAddress.IsLoopback(address) || Current.Contains(address);

    private Snapshot Fresh()
    {
        Snapshot? now = _snapshot;
        if (now is not null && clock.GetElapsedTime(now.ReadAt) < s_maxAge)
        {
            return now;
        }

        try
        {
            IReadOnlyList<LinkInfo> links = network.GetLinks();
            IReadOnlyList<AddressInfo> addresses = network.GetAddresses();
            now = new Snapshot(
                addresses.Select(address => address.Address).ToFrozenSet(),
                addresses.ToLookup(address => address.InterfaceIndex, address => address.Address),
                links.DistinctBy(link => link.Index).ToFrozenDictionary(link => link.Index, link => link.Name),
                links.DistinctBy(link => link.Name).ToFrozenDictionary(link => link.Name, link => link.Index, StringComparer.Ordinal),
                clock.GetTimestamp());
        }
        catch (Exception exception) when (KernelFailure.Is(exception))
        {
            // What was known before is better than nothing.
            now = (now ?? Snapshot.Nothing) with { ReadAt = clock.GetTimestamp() };
        }

        _snapshot = now;
        return now;
    }

    private sealed record Snapshot(
        FrozenSet<IPAddress> Addresses, ILookup<int, IPAddress> ByInterface, FrozenDictionary<int, string> Names, FrozenDictionary<string, int> Indexes, long ReadAt)
    {
        public static Snapshot Nothing { get; } = new([], Array.Empty<AddressInfo>().ToLookup(one => one.InterfaceIndex, one => one.Address), FrozenDictionary<int, string>.Empty, FrozenDictionary<string, int>.Empty, 0);
    }
}
