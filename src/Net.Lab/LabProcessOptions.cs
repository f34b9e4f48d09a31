namespace Net.Lab;

/// <summary>How a long-running program is started in a node.</summary>
public sealed class LabProcessOptions
{
    /// <summary>Variables added to this process's environment; a null value removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; set; } = new Dictionary<string, string?>();

    /// <summary>The folder it starts in; none is this process's.</summary>
    public string? WorkingDirectory { get; set; }
}
