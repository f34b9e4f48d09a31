using System.Globalization;
using Net.Contracts;
using Net.Engine.Reconciling;

namespace Net.Engine.Overlay;

/// <summary>Describes the difference between two sections about overlays.</summary>
internal static class OverlayPlan
{
    private const string Section = "overlay";

    /// <summary>Adds one line per setting, peer, route and rule that differs.</summary>
    public static void Describe(OverlaySection from, OverlaySection to, PlanBuilder plan)
    {
        if (ReferenceEquals(from, to))
        {
            return;
        }

        Dictionary<string, OverlaySettings> before = from.Overlays.ToDictionary(one => one.Name, StringComparer.OrdinalIgnoreCase);
        foreach (OverlaySettings old in from.Overlays.Where(old => !to.Overlays.Any(one => Same(one.Name, old.Name))))
        {
            plan.Removed(Section, $"overlay '{old.Name}'", Describe(old));
        }

        foreach (OverlaySettings overlay in to.Overlays)
        {
            if (!before.TryGetValue(overlay.Name, out OverlaySettings? old))
            {
                plan.Added(Section, $"overlay '{overlay.Name}'", Describe(overlay));
                old = new OverlaySettings { Name = overlay.Name };
                Lists(overlay.Name, old, overlay, plan);
            }
            else if (!ReferenceEquals(old, overlay))
            {
                Settings($"overlay '{overlay.Name}'", old, overlay, plan);
                Lists(overlay.Name, old, overlay, plan);
            }
        }
    }

    /// <summary>A peer in one line.</summary>
    public static string Describe(OverlayPeer peer)
    {
        string[] parts =
        [
            peer.PublicKey is { } key ? key[..Math.Min(key.Length, 14)] : "by its certificate",
            peer.Endpoints.Length > 0 ? $"at {string.Join(", ", peer.Endpoints)}" : string.Empty,
            peer.Addresses.Length > 0 ? $"addresses {string.Join(", ", peer.Addresses)}" : string.Empty,
            peer.Subnets.Length > 0 ? $"may own {string.Join<AddressRange>(", ", peer.Subnets)}" : string.Empty,
            peer.IsExitNode ? "may be exit node" : string.Empty,
            peer.Enabled ? string.Empty : "off",
        ];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }

    private static void Settings(string item, OverlaySettings old, OverlaySettings now, PlanBuilder plan)
    {
        plan.Value(Section, $"{item} name", old.Name, now.Name);
        plan.Value(Section, $"{item} enabled", old.Enabled, now.Enabled);
        plan.Value(Section, $"{item} identity", old.Identity, now.Identity);
        plan.Value(Section, $"{item} interfaceAlias", old.InterfaceAlias, now.InterfaceAlias);
        plan.Value(Section, $"{item} listenPort", old.ListenPort, now.ListenPort);
        plan.Value(Section, $"{item} listenAddress", old.ListenAddress, now.ListenAddress);
        plan.Value(Section, $"{item} networkKey", old.NetworkKey, now.NetworkKey);
        plan.Value(Section, $"{item} certificate", Short(old.Certificate), Short(now.Certificate));
        plan.Value(Section, $"{item} trustOnFirstUse", old.TrustOnFirstUse, now.TrustOnFirstUse);
        plan.List(Section, $"{item} addresses", old.Addresses, now.Addresses);
        plan.Value(Section, $"{item} prefix", old.Prefix, now.Prefix);
        plan.Value(Section, $"{item} mtuBytes", old.MtuBytes, now.MtuBytes);
        plan.Value(Section, $"{item} topology", old.Topology, now.Topology);
        plan.List(Section, $"{item} hubs", old.Hubs, now.Hubs);
        plan.Value(Section, $"{item} congestionControl", old.CongestionControl, now.CongestionControl);
        plan.Value(Section, $"{item} datagrams", old.Datagrams, now.Datagrams);
        plan.Value(Section, $"{item} keepAlive", old.KeepAlive, now.KeepAlive);
        plan.Value(Section, $"{item} busyPoll", old.BusyPoll, now.BusyPoll);
        plan.Value(Section, $"{item} shards", old.Shards, now.Shards);
        plan.Value(Section, $"{item} idleClose", old.IdleClose, now.IdleClose);
        plan.Value(Section, $"{item} acceptRoutes", old.AcceptRoutes, now.AcceptRoutes);
        plan.Value(Section, $"{item} exitNode", old.ExitNode, now.ExitNode);
        plan.Value(Section, $"{item} killSwitch", old.KillSwitch, now.KillSwitch);
        plan.Value(Section, $"{item} nameService", old.NameService, now.NameService);
        plan.Value(Section, $"{item} useHostResolver", old.UseHostResolver, now.UseHostResolver);
        plan.Value(Section, $"{item} audit", old.Audit, now.Audit);
    }

    private static void Lists(string name, OverlaySettings old, OverlaySettings now, PlanBuilder plan)
    {
        Items($"peer '{name}/", old.Peers, now.Peers, peer => peer.Name, Describe, plan);
        Items($"route '{name}/", old.Routes, now.Routes, route => $"{route.Prefix}{(route.Peer is null ? string.Empty : $" by {route.Peer}")}", Describe, plan);
        Items($"rule '{name}/", old.Policy, now.Policy, rule => rule.Name, Describe, plan);
        Items($"group '{name}/", old.Groups, now.Groups, group => group.Name, group => string.Join(", ", group.Members), plan);
        plan.List(Section, $"policy tests of '{name}'", [.. old.PolicyTests.Select(Describe)], [.. now.PolicyTests.Select(Describe)]);
        string[] order = [.. now.Policy.Select(rule => rule.Name).Where(rule => old.Policy.Any(one => Same(one.Name, rule)))];
        string[] before = [.. old.Policy.Select(rule => rule.Name).Where(rule => now.Policy.Any(one => Same(one.Name, rule)))];
        plan.List(Section, $"order of the rules of '{name}'", before, order);
    }

    private static void Items<T>(string item, T[] old, T[] now, Func<T, string> key, Func<T, string> describe, PlanBuilder plan)
    {
        if (ReferenceEquals(old, now))
        {
            return;
        }

        Dictionary<string, T> before = old.ToDictionary(key, StringComparer.OrdinalIgnoreCase);
        var after = new HashSet<string>(now.Select(key), StringComparer.OrdinalIgnoreCase);
        foreach (T one in old.Where(one => !after.Contains(key(one))))
        {
            plan.Removed(Section, $"{item}{key(one)}'", describe(one));
        }

        foreach (T one in now)
        {
            if (!before.TryGetValue(key(one), out T? was))
            {
                plan.Added(Section, $"{item}{key(one)}'", describe(one));
            }
            else if (describe(was) != describe(one))
            {
                plan.Changed(Section, $"{item}{key(one)}'", describe(was), describe(one));
            }
        }
    }

    private static string Describe(OverlaySettings overlay) =>
        string.Create(CultureInfo.InvariantCulture, $"{(overlay.Enabled ? "runs" : "stopped")}, identity {overlay.Identity}, listens at port {overlay.ListenPort}, {overlay.Peers.Length} peers");

    private static string Describe(OverlayRoute route) =>
        string.Create(CultureInfo.InvariantCulture, $"{route.Prefix} by {route.Peer ?? "this node"}, preference {route.Preference}{(route.Masquerade ? ", with address translation" : string.Empty)}");

    private static string Describe(OverlayPolicyTest test) =>
        string.Create(CultureInfo.InvariantCulture, $"{test.From} to {test.To} {test.Protocol}{(test.Port is { } port ? $" {port}" : string.Empty)}: {test.Expect}");

    private static string Describe(OverlayPolicyRule rule)
    {
        string ports = rule.Port.Length == 0 ? string.Empty : $" port {string.Join(", ", rule.Port)}";
        string time = rule.Days.Length == 0 && rule.StartTime is null && rule.EndTime is null ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $" on {(rule.Days.Length == 0 ? "all days" : string.Join(", ", rule.Days))} {rule.StartTime ?? TimeOnly.MinValue:HH\\:mm}-{rule.EndTime ?? TimeOnly.MinValue:HH\\:mm} {rule.TimeZone ?? "UTC"}");
        string description = rule.Description is null ? string.Empty : $" ({rule.Description})";
        return $"{(rule.Enabled ? string.Empty : "off, ")}{rule.Action.ToString().ToLowerInvariant()} {string.Join(", ", rule.From)} to {string.Join(", ", rule.To)} {rule.Protocol?.ToString().ToLowerInvariant() ?? "any protocol"}{ports}{time}{description}";
    }

    private static string? Short(string? text) => text is { Length: > 24 } ? $"{text[..12]}...{text[^8..]}" : text;

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
