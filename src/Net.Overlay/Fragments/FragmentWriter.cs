namespace Net.Overlay.Fragments;

/// <summary>Splits packets that are larger than a path's DATAGRAM limit. One for each peer; for one thread.</summary>
/// <param name="firstId">Where packet ids begin; a random number keeps a new session's apart from those of the one before it.</param>
public sealed class FragmentWriter(uint firstId)
{
    /// <summary>The smallest limit it works with. Below it headers would outweigh packets, and no path that QUIC runs on (1200 bytes, RFC 9000, 14) comes near it.</summary>
    public const int MinLimitBytes = 256;

    private uint _nextId = firstId;
    private uint _id;
    private int _total;
    private int _count;
    private int _index;

    /// <summary>Whether parts of the packet begun last are still to be written.</summary>
    public bool IsActive => _index < _count;

    /// <summary>Begins a packet.</summary>
    /// <param name="packetBytes">Its length.</param>
    /// <param name="limitBytes">The largest payload the path takes, this header included.</param>
    /// <returns>False when it cannot be split: the limit is too low, or it would have more than 64 parts, or it has more than 65,535 bytes.</returns>
    public bool Begin(int packetBytes, int limitBytes)
    {
        _index = 0;
        _count = 0;
        if (packetBytes is <= 0 or > ushort.MaxValue || limitBytes < MinLimitBytes)
        {
            return false;
        }

        int partBytes = limitBytes - FragmentHeader.SizeBytes;
        int count = Math.Max(2, (packetBytes + partBytes - 1) / partBytes);
        if (count > FragmentHeader.MaxCount || packetBytes < 2)
        {
            return false;
        }

        _id = _nextId++;
        _total = packetBytes;
        _count = count;
        return true;
    }

    /// <summary>The next part: its header, and which bytes of the packet follow it. Asking again gives the same part until <see cref="Advance"/>.</summary>
    /// <param name="destination">Receives the header, 9 bytes.</param>
    /// <param name="part">The bytes of the packet behind it.</param>
    /// <exception cref="InvalidOperationException">No packet is begun.</exception>
    public void WriteHeader(Span<byte> destination, out Range part)
    {
        if (!IsActive)
        {
            throw new InvalidOperationException("No packet is begun, or all its parts are written.");
        }

        var header = new FragmentHeader(_id, _total, _index, _count);
        header.Write(destination);
        part = header.Offset..(header.Offset + header.Length);
    }

    /// <summary>Goes on to the next part, when this one is sent.</summary>
    public void Advance() => _index++;
}
