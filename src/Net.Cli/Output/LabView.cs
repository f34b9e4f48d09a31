namespace Net.Cli.Output;

/// <summary>A lab that is up, or was left behind.</summary>
internal sealed record LabView
{
    /// <summary>The instance's name.</summary>
    public required string Instance { get; init; }

    /// <summary>The topology it was built from.</summary>
    public required string Topology { get; init; }

    /// <summary>Whether its owner is gone.</summary>
    public bool Abandoned { get; init; }

    /// <summary>When it was brought up.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its nodes.</summary>
    public LabNodeView[] Nodes { get; init; } = [];
}

/// <summary>A node of a lab.</summary>
/// <param name="Name">Its name in the topology.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Namespace">Its network namespace.</param>
/// <param name="Addresses">Its addresses, as <c>interface address</c>.</param>
internal sealed record LabNodeView(string Name, string Kind, string Namespace, string[] Addresses);

/// <summary>A topology that is built in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Nodes">Its nodes.</param>
internal sealed record TopologyView(string Name, string? Description, string[] Nodes);
