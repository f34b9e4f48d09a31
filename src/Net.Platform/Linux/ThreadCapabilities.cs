namespace Net.Platform.Linux;

/// <summary>What one thread may do.</summary>
public sealed record ThreadCapabilities
{
    /// <summary>The thread.</summary>
    public required int ThreadId { get; init; }

    /// <summary>Effective user.</summary>
    public uint UserId { get; init; }

    /// <summary>Effective group.</summary>
    public uint GroupId { get; init; }

    /// <summary>Kept across execve.</summary>
    public ulong Inheritable { get; init; }

    /// <summary>May be made effective.</summary>
    public ulong Permitted { get; init; }

    /// <summary>In force now.</summary>
    public ulong Effective { get; init; }

    /// <summary>The most it can ever regain.</summary>
    public ulong Bounding { get; init; }

    /// <summary>Kept across execve of ordinary programs.</summary>
    public ulong Ambient { get; init; }

    /// <summary>Whether programs it starts can gain nothing.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>Names of the capabilities in force.</summary>
    public IReadOnlyList<string> EffectiveNames => CapabilityNames.InSet(Effective);
}
