using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>The parts of a policy rule a user gave. Null leaves a part as it is.</summary>
internal sealed record OverlayPolicyPatch
{
    public string? Overlay { get; init; }

    public string? Name { get; init; }

    public OverlayAction? Action { get; init; }

    public string[]? From { get; init; }

    public string[]? To { get; init; }

    /// <summary><see cref="IpProtocol.Any"/> lifts the limit.</summary>
    public IpProtocol? Protocol { get; init; }

    public PortRange[]? Port { get; init; }

    public DayOfWeek[]? Days { get; init; }

    public TimeOnly? StartTime { get; init; }

    public TimeOnly? EndTime { get; init; }

    public string? TimeZone { get; init; }

    public bool? Enabled { get; init; }

    public string? Description { get; init; }

    public int? Position { get; init; }

    /// <summary>A rule of the parts alone.</summary>
    public OverlayPolicyRule ToRule() => ApplyTo(new OverlayPolicyRule { Name = Name ?? string.Empty });

    /// <summary>The rule with these parts in place of its own. It keeps its place unless the patch names one, and carries no count.</summary>
    public OverlayPolicyRule ApplyTo(OverlayPolicyRule rule) => rule with
    {
        Overlay = Overlay ?? rule.Overlay,
        Name = Name ?? rule.Name,
        Action = Action ?? rule.Action,
        From = Everybody(From) ?? rule.From,
        To = Everybody(To) ?? rule.To,
        Protocol = Protocol is { } protocol ? (protocol == IpProtocol.Any ? null : protocol) : rule.Protocol,
        Port = Port ?? rule.Port,
        Days = Days ?? rule.Days,
        StartTime = Time(StartTime, rule.StartTime),
        EndTime = Time(EndTime, rule.EndTime),
        TimeZone = Text(TimeZone, rule.TimeZone),
        Enabled = Enabled ?? rule.Enabled,
        Description = Text(Description, rule.Description),
        Position = Position,
        Matches = null,
    };

    // An empty list is how the other lists say "any"; here the word for it is the asterisk.
    private static string[]? Everybody(string[]? given) => given is { Length: 0 } ? ["*"] : given;

    private static TimeOnly? Time(TimeOnly? given, TimeOnly? present) => given is null ? present : given == TimeOnly.MinValue ? null : given;

    private static string? Text(string? given, string? present) => given is null ? present : given.Length == 0 ? null : given;
}
