using System.Collections.Immutable;
using Net.Contracts;
using Net.Engine.Events;
using Net.Engine.Reconciling;
using Net.Platform;

namespace Net.Engine.Paths;

/// <summary>Keeps the routes of the document in the kernel. Ours carry a protocol number of our own; nobody else's are touched.</summary>
internal sealed class RouteSubsystem(INetworkState state, INetworkEditor editor, EventLog events) : ISection
{
    private const string InKernel = "in the kernel's table";

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
        NetworkSnapshot network = state.GetSnapshot();
        try
        {
            // What takes the place of a route of ours replaces it in one step; only then what is left over goes.
            _installed = InstallAll(to.Paths.Routes, new KernelRoutes(network), route => from is not null && !IsUnchanged(route, before));
            RemoveUnwanted(to.Paths.Routes);
        }
        catch
        {
            // Everything this call added goes, everything it replaced or took away comes back.
            NetPathRoute[] routes = [.. before.Values.Select(one => one.Route)];
            _installed = InstallAll(routes, new KernelRoutes(state.GetSnapshot()), _ => false);
            RemoveUnwanted(routes);
            UpdateStatus();
            throw;
        }

        UpdateStatus();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<DriftReport?> RepairAsync(NetConfiguration desired, CancellationToken cancellationToken)
    {
        var kernel = new KernelRoutes(state.GetSnapshot());
        List<string> found = [];
        List<string> done = [];
        bool isRepaired = true;
        foreach (NetPathRoute route in desired.Paths.Routes)
        {
            Installed? known = _installed.GetValueOrDefault(route.Name);
            Installed now = Look(route, kernel);
            if (now.State == RouteState.Installed)
            {
                _installed = _installed.SetItem(route.Name, now);
                continue;
            }

            Installed result = Install(route, kernel, isStrict: false);
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

        foreach (RouteInfo foreign in kernel.Unwanted(desired.Paths.Routes))
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

    private static Installed Look(NetPathRoute route, KernelRoutes kernel)
    {
        (RouteInfo? wanted, string reason) = kernel.ToKernel(route);
        return wanted is null ? new Installed(route, null, RouteState.Waiting, reason)
            : kernel.Has(wanted) ? new Installed(route, wanted, RouteState.Installed, InKernel)
            : new Installed(route, wanted, RouteState.Waiting, "not in the kernel's table");
    }

    private ImmutableDictionary<string, Installed> InstallAll(NetPathRoute[] routes, KernelRoutes kernel, Func<NetPathRoute, bool> isStrict)
    {
        ImmutableDictionary<string, Installed>.Builder installed = _installed.Clear().ToBuilder();
        foreach (NetPathRoute route in routes)
        {
            installed[route.Name] = Install(route, kernel, isStrict(route));
        }

        return installed.ToImmutable();
    }

    private Installed Install(NetPathRoute route, KernelRoutes kernel, bool isStrict)
    {
        Installed now = Look(route, kernel);
        if (now.State == RouteState.Installed || now.Kernel is null)
        {
            return now;
        }

        string problem;
        try
        {
            if (kernel.ForeignAt(now.Kernel) is { } foreign)
            {
                problem = $"another program has a route to {foreign.Destination} at that metric (protocol {foreign.Protocol})";
                return isStrict ? throw Refused(route, problem, null) : now with { Reason = problem };
            }

            if (kernel.HasOursAt(now.Kernel))
            {
                editor.ReplaceRoute(now.Kernel);
            }
            else
            {
                editor.AddRoute(now.Kernel);
            }

            return now with { State = RouteState.Installed, Reason = InKernel };
        }
        catch (NetworkChangeException exception)
        {
            problem = $"the kernel refused it: {exception.Message}";
            return isStrict ? throw Refused(route, problem, exception) : now with { Reason = problem };
        }
    }

    private static EngineException Refused(NetPathRoute route, string problem, Exception? inner) =>
        new(ErrorCatalogue.PathRouteApplyFailed, $"Route '{route.Name}' cannot be installed: {problem}", route.Name, inner);

    private void RemoveUnwanted(NetPathRoute[] wanted)
    {
        foreach (RouteInfo route in new KernelRoutes(state.GetSnapshot()).Unwanted(wanted))
        {
            RemoveQuietly(route);
        }
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
