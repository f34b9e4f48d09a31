using System.Globalization;

namespace Net.Overlay.Control;

/// <summary>The largest inner packet the sender can get through to the receiver in one piece at present.</summary>
/// <param name="InnerBytes">The packet's size in bytes, IP header included.</param>
public sealed record PathMtu(int InnerBytes) : ControlMessage
{
    /// <inheritdoc/>
    public override ControlFrameType Type => ControlFrameType.PathMtu;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"PathMtu({InnerBytes})");

    /// <inheritdoc/>
    internal override void WriteBody(BodyWriter writer) => writer.Number((ulong)InnerBytes);
}
