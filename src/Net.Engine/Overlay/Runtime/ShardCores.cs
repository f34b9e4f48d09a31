using System.Globalization;
using System.Net;
using Net.Platform;
using Net.Workers.Overlay;

namespace Net.Engine.Overlay.Runtime;

/// <summary>Says which core each shard of a worker keeps to.</summary>
internal static class ShardCores
{
    /// <summary>Gives each shard a core of its own: all of one memory node as long as there are some, that of the device most datagrams leave by where the kernel names one.</summary>
    /// <param name="shards">How many shards there are.</param>
    /// <param name="host">Knows cores.</param>
    /// <param name="device">Name of the device datagrams leave by; null when there is none.</param>
    /// <returns>One entry per shard.</returns>
    public static ShardPlacement[] Plan(int shards, IOverlayHost host, string? device)
    {
        if (shards == 1)
        {
            return [new ShardPlacement(null, null, "it is the only one, so the scheduler places it")];
        }

        IReadOnlyList<int> near = device is null ? [] : host.CoresNear(device);
        int? node = near.Count > 0 ? host.NodeOf(near[0]) : null;
        string why = device is null ? "no device has a default route, so node 0 comes first" : near.Count > 0 ? $"the node of {device} comes first" : $"the kernel names no node of {device}, so node 0 comes first";

        // The last cores of a node first: interrupts and everything else of a host crowd on the first ones.
        (int Core, int? Node)[] order =
        [
            .. host.Cores.Select(core => (Core: core, Node: host.NodeOf(core))).OrderByDescending(one => near.Count > 0 ? near.Contains(one.Core) : (one.Node ?? 0) == 0)
                .ThenBy(one => one.Node ?? 0).ThenByDescending(one => one.Core),
        ];
        return
        [
            .. Enumerable.Range(0, shards).Select(shard => shard < order.Length
                ? new ShardPlacement(order[shard].Core, order[shard].Node, Words(order[shard].Node ?? (near.Contains(order[shard].Core) ? node : null), why))
                : new ShardPlacement(null, null, string.Create(CultureInfo.InvariantCulture, $"this process may use {order.Length} cores, so the scheduler places it"))),
        ];
    }

    /// <summary>The device most datagrams of an overlay leave by: the one that has its listen address, else the one of the default route.</summary>
    /// <param name="listen">The listen address; null for all.</param>
    /// <param name="state">The network as it is.</param>
    /// <returns>The device's name; null when there is none.</returns>
    public static string? FindDevice(IPAddress? listen, INetworkState state)
    {
        int? index = listen is not null
            ? state.GetAddresses().FirstOrDefault(address => address.Address.Equals(listen))?.InterfaceIndex
            : state.GetRoutes().Where(route => route is { Table: RouteTables.Main, Destination.PrefixLength: 0, InterfaceIndex: not null }).MinBy(route => route.Metric)?.InterfaceIndex;
        return state.GetLinks().FirstOrDefault(link => link.Index == index)?.Name;
    }

    private static string Words(int? node, string why) =>
        node is { } number ? string.Create(CultureInfo.InvariantCulture, $"a core of memory node {number}: {why}") : "the host has no memory nodes";
}
