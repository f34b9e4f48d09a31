using System.Buffers.Binary;
using static Net.Platform.Linux.Interop.Ngtcp2Api;

namespace Net.Platform.Linux;

/// <summary>Connection ids between our form, a number, and ngtcp2's. Ours have 8 bytes, big-endian.</summary>
internal static unsafe class QuicConnectionId
{
    /// <summary>Bytes of each connection id of ours.</summary>
    public const int Bytes = sizeof(ulong);

    /// <summary>The id of a number.</summary>
    public static ngtcp2_cid Make(ulong value)
    {
        ngtcp2_cid id = default;
        id.datalen = Bytes;
        BinaryPrimitives.WriteUInt64BigEndian(new Span<byte>(id.data, Bytes), value);
        return id;
    }

    /// <summary>The id with these bytes, 20 at most.</summary>
    public static ngtcp2_cid Make(ReadOnlySpan<byte> bytes)
    {
        ngtcp2_cid id = default;
        id.datalen = (nuint)bytes.Length;
        bytes.CopyTo(new Span<byte>(id.data, NGTCP2_MAX_CIDLEN));
        return id;
    }

    /// <summary>The number of an id of ours.</summary>
    public static ulong Read(ngtcp2_cid* id) => BinaryPrimitives.ReadUInt64BigEndian(new ReadOnlySpan<byte>(id->data, Bytes));
}
