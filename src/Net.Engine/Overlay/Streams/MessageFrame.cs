using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Net.Engine.Overlay.Streams;

/// <summary>A message as it travels in a stream of its own: 1 byte length of the topic, the topic in UTF-8, 4 bytes length of the data (big endian), the data.
/// The receiver's engine answers with one byte: 1 when an application has it, 2 when none takes it.</summary>
internal static class MessageFrame
{
    /// <summary>The protocol of streams that carry messages.</summary>
    public const string Protocol = "netmod/message";

    /// <summary>The longest topic in characters, and in bytes.</summary>
    public const int MaxTopicCharacters = 64;

    /// <summary>The largest message in bytes.</summary>
    public const int MaxDataBytes = 1 << 20;

    /// <summary>An application has it.</summary>
    public const byte Taken = 1;

    /// <summary>No application takes it.</summary>
    public const byte Refused = 2;

    private const int MaxTopicBytes = byte.MaxValue;

    /// <summary>The largest frame in bytes.</summary>
    public const int MaxBytes = 1 + MaxTopicBytes + sizeof(int) + MaxDataBytes;

    /// <summary>Writes a frame.</summary>
    public static byte[] Write(string topic, ReadOnlySpan<byte> data)
    {
        byte[] name = Encoding.UTF8.GetBytes(topic);
        byte[] frame = new byte[1 + name.Length + sizeof(int) + data.Length];
        frame[0] = checked((byte)name.Length);
        name.CopyTo(frame, 1);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1 + name.Length), data.Length);
        data.CopyTo(frame.AsSpan(1 + name.Length + sizeof(int)));
        return frame;
    }

    /// <summary>Reads a whole frame.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, [NotNullWhen(true)] out string? topic, out ReadOnlySpan<byte> data)
    {
        topic = null;
        data = default;
        if (frame.Length < 1 || frame.Length < 1 + frame[0] + sizeof(int))
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(frame[(1 + frame[0])..]);
        data = frame[(1 + frame[0] + sizeof(int))..];
        if (length != data.Length || length > MaxDataBytes || !System.Text.Unicode.Utf8.IsValid(frame.Slice(1, frame[0])))
        {
            return false;
        }

        topic = Encoding.UTF8.GetString(frame.Slice(1, frame[0]));
        return topic.Length <= MaxTopicCharacters;
    }
}
