using System.Net;

namespace Net.Overlay.Control;

/// <summary>The endpoint the sender sees the receiver at, after it changed: what the receiver looks like from outside its NAT.</summary>
/// <param name="Observed">The endpoint.</param>
public sealed record PathChanged(IPEndPoint Observed) : ControlMessage
{
    /// <inheritdoc/>
    public override ControlFrameType Type => ControlFrameType.PathChanged;

    /// <inheritdoc/>
    public override string ToString() => $"PathChanged({Observed})";

    /// <inheritdoc/>
    internal override void WriteBody(BodyWriter writer)
    {
        writer.Number((ulong)Observed.Port);
        writer.Raw(Observed.Address.GetAddressBytes());
    }
}
