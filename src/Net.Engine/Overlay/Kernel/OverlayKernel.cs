using Net.Platform;

namespace Net.Engine.Overlay.Kernel;

/// <summary>Makes the kernel's network what a plan says: what is missing is added, what is ours and not in the plan goes, and nothing of others is touched.</summary>
internal static class OverlayKernel
{
    /// <summary>Compares and repairs.</summary>
    /// <param name="plan">What shall be.</param>
    /// <param name="device">The overlay's device.</param>
    /// <param name="ownsExit">Whether rules and the exit node's table are this overlay's to keep.</param>
    /// <param name="state">Reads the kernel's network.</param>
    /// <param name="editor">Changes it.</param>
    /// <returns>What was missing or too many, one phrase each; empty when nothing differed.</returns>
    /// <exception cref="NetworkChangeException">The kernel refused a change that cannot be left out.</exception>
    public static List<string> Apply(OverlayKernelPlan plan, int device, bool ownsExit, INetworkState state, INetworkEditor editor)
    {
        List<string> found = [];
        ApplyAddresses(plan, device, state, editor, found);
        IReadOnlyList<RouteInfo> routes = state.GetRoutes();
        foreach (RouteInfo wanted in plan.Routes)
        {
            RouteInfo? other = routes.FirstOrDefault(route => IsAt(route, wanted) && route.InterfaceIndex != wanted.InterfaceIndex && route.Protocol != RouteProtocols.NetModuleOverlay);
            if (routes.Any(route => IsSame(route, wanted)) || other is not null)
            {
                continue;
            }

            editor.ReplaceRoute(wanted);
            found.Add($"route to {wanted.Destination}{(wanted.Table == RouteTables.Main ? string.Empty : " of the exit node")} was missing");
        }

        foreach (RouteInfo route in routes.Where(route => IsOurs(route, device, ownsExit) && !plan.Routes.Any(wanted => IsSame(route, wanted))))
        {
            found.Add($"route to {route.Destination} was too many");
            Quietly(() => editor.RemoveRoute(route));
        }

        if (ownsExit)
        {
            ApplyRules(plan.Rules, state, editor, found);
        }

        return found;
    }

    /// <summary>Takes rules and the exit node's table out of the kernel.</summary>
    public static void RemoveExit(INetworkState state, INetworkEditor editor)
    {
        ApplyRules([], state, editor, []);
        foreach (RouteInfo route in state.GetRoutes().Where(route => route.Protocol == RouteProtocols.NetModuleOverlay && route.Table == OverlayKernelPlan.ExitTable))
        {
            Quietly(() => editor.RemoveRoute(route));
        }
    }

    private static void ApplyAddresses(OverlayKernelPlan plan, int device, INetworkState state, INetworkEditor editor, List<string> found)
    {
        AddressInfo[] present = [.. state.GetAddresses().Where(address => address.InterfaceIndex == device)];
        foreach (AddressInfo wanted in plan.Addresses.Where(wanted => !present.Any(address => address.Address.Equals(wanted.Address))))
        {
            editor.AddAddress(wanted);
            found.Add($"address {wanted.Address} was missing");
        }

        // The link-local address is the kernel's own.
        foreach (AddressInfo address in present.Where(address => !address.Address.IsIPv6LinkLocal && !plan.Addresses.Any(wanted => wanted.Address.Equals(address.Address))))
        {
            found.Add($"address {address.Address} was too many");
            Quietly(() => editor.RemoveAddress(address));
        }
    }

    private static void ApplyRules(RuleInfo[] wanted, INetworkState state, INetworkEditor editor, List<string> found)
    {
        RuleInfo[] present = [.. state.GetRules().Where(rule => rule.Protocol == RouteProtocols.NetModuleOverlay)];
        foreach (RuleInfo rule in wanted.Where(rule => !present.Contains(rule)))
        {
            editor.AddRule(rule);
            found.Add($"rule {rule.Priority} was missing");
        }

        foreach (RuleInfo rule in present.Where(rule => !wanted.Contains(rule)))
        {
            found.Add($"rule {rule.Priority} was too many");
            Quietly(() => editor.RemoveRule(rule));
        }
    }

    private static bool IsOurs(RouteInfo route, int device, bool ownsExit) =>
        route.Protocol == RouteProtocols.NetModuleOverlay && (route.Table == OverlayKernelPlan.ExitTable ? ownsExit : route.InterfaceIndex == device);

    private static bool IsAt(RouteInfo a, RouteInfo b) => a.Destination.Equals(b.Destination) && a.Table == b.Table && a.Metric == b.Metric;

    // The kernel gives unreachable routes of IPv6 the loopback interface.
    private static bool IsSame(RouteInfo kernel, RouteInfo wanted) =>
        kernel.Protocol == RouteProtocols.NetModuleOverlay && IsAt(kernel, wanted) && kernel.Type == wanted.Type
        && (wanted.Type != RouteType.Unicast || kernel.InterfaceIndex == wanted.InterfaceIndex);

    private static void Quietly(Action change)
    {
        try
        {
            change();
        }
        catch (NetworkChangeException)
        {
            // It is gone already.
        }
    }
}
