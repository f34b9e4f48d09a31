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

/// <summary>An expectation that must hold before a policy is applied.</summary>
/// <param name="From">Who opens the connection: a peer's name, <c>self</c>, or an address.</param>
/// <param name="To">Who is reached.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Port">The destination port; null where the protocol has none.</param>
/// <param name="Expect">What must come out.</param>
public sealed record OverlayPolicyTest(string From, string To, IpProtocol Protocol, int? Port = null, OverlayAction Expect = OverlayAction.Allow);

/// <summary>The answer to "would this connection pass?".</summary>
/// <param name="Overlay">The overlay.</param>
/// <param name="From">Who opens the connection.</param>
/// <param name="To">Who is reached.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Port">The destination port, or null.</param>
/// <param name="Action">What would come out.</param>
/// <param name="Rule">The rule that decides; null for the default.</param>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="At">The time the question was asked for.</param>
public sealed record OverlayPolicyVerdict(
    string Overlay,
    string From,
    string To,
    IpProtocol Protocol,
    int? Port = null,
    OverlayAction Action = OverlayAction.Deny,
    string? Rule = null,
    string Reason = "",
    DateTimeOffset At = default);

/// <summary>A record of the audit log: a connection that ended, or a decision against one.</summary>
public sealed record OverlayAuditRecord
{
    /// <summary>When.</summary>
    public DateTimeOffset Time { get; set; }

    /// <summary>The overlay.</summary>
    public required string Overlay { get; init; }

    /// <summary><c>connection</c> or <c>decision</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The peer that opened the connection.</summary>
    public string? SourceNode { get; set; }

    /// <summary>The peer that was reached.</summary>
    public string? DestinationNode { get; set; }

    /// <summary>Source address.</summary>
    public string? SourceAddress { get; set; }

    /// <summary>Source port, or null.</summary>
    public int? SourcePort { get; set; }

    /// <summary>Destination address.</summary>
    public string? DestinationAddress { get; set; }

    /// <summary>Destination port, or null.</summary>
    public int? DestinationPort { get; set; }

    /// <summary>The protocol's name or number.</summary>
    public string? Protocol { get; set; }

    /// <summary>What was decided.</summary>
    public OverlayAction Action { get; set; }

    /// <summary>The rule that decided; null for the default.</summary>
    public string? Rule { get; set; }

    /// <summary>Bytes from the opener.</summary>
    public long SentBytes { get; set; }

    /// <summary>Bytes to the opener.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>How long the connection was; null for a decision.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>Equal decisions this record stands for.</summary>
    public long Count { get; set; } = 1;
}
