namespace Net.Overlay.Control;

/// <summary>The sender wants a fresh connection made before this one goes, because the path under it has changed; it dials itself, and says so.</summary>
/// <param name="Reason">Why, as a sentence.</param>
public sealed record RenewConnection(string Reason) : ControlMessage
{
    /// <inheritdoc/>
    public override ControlFrameType Type => ControlFrameType.RenewConnection;

    /// <inheritdoc/>
    public override string ToString() => $"RenewConnection('{Reason}')";

    /// <inheritdoc/>
    internal override void WriteBody(BodyWriter writer) => writer.Text(Reason, ControlLimits.MaxReasonBytes);
}
