namespace Net.Contracts;

/// <summary>A rule about what peers may reach. The first rule that matches a new connection decides; what none matches is denied, except what this node opens
/// itself. Replies of an allowed connection always pass.</summary>
public sealed record OverlayPolicyRule
{
    /// <summary>The overlay; null in a document, where the rule stands inside it.</summary>
    public string? Overlay { get; set; }

    /// <summary>The name, unique in the overlay without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public OverlayAction Action { get; set; } = OverlayAction.Allow;

    /// <summary>Who opens the connection: names of peers, <c>self</c>, <c>group:NAME</c>, prefixes, or <c>*</c>.</summary>
    public string[] From { get; set; } = ["*"];

    /// <summary>Who is reached: the same words.</summary>
    public string[] To { get; set; } = ["*"];

    /// <summary>The protocol; null for any.</summary>
    public IpProtocol? Protocol { get; set; }

    /// <summary>Destination ports; empty for any.</summary>
    public PortRange[] Port { get; set; } = [];

    /// <summary>Days it holds; empty for all.</summary>
    public DayOfWeek[] Days { get; set; } = [];

    /// <summary>When on those days it begins to hold; null for midnight.</summary>
    public TimeOnly? StartTime { get; set; }

    /// <summary>When it ends to hold; before <see cref="StartTime"/> means on the next day; null for midnight.</summary>
    public TimeOnly? EndTime { get; set; }

    /// <summary>The IANA zone of the times; null for UTC.</summary>
    public string? TimeZone { get; set; }

    /// <summary>Whether it counts.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>What it is for, in the user's words, or null.</summary>
    public string? Description { get; set; }

    /// <summary>The place among the rules, 1 for the first. In a list it is told; when adding or changing, null means last, or leave it.</summary>
    public int? Position { get; set; }

    /// <summary>Connections it decided since the worker's start; null in a document.</summary>
    public long? Matches { get; set; }
}
