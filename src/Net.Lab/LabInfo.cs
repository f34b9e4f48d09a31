namespace Net.Lab;

/// <summary>A lab that is up, or was left behind.</summary>
public sealed record LabInfo
{
    /// <summary>The instance's name.</summary>
    public required string Instance { get; init; }

    /// <summary>Whether it is kept until <see cref="Lab.DownAsync"/>.</summary>
    public required bool Kept { get; init; }

    /// <summary>The process it belongs to; zero for a kept lab.</summary>
    public required int OwnerProcessId { get; init; }

    /// <summary>Whether its owner is gone, so that the next lab brought up removes it.</summary>
    public required bool Abandoned { get; init; }

    /// <summary>When it was brought up.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What was built.</summary>
    public required LabTopology Topology { get; init; }

    /// <summary>The namespaces, by node.</summary>
    public required IReadOnlyDictionary<string, string> Namespaces { get; init; }
}
