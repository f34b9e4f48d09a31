using System.Globalization;

namespace Net.Overlay.Control;

/// <summary>A revocation list, sent to a peer whose own is older. The receiver verifies it before it believes anything.</summary>
/// <param name="List">The bytes of a <see cref="Membership.RevocationList"/>.</param>
public sealed record RevocationUpdate(byte[] List) : ControlMessage
{
    /// <inheritdoc/>
    public override ControlFrameType Type => ControlFrameType.RevocationUpdate;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"RevocationUpdate({List.Length} bytes)");

    /// <inheritdoc/>
    internal override void WriteBody(BodyWriter writer) => writer.Raw(List);
}
