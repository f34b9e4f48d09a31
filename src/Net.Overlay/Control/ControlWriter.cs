using System.Buffers;

namespace Net.Overlay.Control;

/// <summary>Writes frames of the control stream: type and length as numbers of varying length, then the body.</summary>
public static class ControlWriter
{
    /// <summary>Writes a frame.</summary>
    /// <param name="message">What to say.</param>
    /// <param name="destination">Where the bytes go.</param>
    /// <exception cref="ArgumentException">The message has more of something than its frame may have.</exception>
    public static void Write(ControlMessage message, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(destination);
        var body = new BodyWriter();
        message.WriteBody(body);
        BodyWriter.ThrowIfMore(body.Written.Length, ControlLimits.MaxBytesOf(message.Type), "bytes in the frame");
        WriteRaw((ulong)message.Type, body.Written, destination);
    }

    /// <summary>A frame as an array.</summary>
    public static byte[] ToArray(ControlMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(message, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a frame of any type: what a peer of another version would send.</summary>
    internal static void WriteRaw(ulong type, ReadOnlySpan<byte> body, IBufferWriter<byte> destination)
    {
        Span<byte> head = destination.GetSpan(2 * VarInt.MaxBytes);
        int length = VarInt.Write(head, type);
        length += VarInt.Write(head[length..], (ulong)body.Length);
        destination.Advance(length);
        destination.Write(body);
    }
}
