namespace Net.Workers.Overlay;

/// <summary>A rule of the model. Words are peers' names, <c>self</c>, <c>group:NAME</c>, prefixes or <c>*</c>.</summary>
public sealed record ModelRule
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it lets connections through.</summary>
    public bool Allow { get; set; }

    /// <summary>Who opens the connection.</summary>
    public string[] From { get; set; } = ["*"];

    /// <summary>Who is reached.</summary>
    public string[] To { get; set; } = ["*"];

    /// <summary>The protocol's number; null for any.</summary>
    public int? Protocol { get; set; }

    /// <summary>Destination ports, <c>80</c> or <c>8000-8999</c>; empty for any.</summary>
    public string[] Ports { get; set; } = [];

    /// <summary>Days it holds; empty for all.</summary>
    public DayOfWeek[] Days { get; set; } = [];

    /// <summary>When on those days it begins to hold; null for midnight.</summary>
    public TimeOnly? StartTime { get; set; }

    /// <summary>When it ends to hold; null for midnight.</summary>
    public TimeOnly? EndTime { get; set; }

    /// <summary>The IANA zone of the times; null for UTC.</summary>
    public string? TimeZone { get; set; }
}
