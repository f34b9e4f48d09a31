using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

namespace Net.Platform.Linux.Relay;

/// <summary>A part of native memory that never moves: of a <see cref="PacketRing"/>, a <see cref="NativeBuffer"/> or a <see cref="UdpReceiveBatch"/>, and valid as long as its owner says.
/// Unlike a span it can be kept in arrays, and unlike an array it can be given to the kernel for later.</summary>
[SupportedOSPlatform("linux")]
public readonly unsafe struct PacketMemory
{
    private readonly byte* _start;

    /// <summary>Takes memory.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">How long it is.</param>
    internal PacketMemory(byte* start, int length)
    {
        _start = start;
        Length = length;
    }

    /// <summary>Its length in bytes.</summary>
    public int Length { get; }

    /// <summary>The bytes.</summary>
    public Span<byte> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_start, Length);
    }

    /// <summary>Where it begins, for the kernel.</summary>
    internal byte* Start => _start;

    /// <summary>All of a buffer.</summary>
    /// <param name="buffer">The buffer, which must outlive the result.</param>
    public static PacketMemory Of(NativeBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Span<byte> span = buffer.Span;
        return new PacketMemory((byte*)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(span)), span.Length);
    }

    /// <summary>A part of it.</summary>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="length">How long it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not within.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PacketMemory Slice(int offset, int length)
    {
        if ((uint)offset > (uint)Length || (uint)length > (uint)(Length - offset))
        {
            ThrowOutside();
        }

        return new PacketMemory(_start + offset, length);
    }

    /// <summary>It, with bytes before it.</summary>
    /// <param name="bytes">How many; whoever gave the memory says that they may be used, such as <see cref="PacketRing.HeadroomBytes"/>.</param>
    public PacketMemory WithHeadroom(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)PacketRing.HeadroomBytes, nameof(bytes));
        return new PacketMemory(_start - bytes, Length + bytes);
    }

    /// <summary>It and a part that begins where it ends (<see cref="IsFollowedBy"/>), as one.</summary>
    /// <param name="next">The part.</param>
    public PacketMemory WithTail(PacketMemory next) => IsFollowedBy(next) ? new PacketMemory(_start, Length + next.Length) : throw new ArgumentException("It does not follow.", nameof(next));

    /// <summary>Whether another part begins where this one ends.</summary>
    /// <param name="next">The other part.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsFollowedBy(PacketMemory next) => _start + Length == next._start;

    private static void ThrowOutside() => throw new ArgumentOutOfRangeException(null, "The part is not within the memory.");
}
