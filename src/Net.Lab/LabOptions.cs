namespace Net.Lab;

/// <summary>How a lab is brought up.</summary>
public sealed class LabOptions
{
    /// <summary>The instance's name, in every namespace's name (<c>nm-INSTANCE-NODE</c>); none makes one up from the topology and a random part.
    /// Lower-case letters, digits and dashes, at most 40.</summary>
    public string? Instance { get; set; }

    /// <summary>Whether the lab outlives this process: owned by nobody, until <see cref="Lab.DownAsync"/>. Disposing the <see cref="Lab"/> then leaves it up.</summary>
    public bool Keep { get; set; }

    /// <summary>Longest time one command that builds the lab may take; they take milliseconds, so this only ends a hang.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
