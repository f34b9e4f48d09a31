namespace Net.Platform;

/// <summary>Changes the kernel's network. Every call takes effect before it returns or throws <see cref="NetworkChangeException"/>.</summary>
public interface INetworkEditor
{
    /// <summary>Adds a route; fails when one with the same destination, table and metric exists.</summary>
    /// <param name="route">The route.</param>
    void AddRoute(RouteInfo route);

    /// <summary>Adds a route, or replaces the one with the same destination, table and metric.</summary>
    /// <param name="route">The route.</param>
    void ReplaceRoute(RouteInfo route);

    /// <summary>Removes the route that matches in destination, table, metric, and gateway and interface where given.</summary>
    /// <param name="route">The route.</param>
    void RemoveRoute(RouteInfo route);

    /// <summary>Adds a policy routing rule; fails when the same one exists.</summary>
    /// <param name="rule">The rule.</param>
    void AddRule(RuleInfo rule);

    /// <summary>Removes a policy routing rule.</summary>
    /// <param name="rule">The rule.</param>
    void RemoveRule(RuleInfo rule);

    /// <summary>Adds an address to an interface.</summary>
    /// <param name="address">The address.</param>
    void AddAddress(AddressInfo address);

    /// <summary>Removes an address from an interface.</summary>
    /// <param name="address">The address.</param>
    void RemoveAddress(AddressInfo address);

    /// <summary>Switches an interface on or off.</summary>
    /// <param name="interfaceIndex">Index of the interface.</param>
    /// <param name="isUp">Whether to switch it on.</param>
    void SetLinkUp(int interfaceIndex, bool isUp);

    /// <summary>Gives an interface another name.</summary>
    /// <param name="interfaceIndex">Index of the interface.</param>
    /// <param name="name">The new name, at most 15 bytes.</param>
    void RenameLink(int interfaceIndex, string name);
}
