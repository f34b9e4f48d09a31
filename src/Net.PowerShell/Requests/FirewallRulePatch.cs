using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>The parts of a firewall rule a user gave. Null leaves a part as it is.</summary>
internal sealed record FirewallRulePatch
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public bool? Enabled { get; init; }

    public RuleDirection? Direction { get; init; }

    public RuleAction? Action { get; init; }

    public IpProtocol? Protocol { get; init; }

    public IpFamily? Family { get; init; }

    public PortRange[]? LocalPort { get; init; }

    public PortRange[]? RemotePort { get; init; }

    public AddressRange[]? LocalAddress { get; init; }

    public AddressRange[]? RemoteAddress { get; init; }

    public PortRange[]? SourcePort { get; init; }

    public PortRange[]? DestinationPort { get; init; }

    public AddressRange[]? SourceAddress { get; init; }

    public AddressRange[]? DestinationAddress { get; init; }

    public string[]? InterfaceAlias { get; init; }

    public string[]? OutInterfaceAlias { get; init; }

    public int? Position { get; init; }

    /// <summary>A rule of the parts alone.</summary>
    public FirewallRule ToRule() => ApplyTo(new FirewallRule { Name = Name ?? string.Empty });

    /// <summary>The rule with these parts in place of its own. It keeps its place unless the patch names one, and carries no counters.</summary>
    public FirewallRule ApplyTo(FirewallRule rule) => rule with
    {
        Name = Name ?? rule.Name,
        Description = Description is null ? rule.Description : Description.Length == 0 ? null : Description,
        Enabled = Enabled ?? rule.Enabled,
        Direction = Direction ?? rule.Direction,
        Action = Action ?? rule.Action,
        Protocol = Protocol ?? rule.Protocol,
        Family = Family ?? rule.Family,
        LocalPort = LocalPort ?? rule.LocalPort,
        RemotePort = RemotePort ?? rule.RemotePort,
        LocalAddress = LocalAddress ?? rule.LocalAddress,
        RemoteAddress = RemoteAddress ?? rule.RemoteAddress,
        SourcePort = SourcePort ?? rule.SourcePort,
        DestinationPort = DestinationPort ?? rule.DestinationPort,
        SourceAddress = SourceAddress ?? rule.SourceAddress,
        DestinationAddress = DestinationAddress ?? rule.DestinationAddress,
        InterfaceAlias = InterfaceAlias ?? rule.InterfaceAlias,
        OutInterfaceAlias = OutInterfaceAlias ?? rule.OutInterfaceAlias,
        Position = Position,
        PacketCount = null,
        ByteCount = null,
    };
}
