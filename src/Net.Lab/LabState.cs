namespace Net.Lab;

/// <summary>What stands in an instance's state file: enough to remove everything without the process that made it.</summary>
internal sealed record LabState
{
    public int Version { get; init; } = 1;

    public required string Instance { get; init; }

    public bool Kept { get; init; }

    /// <summary>Zero for a kept lab: nobody owns it.</summary>
    public int OwnerProcessId { get; init; }

    /// <summary>Field 22 of /proc/PID/stat: a process id comes back, the pair with its start time does not.</summary>
    public long OwnerStartTime { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required LabTopology Topology { get; init; }

    public string NamespaceOf(string node) => $"nm-{Instance}-{node}";

    public IEnumerable<string> Namespaces => Topology.Nodes.Select(node => NamespaceOf(node.Name));
}
