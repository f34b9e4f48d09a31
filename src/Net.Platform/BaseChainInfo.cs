namespace Net.Platform;

/// <summary>A chain that packets enter from the kernel.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">filter, nat or route.</param>
/// <param name="Hook">Where it sits.</param>
/// <param name="Priority">Order on that hook: lower is asked first.</param>
/// <param name="IsDropPolicy">Whether packets no rule decides are dropped.</param>
/// <param name="Device">Device of a netdev chain; null otherwise.</param>
public sealed record BaseChainInfo(FirewallTable Table, string Name, string Type, FirewallHook Hook, int Priority, bool IsDropPolicy, string? Device);
