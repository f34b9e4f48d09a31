using System.Globalization;
using Net.Overlay.Membership;

namespace Net.Overlay.Control;

/// <summary>A request to join the network by an invitation.</summary>
/// <param name="Request">The request.</param>
public sealed record JoinRequestMessage(JoinRequest Request) : ControlMessage
{
    /// <inheritdoc/>
    public override ControlFrameType Type => ControlFrameType.JoinRequest;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"JoinRequest(invitation {Request.InvitationId:x16}, name '{Request.Name}')");

    /// <inheritdoc/>
    internal override void WriteBody(BodyWriter writer)
    {
        writer.FixedNumber(Request.InvitationId);
        writer.Raw(Request.Proof);
        writer.Text(Request.Name, Labels.MaxCharacters);
    }
}
