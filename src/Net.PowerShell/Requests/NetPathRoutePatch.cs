using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>The parts of a route a user gave. Null leaves a part as it is.</summary>
internal sealed record NetPathRoutePatch
{
    public string? Name { get; init; }

    public AddressRange? DestinationPrefix { get; init; }

    public string? NextHop { get; init; }

    public string? InterfaceAlias { get; init; }

    public long? RouteMetric { get; init; }

    public int? Table { get; init; }

    public string? Description { get; init; }

    /// <summary>A route of the parts alone.</summary>
    public NetPathRoute ToRoute(AddressRange destination) =>
        ApplyTo(new NetPathRoute { Name = Name ?? string.Empty, DestinationPrefix = destination });

    /// <summary>The route with these parts in place of its own. An empty text takes a part away.</summary>
    public NetPathRoute ApplyTo(NetPathRoute route) => route with
    {
        Name = Name ?? route.Name,
        DestinationPrefix = DestinationPrefix ?? route.DestinationPrefix,
        NextHop = Text(NextHop, route.NextHop),
        InterfaceAlias = Text(InterfaceAlias, route.InterfaceAlias),
        RouteMetric = RouteMetric ?? route.RouteMetric,
        Table = Table ?? route.Table,
        Description = Text(Description, route.Description),
        State = null,
        StateReason = null,
    };

    private static string? Text(string? given, string? present) => given is null ? present : given.Length == 0 ? null : given;
}
