namespace Net.Overlay.Control;

/// <summary>The sender ends the connection on purpose; it closes it once this is acknowledged or after a moment.</summary>
/// <param name="Code">Why.</param>
/// <param name="Reason">Why, as a sentence.</param>
public sealed record Goodbye(ControlErrorCode Code, string Reason) : ControlMessage
{
    /// <inheritdoc/>
    public override ControlFrameType Type => ControlFrameType.Goodbye;

    /// <inheritdoc/>
    public override string ToString() => $"Goodbye({Code}, '{Reason}')";

    /// <inheritdoc/>
    internal override void WriteBody(BodyWriter writer)
    {
        writer.Number((ulong)Code);
        writer.Text(Reason, ControlLimits.MaxReasonBytes);
    }
}
