namespace Net.Lab;

/// <summary>One node of a topology: a network namespace and what is set up in it.</summary>
public sealed record LabNodeDefinition
{
    /// <summary>The node's name: lower-case letters, digits and dashes.</summary>
    public required string Name { get; init; }

    /// <summary>What the node is.</summary>
    public LabNodeKind Kind { get; init; }

    /// <summary>The translation of a <see cref="LabNodeKind.Nat"/>; none for every other kind.</summary>
    public LabNat? Nat { get; init; }

    /// <summary>Static and default routes.</summary>
    public IReadOnlyList<LabRoute> Routes { get; init => field = value ?? []; } = [];

    /// <summary>Kernel settings in the node's namespace, such as <c>net.ipv4.ip_default_ttl</c>; only below <c>net.</c>.</summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>An end host.</summary>
    public static LabNodeDefinition Host(string name, params IReadOnlyList<LabRoute> routes) =>
        new() { Name = name, Kind = LabNodeKind.Host, Routes = routes };

    /// <summary>A router.</summary>
    public static LabNodeDefinition Router(string name, params IReadOnlyList<LabRoute> routes) =>
        new() { Name = name, Kind = LabNodeKind.Router, Routes = routes };

    /// <summary>A switch.</summary>
    public static LabNodeDefinition Bridge(string name) =>
        new() { Name = name, Kind = LabNodeKind.Bridge };

    /// <summary>A router that translates addresses.</summary>
    public static LabNodeDefinition Translator(string name, LabNat nat, params IReadOnlyList<LabRoute> routes) =>
        new() { Name = name, Kind = LabNodeKind.Nat, Nat = nat, Routes = routes };
}
