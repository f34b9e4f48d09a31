using System.Runtime.InteropServices;
using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Linux;

/// <summary>
/// The bytes of one stream that were sent and not yet acknowledged, in native chunks: ngtcp2 keeps pointers to them for retransmission, so they must not move.
/// Memory is given back with every acknowledgement; an idle stream holds none.
/// </summary>
internal sealed unsafe class QuicSendBuffer : IDisposable
{
    /// <summary>Bytes of a chunk: three packets of the usual size, and little for the short messages of a control stream.</summary>
    public const int ChunkBytes = 4096;

    /// <summary>Most pieces that <see cref="Stage"/> gives.</summary>
    public const int MaxPieces = 2;

    private readonly List<nint> _chunks = [];
    private long _start;

    /// <summary>Offset in the stream behind the last byte that was sent.</summary>
    public long End { get; private set; }

    /// <summary>Bytes of native memory held.</summary>
    public int HeldBytes => _chunks.Count * ChunkBytes;

    /// <summary>Copies as much as fits into two pieces behind what was sent. Until <see cref="Commit"/> it does not count: the next call overwrites it.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="limit">At most so many are copied.</param>
    /// <param name="pieces">Takes the pieces.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>Bytes copied.</returns>
    public int Stage(ReadOnlySpan<byte> data, int limit, ngtcp2_vec* pieces, out int count)
    {
        count = 0;
        int staged = 0;
        data = data[..Math.Min(data.Length, limit)];
        while (!data.IsEmpty && count < MaxPieces)
        {
            int position = (int)(End - _start) + staged;
            int index = position / ChunkBytes;
            if (index == _chunks.Count)
            {
                _chunks.Add((nint)NativeMemory.Alloc(ChunkBytes));
            }

            int inChunk = position % ChunkBytes;
            int length = Math.Min(data.Length, ChunkBytes - inChunk);
            byte* target = (byte*)_chunks[index] + inChunk;
            data[..length].CopyTo(new Span<byte>(target, length));
            pieces[count++] = new ngtcp2_vec { @base = target, len = (nuint)length };
            data = data[length..];
            staged += length;
        }

        return staged;
    }

    /// <summary>The first bytes of what was staged were sent.</summary>
    /// <param name="length">How many.</param>
    public void Commit(int length) => End += length;

    /// <summary>Everything before an offset was acknowledged and is not needed any more.</summary>
    /// <param name="offset">The offset.</param>
    public void Release(long offset)
    {
        int whole = 0;
        if (offset >= End)
        {
            whole = _chunks.Count;
        }
        else
        {
            while (offset - _start >= (long)(whole + 1) * ChunkBytes)
            {
                whole++;
            }
        }

        for (int index = 0; index < whole; index++)
        {
            NativeMemory.Free((void*)_chunks[index]);
        }

        _chunks.RemoveRange(0, whole);
        _start = _chunks.Count == 0 ? End : _start + ((long)whole * ChunkBytes);
    }

    /// <summary>Gives all memory back. ngtcp2 must not look at it any more.</summary>
    public void Dispose() => Release(End);
}
