namespace Net.Lab;

/// <summary>A static route of a node.</summary>
public sealed record LabRoute
{
    /// <summary>Destination: <c>default</c> (the family follows <see cref="Via"/>) or a prefix such as <c>10.0.0.0/8</c> or <c>2001:db8::/32</c>.</summary>
    public string To { get; init => field = value ?? "default"; } = "default";

    /// <summary>The gateway; none for a route straight onto <see cref="Interface"/>.</summary>
    public string? Via { get; init; }

    /// <summary>The outgoing interface; none leaves the choice to the kernel.</summary>
    public string? Interface { get; init; }

    /// <summary>The metric: the lowest wins. None is the kernel's default.</summary>
    public int? Metric { get; init; }

    /// <summary>A default route by a gateway.</summary>
    public static LabRoute Default(string via, string? @interface = null, int? metric = null) =>
        new() { Via = via, Interface = @interface, Metric = metric };

    /// <summary>A route to a prefix by a gateway.</summary>
    public static LabRoute Prefix(string to, string via, string? @interface = null, int? metric = null) =>
        new() { To = to, Via = via, Interface = @interface, Metric = metric };
}
