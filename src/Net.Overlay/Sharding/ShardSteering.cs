using Net.Overlay.Identity;
using Net.Packets.Bytecode;

namespace Net.Overlay.Sharding;

/// <summary>Which shard of a node has which peer, and so which datagram. A node's bucket is the first byte of its id; the shard is the remainder of bucket / shards. Whoever dials
/// writes its own bucket into the first byte of the first destination id (RFC 9000, 7.2), ids a node gives out begin with its shard's number, and everything later carries one of
/// these; so one byte of every datagram says whose it is, whatever the number of shards is. The same arithmetic runs in the kernel as a program of the group of sockets.</summary>
public static class ShardSteering
{
    /// <summary>The most shards an overlay has.</summary>
    public const int MaxShards = 64;

    /// <summary>How many random bytes follow the bucket in a first destination id: RFC 9000, 7.2 asks for 8 bytes that cannot be guessed.</summary>
    public const int RandomIdBytes = 8;

    // RFC 9000, 17.2: the first bit says that the header is long; version (4) and the length of the destination id (1) stand before that id.
    private const byte LongHeader = 0x80;
    private const int LongOffset = 6;

    // RFC 9000, 17.3, and the same in a sealed probe: the receiver's connection id follows the first byte.
    private const int ShortOffset = 1;

    /// <summary>The bucket of a node.</summary>
    /// <param name="publicKey">Its Ed25519 public key, 32 bytes.</param>
    public static byte BucketOf(ReadOnlySpan<byte> publicKey) => NodeId.FromPublicKey(publicKey).FirstByte;

    /// <summary>The shard that has the peers of a bucket.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="shards">How many shards there are, 1 at least.</param>
    public static int ShardOf(byte bucket, int shards) => bucket % shards;

    /// <summary>The shard a datagram is for.</summary>
    /// <param name="datagram">The UDP payload, a QUIC packet or a sealed probe; anything else is somebody's, too.</param>
    /// <param name="shards">How many shards there are, 1 at least.</param>
    /// <returns>The shard; 0 when the datagram is too short to say.</returns>
    public static int ShardOf(ReadOnlySpan<byte> datagram, int shards)
    {
        if (datagram.IsEmpty)
        {
            return 0;
        }

        int offset = (datagram[0] & LongHeader) != 0 ? LongOffset : ShortOffset;
        return offset < datagram.Length ? datagram[offset] % shards : 0;
    }

    /// <summary><see cref="ShardOf(ReadOnlySpan{byte}, int)"/> as a program for SO_ATTACH_REUSEPORT_CBPF (socket(7)): it sees the UDP payload, and returns the place of the socket in the order of their
    /// binding. A load beyond the end makes it return 0 (Documentation/networking/filter.rst).</summary>
    /// <param name="shards">How many shards, and sockets, there are.</param>
    public static IReadOnlyList<FilterInstruction> Program(int shards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, MaxShards);

        // Codes of linux/bpf_common.h: class, size or operation, mode or source.
        const ushort loadByte = 0x30;
        const ushort jump = 0x05;
        const ushort jumpAnySet = 0x45;
        const ushort remainder = 0x94;
        const ushort returnA = 0x16;
        return
        [
            new(loadByte, 0, 0, 0),
            new(jumpAnySet, 2, 0, LongHeader),
            new(loadByte, 0, 0, ShortOffset),
            new(jump, 0, 0, 1),
            new(loadByte, 0, 0, LongOffset),
            new(remainder, 0, 0, (uint)shards),
            new(returnA, 0, 0, 0),
        ];
    }
}
