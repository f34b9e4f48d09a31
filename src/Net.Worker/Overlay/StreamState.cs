namespace Net.Worker.Overlay;

/// <summary>One stream of a connection: what waits to be sent, and what its head says.</summary>
internal sealed class StreamState(long id)
{
    private readonly Queue<(byte[] Data, bool IsFinal)> _pending = new();
    private int _offset;

    /// <summary>The stream's id (RFC 9000 section 2.1).</summary>
    public long Id { get; } = id;

    /// <summary>What it is for.</summary>
    public StreamKind Kind { get; set; }

    /// <summary>The protocol of an application's stream, once it is known.</summary>
    public string? Protocol { get; set; }

    /// <summary>What the engine calls an application's stream by; 0 for none.</summary>
    public long EngineId { get; set; }

    /// <summary>Bytes of its head that came so far.</summary>
    public List<byte> Head { get; } = [];

    /// <summary>Bytes that wait to be handed to QUIC.</summary>
    public long PendingBytes { get; private set; }

    /// <summary>Bytes handed over and not acknowledged.</summary>
    public long UnacknowledgedBytes { get; set; }

    /// <summary>Writes of the engine that wait for their answer until less is buffered.</summary>
    public int UnansweredWrites { get; set; }

    /// <summary>Whether something waits.</summary>
    public bool HasPending => _pending.Count != 0;

    /// <summary>Puts data at the end of what waits. The array belongs to the stream from here on.</summary>
    public void Enqueue(byte[] data, bool isFinal)
    {
        _pending.Enqueue((data, isFinal));
        PendingBytes += data.Length;
    }

    /// <summary>What is to be sent next.</summary>
    public ReadOnlySpan<byte> Peek(out bool isFinal)
    {
        (byte[] data, isFinal) = _pending.Peek();
        return data.AsSpan(_offset);
    }

    /// <summary>Takes what was handed over off the front.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="isWhole">Whether all that <see cref="Peek"/> gave went, so that an empty final piece is not sent twice.</param>
    public void Consume(int bytes, bool isWhole)
    {
        PendingBytes -= bytes;
        UnacknowledgedBytes += bytes;
        _offset += bytes;
        if (isWhole)
        {
            _pending.Dequeue();
            _offset = 0;
        }
    }
}
