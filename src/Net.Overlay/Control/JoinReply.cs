using System.Globalization;

namespace Net.Overlay.Control;

/// <summary>The answer to a request to join.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Certificate">The bytes of the new <see cref="Membership.MembershipCertificate"/> when granted, else empty.</param>
/// <param name="Reason">Why, as a sentence; may be empty when granted.</param>
public sealed record JoinReply(JoinStatus Status, byte[] Certificate, string Reason) : ControlMessage
{
    /// <inheritdoc/>
    public override ControlFrameType Type => ControlFrameType.JoinReply;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"JoinReply({Status}, certificate {Certificate.Length} bytes, '{Reason}')");

    /// <inheritdoc/>
    internal override void WriteBody(BodyWriter writer)
    {
        writer.Byte((byte)Status);
        writer.Text(Reason, ControlLimits.MaxReasonBytes);
        writer.Raw(Certificate);
    }
}
