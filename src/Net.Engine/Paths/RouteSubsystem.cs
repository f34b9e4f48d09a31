using System.Collections.Immutable;
using System.Net;
using Net.Contracts;
using Net.Engine.Events;
using Net.Engine.Reconciling;
using Net.Platform;

namespace Net.Engine.Paths;

/// <summary>Keeps the routes of the document in the kernel. Ours carry a protocol number of our own; nobody else's are touched.</summary>
internal sealed class RouteSubsystem(INetworkState state, INetworkEditor editor, EventLog events) : ISection
{
    private ImmutableDictionary<string, Installed> _installed = ImmutableDictionary.Create<string, Installed>(StringComparer.OrdinalIgnoreCase);
    private volatile SubsystemStatus _status = new("paths", false, "not applied yet");

    /// <inheritdoc />
    public string Name => "paths";

    /// <inheritdoc />
    public SubsystemStatus Status => _status;

    /// <inheritdoc />
    public void Validate(NetConfiguration document, ICollection<ConfigurationProblem> problems) => RouteChecks.Run(document.Paths, problems);

    /// <inheritdoc />
    public void Describe(NetConfiguration from, NetConfiguration to, PlanBuilder plan) => PathsPlan.Describe(from.Paths, to.Paths, plan);

    /// <inheritdoc />
    public Task ApplyAsync(NetConfiguration? from, NetConfiguration to, CancellationToken cancellationToken)
    {
        if (from is not null && ReferenceEquals(from.Paths.Routes, to.Paths.Routes))
        {
            return Task.CompletedTask;
        }

        ImmutableDictionary<string, Installed> before = _installed;
        List<Installed> done = [];
        NetworkSnapshot network = state.GetSnapshot();
        try
        {
            RemoveStale(to.Paths.Routes, before, network);
            foreach (NetPathRoute route in to.Paths.Routes)
            {
                Installed result = Install(route, network, isStrict: from is not null && !IsUnchanged(route, before));
                _installed = _installed.SetItem(route.Name, result);
                done.Add(result);
            }
        }
        catch (EngineException)
        {
            // Everything this call added goes, everything it took away comes back.
            foreach (Installed added in done.Where(one => one.Kernel is not null && !before.ContainsKey(one.Route.Name)))
            {
                RemoveQuietly(added.Kernel!);
            }

            foreach (Installed old in before.Values)
            {
                Install(old.Route, network, isStrict: false);
            }

            _installed = before;
            throw;
        }

        UpdateStatus();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<DriftReport?> RepairAsync(NetConfiguration desired, CancellationToken cancellationToken)
    {
        NetworkSnapshot network = state.GetSnapshot();
        List<string> found = [];
        List<string> done = [];
        bool isRepaired = true;
        foreach (NetPathRoute route in desired.Paths.Routes)
        {
            Installed? known = _installed.GetValueOrDefault(route.Name);
            Installed now = Look(route, network);
            if (now.State == RouteState.Installed)
            {
                _installed = _installed.SetItem(route.Name, now);
                continue;
            }

            Installed result = Install(route, network, isStrict: false);
            _installed = _installed.SetItem(route.Name, result);
            if (result.State == RouteState.Installed)
            {
                bool wasThere = known?.State == RouteState.Installed;
                found.Add(wasThere ? $"route '{route.Name}' to {route.DestinationPrefix} was missing from the kernel" : $"route '{route.Name}' can be installed now");
                done.Add($"'{route.Name}' was installed");
            }
            else if (known?.State != result.State || known.Reason != result.Reason)
            {
                found.Add($"route '{route.Name}' is not in force: {result.Reason}");
                done.Add("it is installed as soon as that changes");
                isRepaired = false;
            }
        }

        foreach (RouteInfo foreign in Unwanted(desired.Paths.Routes, network))
        {
            found.Add($"the kernel has a route of ours to {foreign.Destination} that the configuration does not have");
            done.Add("it was removed");
            RemoveQuietly(foreign);
        }

        UpdateStatus();
        return Task.FromResult(found.Count == 0
            ? null
            : new DriftReport(isRepaired ? "RouteDriftRepaired" : "RouteNotInForce", string.Join("; ", found), string.Join("; ", done), isRepaired));
    }

    /// <inheritdoc />
    public Task RemoveAsync(CancellationToken cancellationToken)
    {
        foreach (RouteInfo route in state.GetRoutes().Where(route => route.Protocol == RouteProtocols.NetModule))
        {
            RemoveQuietly(route);
        }

        _installed = _installed.Clear();
        _status = new SubsystemStatus(Name, false, "taken out of the kernel on request");
        return Task.CompletedTask;
    }

    /// <summary>The routes of the document with what the kernel has of them.</summary>
    public NetPathRoute[] List(PathsSection section, string[]? names)
    {
        foreach (string name in names ?? [])
        {
            if (NameFilter.IsLiteral(name) && !section.Routes.Any(route => string.Equals(route.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                throw new EngineException(ErrorCatalogue.PathRouteNotFound, $"No route is named '{name}'.", name);
            }
        }

        ImmutableDictionary<string, Installed> installed = _installed;
        return
        [
            .. section.Routes.Where(route => NameFilter.Matches(names, route.Name)).Select(route =>
                installed.TryGetValue(route.Name, out Installed? known)
                    ? route with { State = known.State, StateReason = known.Reason }
                    : route with { State = RouteState.Waiting, StateReason = "not applied yet" }),
        ];
    }

    /// <summary>Tells of an interface that got another name while routes refer to the old one.</summary>
    public void InterfaceRenamed(NetConfiguration document, string from, string to)
    {
        string[] routes = [.. document.Paths.Routes.Where(route => route.InterfaceAlias == from).Select(route => $"route '{route.Name}'")];
        string[] rules = [.. document.Firewall.Rules.Where(rule => rule.InterfaceAlias.Contains(from) || rule.OutInterfaceAlias.Contains(from)).Select(rule => $"rule '{rule.Name}'")];
        string[] users = [.. routes, .. rules];
        string consequence = users.Length == 0
            ? "nothing in the configuration names it"
            : $"the configuration still says {from} in {string.Join(", ", users.Take(5))}{(users.Length > 5 ? $" and {users.Length - 5} more" : string.Empty)}, which do not apply to {to}";
        events.Publish("InterfaceRenamed", "paths", users.Length == 0 ? EventSeverity.Information : EventSeverity.Warning, $"Interface {from} is called {to} now; {consequence}.", target: to);
    }

    private static bool IsUnchanged(NetPathRoute route, ImmutableDictionary<string, Installed> before) =>
        before.TryGetValue(route.Name, out Installed? known) && known.Route == route;

    private static Installed Look(NetPathRoute route, NetworkSnapshot network)
    {
        (RouteInfo? wanted, string reason) = ToKernel(route, network);
        if (wanted is null)
        {
            return new Installed(route, null, RouteState.Waiting, reason);
        }

        bool isThere = network.Routes.Values.Any(one => IsSame(one, wanted));
        return isThere
            ? new Installed(route, wanted, RouteState.Installed, "in the kernel's table")
            : new Installed(route, wanted, RouteState.Waiting, "not in the kernel's table");
    }

    private static bool IsSame(RouteInfo kernel, RouteInfo wanted) =>
        kernel.Protocol == RouteProtocols.NetModule
        && kernel.Destination.Equals(wanted.Destination)
        && kernel.Table == wanted.Table
        && kernel.Metric == EffectiveMetric(wanted)
        && Equals(kernel.Gateway, wanted.Gateway)
        && (wanted.InterfaceIndex is null || kernel.InterfaceIndex == wanted.InterfaceIndex);

    // The kernel turns an IPv6 metric of 0 into 1024 (IP6_RT_PRIO_USER).
    private static uint EffectiveMetric(RouteInfo route) =>
        route.Metric == 0 && route.Family == System.Net.Sockets.AddressFamily.InterNetworkV6 ? 1024 : route.Metric;

    private static (RouteInfo? Route, string Reason) ToKernel(NetPathRoute route, NetworkSnapshot network)
    {
        int? index = null;
        if (route.InterfaceAlias is { } name)
        {
            LinkInfo? link = network.FindLink(name);
            if (link is null)
            {
                return (null, $"there is no interface {name}");
            }

            if (!link.IsAdminUp)
            {
                return (null, $"interface {name} is switched off");
            }

            index = link.Index;
        }

        int bits = route.DestinationPrefix.First.GetAddressBytes().Length * 8;
        return (new RouteInfo
        {
            Destination = new IPNetwork(route.DestinationPrefix.First, route.DestinationPrefix.PrefixLength ?? bits),
            Gateway = route.NextHop is null ? null : IPAddress.Parse(route.NextHop),
            InterfaceIndex = index,
            Metric = (uint)(route.RouteMetric ?? 0),
            Table = (uint)(route.Table ?? (int)RouteTables.Main),
        }, string.Empty);
    }

    private Installed Install(NetPathRoute route, NetworkSnapshot network, bool isStrict)
    {
        Installed now = Look(route, network);
        if (now.State == RouteState.Installed || now.Kernel is null)
        {
            return now;
        }

        try
        {
            editor.ReplaceRoute(now.Kernel);
            return now with { State = RouteState.Installed, Reason = "in the kernel's table" };
        }
        catch (NetworkChangeException exception)
        {
            if (isStrict)
            {
                throw new EngineException(ErrorCatalogue.PathRouteApplyFailed, $"The kernel refused route '{route.Name}': {exception.Message}", route.Name, exception);
            }

            return now with { State = RouteState.Waiting, Reason = $"the kernel refused it: {exception.Message}" };
        }
    }

    private void RemoveStale(NetPathRoute[] wanted, ImmutableDictionary<string, Installed> before, NetworkSnapshot network)
    {
        foreach (RouteInfo route in Unwanted(wanted, network))
        {
            RemoveQuietly(route);
        }

        var names = new HashSet<string>(wanted.Select(route => route.Name), StringComparer.OrdinalIgnoreCase);
        _installed = before.RemoveRange(before.Keys.Where(name => !names.Contains(name)));
    }

    private static RouteInfo[] Unwanted(NetPathRoute[] wanted, NetworkSnapshot network)
    {
        RouteInfo[] kernel = [.. wanted.Select(route => ToKernel(route, network).Route).OfType<RouteInfo>()];

        // A route whose interface was renamed or switched off is still the document's: its next hop says so.
        var waiting = new HashSet<string>(wanted.Where(route => ToKernel(route, network).Route is null).Select(route => route.DestinationPrefix.ToString()));
        return
        [
            .. network.Routes.Values.Where(route => route.Protocol == RouteProtocols.NetModule
                && !kernel.Any(one => IsSame(route, one))
                && !waiting.Contains(route.Destination.ToString())),
        ];
    }

    private void RemoveQuietly(RouteInfo route)
    {
        try
        {
            editor.RemoveRoute(route);
        }
        catch (NetworkChangeException)
        {
            // It is gone already, with its interface or by somebody else's hand.
        }
    }

    private void UpdateStatus()
    {
        int waiting = _installed.Values.Count(route => route.State != RouteState.Installed);
        _status = waiting == 0
            ? new SubsystemStatus(Name, true, $"{_installed.Count} routes in the kernel")
            : new SubsystemStatus(Name, false, $"{waiting} of {_installed.Count} routes wait: {_installed.Values.First(route => route.State != RouteState.Installed).Reason}");
    }

    private sealed record Installed(NetPathRoute Route, RouteInfo? Kernel, RouteState State, string Reason);
}
