namespace Net.Contracts;

/// <summary>Ports that rules share by name.</summary>
public sealed record FirewallPortList
{
    /// <summary>The name, unique among port lists without regard to case, 1 to 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What the list is for, or null.</summary>
    public string? Description { get; set; }

    /// <summary>Ports and ranges.</summary>
    public PortRange[] Port { get; set; } = [];

    /// <summary>Names of other port lists that are part of it; no circle.</summary>
    public string[] List { get; set; } = [];
}
