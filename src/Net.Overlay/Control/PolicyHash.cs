using System.Globalization;

namespace Net.Overlay.Control;

/// <summary>The hash of the policy the sender enforces: peers that should have the same policy see whether they do.</summary>
/// <param name="Hash">The hash.</param>
public sealed record PolicyHash(ulong Hash) : ControlMessage
{
    /// <inheritdoc/>
    public override ControlFrameType Type => ControlFrameType.PolicyHash;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"PolicyHash({Hash:x16})");

    /// <inheritdoc/>
    internal override void WriteBody(BodyWriter writer) => writer.FixedNumber(Hash);
}
