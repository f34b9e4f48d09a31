using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>How a ring lies in memory; whoever maps it must use the numbers it was made with. Frames do not cross blocks: what is left at a block's end is unused.</summary>
/// <param name="BlockBytes">Size of a block, a multiple of the page size.</param>
/// <param name="BlockCount">How many blocks.</param>
/// <param name="FrameBytes">Size of a frame's place, a multiple of 64, so that headers begin in a cache line of their own.</param>
[SupportedOSPlatform("linux")]
public readonly record struct PacketRingLayout(int BlockBytes, int BlockCount, int FrameBytes)
{
    // From the start of a place to the network header with a header of virtio in between: TPACKET_ALIGN(TPACKET2_HDRLEN + 16) + 10 (tpacket_rcv of
    // net/packet/af_packet.c). Four more for the inner tag of a frame with two VLAN tags: the kernel takes only the outer one off.
    private const int NetworkHeaderOffset = 90;
    private const int InnerTagBytes = 4;
    private const int CacheLineBytes = 64;

    // As many datagrams as the kernel joins (UDP_GRO_CNT_MAX of linux/udp.h), of 64 bytes, behind the headers of IPv6 and UDP: small packets come in the greatest numbers, and are to need no
    // system call. Larger ones wait outside of the ring when many of them were joined, which costs one call for all.
    private const int JoinedBytes = 40 + 8 + (64 * 64);
    private const int DefaultBlockBytes = 256 * 1024;

    /// <summary>Places for frames.</summary>
    public int FrameCount => BlockBytes / FrameBytes * BlockCount;

    /// <summary>Size of the whole ring in memory.</summary>
    public int Bytes => BlockBytes * BlockCount;

    /// <summary>Lays a ring out.</summary>
    /// <param name="mtuBytes">The interface's MTU; every frame up to it fits a place, and so do 64 datagrams of 64 bytes that the kernel joined. Larger ones come by another way.</param>
    /// <param name="ringBytes">How much memory at most, at least one block is used.</param>
    /// <returns>The layout.</returns>
    public static PacketRingLayout For(int mtuBytes, int ringBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mtuBytes, 68);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mtuBytes, 65_535);

        // Not a power of two: with 2,048 the headers of all frames would share a few sets of the cache.
        int frame = (NetworkHeaderOffset + InnerTagBytes + Math.Max(mtuBytes, JoinedBytes) + CacheLineBytes - 1) / CacheLineBytes * CacheLineBytes;
        return new PacketRingLayout(DefaultBlockBytes, Math.Max(1, ringBytes / DefaultBlockBytes), frame);
    }

    /// <summary>Whether the numbers can be those of a ring.</summary>
    internal bool IsPossible => BlockBytes > 0 && BlockBytes % 4096 == 0 && BlockCount > 0 && FrameBytes >= NetworkHeaderOffset && FrameBytes <= BlockBytes
        && FrameBytes % PacketApi.TPACKET_ALIGNMENT == 0 && (long)BlockBytes * BlockCount <= int.MaxValue;
}
