namespace Net.Overlay.Control;

/// <summary>What a frame of the control stream says. Its <see cref="object.ToString"/> is for the debug log: it names no key, proof or certificate content.</summary>
public abstract record ControlMessage
{
    /// <summary>The frame's type.</summary>
    public abstract ControlFrameType Type { get; }

    /// <summary>Writes the body.</summary>
    internal abstract void WriteBody(BodyWriter writer);
}
