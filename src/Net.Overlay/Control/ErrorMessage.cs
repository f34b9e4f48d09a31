namespace Net.Overlay.Control;

/// <summary>Something went wrong that does not end the connection by itself, such as a route that is not accepted.</summary>
/// <param name="Code">What went wrong.</param>
/// <param name="Text">What went wrong, as a sentence.</param>
public sealed record ErrorMessage(ControlErrorCode Code, string Text) : ControlMessage
{
    /// <inheritdoc/>
    public override ControlFrameType Type => ControlFrameType.Error;

    /// <inheritdoc/>
    public override string ToString() => $"Error({Code}, '{Text}')";

    /// <inheritdoc/>
    internal override void WriteBody(BodyWriter writer)
    {
        writer.Number((ulong)Code);
        writer.Text(Text, ControlLimits.MaxReasonBytes);
    }
}
