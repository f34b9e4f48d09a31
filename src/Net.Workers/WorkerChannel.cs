using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json;
using Net.Platform.Linux;

namespace Net.Workers;

/// <summary>Carries messages between an engine and one of its workers: the length as 32 bits, little endian, then the message as UTF-8 JSON.
/// Descriptors travel with the first bytes of their frame. Sending is safe from every thread; one thread receives.</summary>
[SupportedOSPlatform("linux")]
public sealed class WorkerChannel : IDisposable
{
    /// <summary>The largest message, in bytes. A model with 100,000 routes is about 10 MB; the rest is room.</summary>
    public const int MaxMessageBytes = 64 << 20;

    private const int LengthBytes = 4;

    private readonly DescriptorChannel _channel;
    private readonly Lock _sending = new();
    private readonly byte[] _length = new byte[LengthBytes];
    private Poller? _waiting;

    /// <summary>Speaks over a channel.</summary>
    /// <param name="channel">The channel, which this object owns from now on.</param>
    public WorkerChannel(DescriptorChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        _channel = channel;
    }

    /// <summary>Sends a message. Waits while the other side has not taken what was sent before.</summary>
    /// <param name="message">The message.</param>
    /// <param name="descriptors">Descriptors to duplicate into the other process, about 60,000 at most; they stay open here.</param>
    /// <exception cref="IOException">The other side is gone.</exception>
    /// <exception cref="ArgumentException">The message is larger than <see cref="MaxMessageBytes"/>.</exception>
    public void Send(WorkerMessage message, ReadOnlySpan<SafeHandle> descriptors = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        var buffer = new ArrayBufferWriter<byte>(512);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(LengthBytes), 0);
        buffer.Advance(LengthBytes);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            JsonSerializer.Serialize(writer, message, WorkerJsonContext.Default.WorkerMessage);
        }

        int length = buffer.WrittenCount - LengthBytes;
        if (length > MaxMessageBytes)
        {
            throw new ArgumentException($"A message of {length} bytes is larger than the {MaxMessageBytes} that are allowed.", nameof(message));
        }

        // The buffer is our own array; writing the length into it afterwards saves a second copy.
        Span<byte> frame = MemoryMarshal.AsMemory(buffer.WrittenMemory).Span;
        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        lock (_sending)
        {
            // One message of the kernel carries only so many; the frame's next byte takes the next ones.
            while (descriptors.Length > DescriptorChannel.MaxDescriptors)
            {
                _channel.Send(frame[..1], descriptors[..DescriptorChannel.MaxDescriptors]);
                frame = frame[1..];
                descriptors = descriptors[DescriptorChannel.MaxDescriptors..];
            }

            _channel.Send(frame, descriptors);
        }
    }

    /// <summary>Waits until <see cref="Receive"/> has something to begin with, if only the end.</summary>
    /// <param name="limit">How long at most; zero only looks.</param>
    /// <returns>Whether it has.</returns>
    public bool WaitFor(TimeSpan limit)
    {
        _waiting ??= new Poller(1);
        _waiting.Set(0, _channel.Handle, wantRead: true);
        return _waiting.Wait((long)limit.TotalNanoseconds) > 0;
    }

    /// <summary>Waits for the next message.</summary>
    /// <param name="descriptors">Gets the descriptors that came with it; the caller closes them.</param>
    /// <returns>The message; null when the other side closed the channel or ended.</returns>
    /// <exception cref="InvalidDataException">What came is no message.</exception>
    public WorkerMessage? Receive(List<SafeHandle> descriptors)
    {
        ArgumentNullException.ThrowIfNull(descriptors);
        if (!Fill(_length, descriptors))
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(_length);
        if (length is <= 0 or > MaxMessageBytes)
        {
            throw new InvalidDataException($"A frame says it has {length} bytes; 1 to {MaxMessageBytes} are allowed.");
        }

        byte[] body = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            if (!Fill(body.AsSpan(0, length), descriptors))
            {
                return null;
            }

            return JsonSerializer.Deserialize(body.AsSpan(0, length), WorkerJsonContext.Default.WorkerMessage)
                ?? throw new InvalidDataException("A frame holds nothing.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"A frame of {length} bytes holds no message: {exception.Message}", exception);
        }
        finally
        {
            // A frame may hold the node's seed; it must not be left in a shared pool.
            ArrayPool<byte>.Shared.Return(body, clearArray: true);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _channel.Dispose();

    private bool Fill(Span<byte> buffer, List<SafeHandle> descriptors)
    {
        while (buffer.Length > 0)
        {
            int count = _channel.Receive(buffer, descriptors);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }
}
