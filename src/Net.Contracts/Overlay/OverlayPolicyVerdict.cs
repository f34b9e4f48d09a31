namespace Net.Contracts;

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
