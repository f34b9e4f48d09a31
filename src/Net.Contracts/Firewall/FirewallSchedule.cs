namespace Net.Contracts;

/// <summary>When a rule is in force: on some days, between two times of the day, between two dates, in a time zone. What is not set does not limit.</summary>
public sealed record FirewallSchedule
{
    /// <summary>Days of the week on which a window begins; empty for every day.</summary>
    public DayOfWeek[] Day { get; set; } = [];

    /// <summary>When the window of a day begins; null for midnight.</summary>
    public TimeOnly? From { get; set; }

    /// <summary>When it ends, not included; not after <see cref="From"/> is the next day's. Null for midnight.</summary>
    public TimeOnly? Until { get; set; }

    /// <summary>The first date, or null.</summary>
    public DateOnly? FirstDate { get; set; }

    /// <summary>The last date a window may begin on, or null.</summary>
    public DateOnly? LastDate { get; set; }

    /// <summary>The time zone by its IANA name (Europe/Berlin); null for the host's own.</summary>
    public string? TimeZone { get; set; }
}
