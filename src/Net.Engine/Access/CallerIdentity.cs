namespace Net.Engine.Access;

/// <summary>Who is at the other end of a connection, as the kernel says it.</summary>
internal sealed class CallerIdentity
{
    /// <summary>The user id.</summary>
    public required uint UserId { get; init; }

    /// <summary>The primary and supplementary group ids.</summary>
    public required IReadOnlyList<uint> GroupIds { get; init; }

    /// <summary>The process id, for logs only: it may be somebody else's by the time it is read.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The user's name, or the number where there is none.</summary>
    public required string UserName { get; init; }

    /// <summary>Whether the caller said hello with a version we speak.</summary>
    public bool HasSaidHello { get; set; }

    /// <summary>Which program it says it is.</summary>
    public string Client { get; set; } = "unknown";

    /// <inheritdoc />
    public override string ToString() => UserName;
}
