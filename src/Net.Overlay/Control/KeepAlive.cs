using System.Globalization;

namespace Net.Overlay.Control;

/// <summary>A sign of life. Who receives one that is no reply answers with the same sequence.</summary>
/// <param name="Sequence">Counts up.</param>
/// <param name="IsReply">Whether it is the answer to the peer's.</param>
public sealed record KeepAlive(ulong Sequence, bool IsReply) : ControlMessage
{
    /// <inheritdoc/>
    public override ControlFrameType Type => ControlFrameType.KeepAlive;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"KeepAlive({Sequence}{(IsReply ? ", reply" : string.Empty)})");

    /// <inheritdoc/>
    internal override void WriteBody(BodyWriter writer)
    {
        writer.Number(Sequence);
        writer.Byte(IsReply ? (byte)1 : (byte)0);
    }
}
