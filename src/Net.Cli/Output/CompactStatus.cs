using Net.Contracts;

namespace Net.Cli.Output;

/// <summary>What <c>netmod status --compact</c> tells, on one line that is always written, also when no engine answers.</summary>
internal sealed record CompactStatus
{
    // Intune keeps 2,048 characters of the last line; the rest of the line needs far less than what is left.
    private const int LongestReason = 512;
    private const int MostNames = 16;

    /// <summary><c>ready</c>, <c>degraded</c>, <c>readOnly</c>, <c>starting</c>, <c>stopping</c> or <c>notReachable</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why, when it is not simply ready.</summary>
    public string? Reason { get; init; }

    /// <summary>The catalogue's id when no engine answered.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The engine's release.</summary>
    public string? Version { get; init; }

    /// <summary>The generation in force.</summary>
    public long? Generation { get; init; }

    /// <summary>When the change that waits is rolled back.</summary>
    public DateTimeOffset? ConfirmBy { get; init; }

    /// <summary>The subsystems that are not in the desired state.</summary>
    public string[] NotInDesiredState { get; init; } = [];

    /// <summary>The line of an engine that answered.</summary>
    public static CompactStatus From(EngineStatus status)
    {
        string name = status.State.ToString();
        return new CompactStatus
        {
            State = char.ToLowerInvariant(name[0]) + name[1..],
            Reason = Short(status.StateReason),
            Version = status.Version,
            Generation = status.Generation,
            ConfirmBy = status.ConfirmBy,
            NotInDesiredState = [.. status.Subsystems.Where(part => !part.InDesiredState).Select(part => part.Name).Take(MostNames)],
        };
    }

    /// <summary>The line when no engine answered.</summary>
    public static CompactStatus From(EngineException failure) =>
        new() { State = "notReachable", Reason = Short(failure.Message), ErrorId = failure.ErrorId };

    private static string? Short(string? text) => text is { Length: > LongestReason } ? text[..LongestReason] : text;
}
