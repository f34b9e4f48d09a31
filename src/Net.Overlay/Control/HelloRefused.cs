namespace Net.Overlay.Control;

/// <summary>The answer to a hello that cannot be agreed with, or to a node that is not trusted; the connection ends after it.</summary>
/// <param name="Code">Why.</param>
/// <param name="Reason">Why, as a sentence for the peer's administrator.</param>
public sealed record HelloRefused(ControlErrorCode Code, string Reason) : ControlMessage
{
    /// <inheritdoc/>
    public override ControlFrameType Type => ControlFrameType.HelloRefused;

    /// <inheritdoc/>
    public override string ToString() => $"HelloRefused({Code}, '{Reason}')";

    /// <inheritdoc/>
    internal override void WriteBody(BodyWriter writer)
    {
        writer.Number((ulong)Code);
        writer.Text(Reason, ControlLimits.MaxReasonBytes);
    }
}
