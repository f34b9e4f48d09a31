using Net.Contracts;

namespace Net.PowerShell.Requests;

/// <summary>The parts of a schedule a user gave. Null leaves a part as it is.</summary>
internal sealed record SchedulePatch : IMemberPatch
{
    /// <summary>Whether to begin with no limits rather than with the schedule as it is.</summary>
    public bool Always { get; init; }

    public DayOfWeek[]? Day { get; init; }

    public TimeOnly? From { get; init; }

    public TimeOnly? Until { get; init; }

    public DateOnly? FirstDate { get; init; }

    public DateOnly? LastDate { get; init; }

    public string? TimeZone { get; init; }

    /// <summary>Whether anything was given.</summary>
    public bool IsGiven => Always || Day is not null || From is not null || Until is not null || FirstDate is not null || LastDate is not null || TimeZone is not null;

    /// <inheritdoc />
    public object? ApplyTo(object? before)
    {
        FirewallSchedule old = before is FirewallSchedule schedule && !Always ? schedule : new FirewallSchedule();
        var changed = new FirewallSchedule
        {
            Day = Day ?? old.Day,
            From = From ?? old.From,
            Until = Until ?? old.Until,
            FirstDate = FirstDate ?? old.FirstDate,
            LastDate = LastDate ?? old.LastDate,
            TimeZone = TimeZone is null ? old.TimeZone : TimeZone.Length == 0 ? null : TimeZone,
        };
        bool limits = changed.Day.Length > 0 || changed.From is not null || changed.Until is not null || changed.FirstDate is not null || changed.LastDate is not null;
        return limits ? changed : null;
    }
}
