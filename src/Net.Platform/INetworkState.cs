namespace Net.Platform;

/// <summary>What the kernel's network looks like now. Every call asks the kernel anew; calls may come from any thread.</summary>
public interface INetworkState
{
    /// <summary>All interfaces.</summary>
    /// <returns>The interfaces in the kernel's order.</returns>
    IReadOnlyList<LinkInfo> GetLinks();

    /// <summary>All addresses, IPv4 and IPv6.</summary>
    /// <returns>The addresses in the kernel's order.</returns>
    IReadOnlyList<AddressInfo> GetAddresses();

    /// <summary>All routes of all tables, IPv4 and IPv6.</summary>
    /// <returns>The routes in the kernel's order.</returns>
    IReadOnlyList<RouteInfo> GetRoutes();

    /// <summary>All policy routing rules, IPv4 and IPv6.</summary>
    /// <returns>The rules in the kernel's order.</returns>
    IReadOnlyList<RuleInfo> GetRules();

    /// <summary>All neighbours, ARP and IPv6.</summary>
    /// <returns>The neighbours in the kernel's order.</returns>
    IReadOnlyList<NeighborInfo> GetNeighbors();

    /// <summary>All of the above together.</summary>
    /// <returns>A snapshot; its parts are read one after the other, so a change in between may show in one part only.</returns>
    NetworkSnapshot GetSnapshot();
}
