using System.Text.Json.Serialization;

namespace Net.Contracts;

/// <summary>An invitation. Its text holds a one-time secret: whoever has it may join.</summary>
/// <param name="Id">What it is listed by.</param>
/// <param name="Overlay">The overlay it leads into.</param>
/// <param name="Text">The invitation itself (<c>nmi1...</c>); null in lists.</param>
/// <param name="ExpiresAt">Until when it holds.</param>
/// <param name="NeedsApproval">Whether somebody must approve whoever comes with it.</param>
/// <param name="Groups">Groups the member gets.</param>
/// <param name="UsedBy">The node that used it; null while unused.</param>
public sealed record OverlayInvitation(
    string Id, string Overlay, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Text, DateTimeOffset ExpiresAt, bool NeedsApproval, string[] Groups, string? UsedBy = null);
