namespace Net.Platform;

/// <summary>A change of the kernel's rule sets that somebody made.</summary>
public sealed record FirewallGeneration
{
    /// <summary>Number of the generation; 0 when <see cref="IsOverrun"/>.</summary>
    public uint Id { get; init; }

    /// <summary>Process that made it; null when unknown.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Name of that process; null when unknown.</summary>
    public string? ProcessName { get; init; }

    /// <summary>Tables it touched.</summary>
    public ValueList<FirewallTable> Tables { get; init; } = [];

    /// <summary>Whether announcements were lost: anything may have changed, verify everything.</summary>
    public bool IsOverrun { get; init; }

    /// <summary>Whether a table was, or may have been, touched.</summary>
    /// <param name="table">The table.</param>
    /// <returns>True when it was, or when announcements were lost.</returns>
    public bool Touches(FirewallTable table) => IsOverrun || Tables.Contains(table);
}
