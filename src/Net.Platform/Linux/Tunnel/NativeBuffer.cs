using System.Runtime.InteropServices;

namespace Net.Platform.Linux;

/// <summary>Native memory for packets, aligned to a cache line of 64 bytes and zeroed. It never moves, so that the kernel is given it without pinning.
/// Whoever makes it disposes it, after the last use of a span of it.</summary>
public sealed unsafe class NativeBuffer : IDisposable
{
    private byte* _memory;

    /// <summary>Allocates the memory.</summary>
    /// <param name="bytes">How much, at least 1.</param>
    /// <param name="isCleared">Whether it begins as zeros; memory that is not touched here is not resident before it is used.</param>
    public NativeBuffer(int bytes, bool isCleared = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        if (isCleared)
        {
            new Span<byte>(_memory, bytes).Clear();
        }

        Length = bytes;
    }

    /// <summary>Gives the memory back when the owner forgot it.</summary>
    ~NativeBuffer() => Free();

    /// <summary>Its size in bytes; 0 after disposal.</summary>
    public int Length { get; private set; }

    /// <summary>The memory; empty after disposal. It must not be used after disposal.</summary>
    public Span<byte> Span => new(_memory, Length);

    /// <inheritdoc />
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        Length = 0;
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
