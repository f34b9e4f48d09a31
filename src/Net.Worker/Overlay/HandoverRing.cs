using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Net.Platform.Linux;

namespace Net.Worker.Overlay;

/// <summary>Packets on their way from one shard to another: a ring of native memory with one thread that writes and one that reads. It neither locks nor allocates; what does not fit is
/// refused. Each record is its length (4 bytes), a <see cref="Handover"/> and the packet, in one piece, in steps of 8 bytes; a length of -1 sends the reader back to the beginning.</summary>
internal sealed class HandoverRing : IDisposable
{
    /// <summary>Room for 15 of the longest reads of a device.</summary>
    public const int DefaultBytes = 1 << 20;

    private const int Alignment = 8;
    private const int LengthBytes = 8;
    private const int Wrap = -1;
    private static readonly int s_headerBytes = LengthBytes + Aligned(Unsafe.SizeOf<Handover>());

    private readonly NativeBuffer _memory;
    private readonly long _bytes;
    private Positions _positions;
    private long _writtenHere;
    private long _releasedSeen;

    /// <summary>Makes an empty ring.</summary>
    /// <param name="bytes">Its size, a multiple of 8.</param>
    public HandoverRing(int bytes = DefaultBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes % Alignment, 0);
        _memory = new NativeBuffer(bytes, isCleared: false);
        _bytes = bytes;
    }

    /// <summary>Whether there is nothing to read. For the reader.</summary>
    public bool IsEmpty => Volatile.Read(ref _positions.Written) == _positions.Released;

    /// <summary>Puts a packet in. For the writer.</summary>
    /// <param name="header">What goes with it.</param>
    /// <param name="packet">The packet; copied.</param>
    /// <returns>False when there is no room: the packet is the caller's to drop and count.</returns>
    public bool TryWrite(in Handover header, ReadOnlySpan<byte> packet)
    {
        long size = s_headerBytes + Aligned(packet.Length);
        long place = _writtenHere % _bytes;
        long skipped = place + size > _bytes ? _bytes - place : 0;
        if (_writtenHere + skipped + size - _releasedSeen > _bytes)
        {
            // What the reader has released is looked at only when it looks full: the reader's cache line stays where it is.
            _releasedSeen = Volatile.Read(ref _positions.Released);
            if (_writtenHere + skipped + size - _releasedSeen > _bytes)
            {
                return false;
            }
        }

        Span<byte> memory = _memory.Span;
        if (skipped > 0)
        {
            MemoryMarshal.Write(memory[(int)place..], Wrap);
            place = 0;
        }

        Span<byte> record = memory.Slice((int)place, (int)size);
        MemoryMarshal.Write(record, packet.Length);
        MemoryMarshal.Write(record[LengthBytes..], in header);
        packet.CopyTo(record[s_headerBytes..]);
        _writtenHere += skipped + size;
        Volatile.Write(ref _positions.Written, _writtenHere);
        return true;
    }

    /// <summary>Looks at the oldest packet. For the reader.</summary>
    /// <param name="header">What goes with it.</param>
    /// <param name="packet">The packet, the reader's to change until <see cref="Release"/>.</param>
    /// <returns>False when there is none.</returns>
    public bool TryRead(out Handover header, out Span<byte> packet)
    {
        header = default;
        packet = default;
        if (IsEmpty)
        {
            return false;
        }

        Span<byte> memory = _memory.Span;
        int place = (int)(_positions.Released % _bytes);
        int length = MemoryMarshal.Read<int>(memory[place..]);
        if (length == Wrap)
        {
            // The writer puts the mark and the record that did not fit there at once, so one follows.
            Volatile.Write(ref _positions.Released, _positions.Released + _bytes - place);
            place = 0;
            length = MemoryMarshal.Read<int>(memory);
        }

        header = MemoryMarshal.Read<Handover>(memory[(place + LengthBytes)..]);
        packet = memory.Slice(place + s_headerBytes, length);
        return true;
    }

    /// <summary>Gives the room of the packet that was read back. For the reader, once for each packet.</summary>
    public void Release()
    {
        int length = MemoryMarshal.Read<int>(_memory.Span[(int)(_positions.Released % _bytes)..]);
        Volatile.Write(ref _positions.Released, _positions.Released + s_headerBytes + Aligned(length));
    }

    /// <summary>Frees the memory, when neither side uses it any more.</summary>
    public void Dispose() => _memory.Dispose();

    private static int Aligned(int bytes) => (bytes + Alignment - 1) & ~(Alignment - 1);

    // Counted up for ever; each on a cache line of its own, or every packet would pull both lines from one core to the other.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Positions
    {
        [FieldOffset(64)]
        public long Written;

        [FieldOffset(192)]
        public long Released;
    }
}
