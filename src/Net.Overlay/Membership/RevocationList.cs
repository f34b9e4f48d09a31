using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Net.Overlay.Identity;

namespace Net.Overlay.Membership;

/// <summary>Which certificates and nodes a network's key has taken its word back from. A list replaces the one before it; the one with the higher sequence wins, however
/// it came. Its bytes are the version 1, fields (see help/guides/overlay-protocol.md), and the network key's signature over "netmod revocation list v1", a
/// zero byte and all that comes before the signature. It has no text form: it is kept and passed on as a file.</summary>
public sealed class RevocationList
{
    /// <summary>The most serials a list names.</summary>
    public const int MaxSerials = 16_384;

    /// <summary>The most nodes a list names.</summary>
    public const int MaxNodes = 4_096;

    /// <summary>The largest list in bytes: more than both at their limits.</summary>
    public const int MaxBytes = 272 * 1024;

    // A field has two bytes of length, so that a long list takes several of each tag, all but the last of them full.
    private const int SerialsPerField = 4096;
    private const int NodesPerField = 1024;

    private readonly ulong[] _serials;
    private readonly NodeId[] _nodes;

    /// <summary>A list without a signature.</summary>
    /// <param name="networkKey">The network's public key, 32 bytes.</param>
    /// <param name="sequence">Higher than that of every list before.</param>
    /// <param name="issuedAt">When it was made, to the second.</param>
    /// <param name="serials">Revoked certificates; the order does not matter.</param>
    /// <param name="nodes">Revoked nodes, whatever certificate they show.</param>
    /// <exception cref="MembershipFormatException">There are too many, or the key has another length.</exception>
    public RevocationList(ReadOnlySpan<byte> networkKey, ulong sequence, DateTimeOffset issuedAt, IEnumerable<ulong> serials, IEnumerable<NodeId> nodes)
        : this(networkKey.ToArray(), sequence, issuedAt, [.. serials.Distinct().Order()], [.. nodes.Distinct().Order()], [])
    {
        SignedBytes.ThrowUnlessKey(NetworkKey, "the network key");
        SignedBytes.ThrowIfMore(_serials.Length, MaxSerials, "revoked certificates");
        SignedBytes.ThrowIfMore(_nodes.Length, MaxNodes, "revoked nodes");
        SignedBytes.ThrowUnlessTime(issuedAt);
    }

    private RevocationList(byte[] networkKey, ulong sequence, DateTimeOffset issuedAt, ulong[] serials, NodeId[] nodes, byte[] signature)
    {
        NetworkKey = networkKey;
        Sequence = sequence;
        IssuedAt = issuedAt;
        Signature = signature;
        _serials = serials;
        _nodes = nodes;
    }

    private static ReadOnlySpan<byte> Domain => "netmod revocation list v1\0"u8;

    /// <summary>The network's public key, 32 bytes.</summary>
    public byte[] NetworkKey { get; }

    /// <summary>The number of the list; the higher wins.</summary>
    public ulong Sequence { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset IssuedAt { get; }

    /// <summary>Revoked certificates, ascending.</summary>
    public IReadOnlyList<ulong> Serials => _serials;

    /// <summary>Revoked nodes, ascending.</summary>
    public IReadOnlyList<NodeId> Nodes => _nodes;

    /// <summary>The signature, 64 bytes; empty before <see cref="Sign"/>.</summary>
    public byte[] Signature { get; }

    /// <summary>This list with the network key's signature.</summary>
    /// <exception cref="MembershipFormatException">The seed is another key's.</exception>
    public RevocationList Sign(ReadOnlySpan<byte> networkSeed, ISignatures signatures) =>
        new(NetworkKey, Sequence, IssuedAt, _serials, _nodes, SignedBytes.Sign(Domain, WriteBody(), NetworkKey, networkSeed, signatures));

    /// <summary>The bytes, signature included.</summary>
    /// <exception cref="MembershipFormatException">It is not signed.</exception>
    public byte[] Encode() => SignedBytes.Join(WriteBody(), Signature);

    /// <summary>Whether the list is of a network and its key signed it.</summary>
    public bool Verify(ReadOnlySpan<byte> networkKey, ISignatures signatures) =>
        networkKey.SequenceEqual(NetworkKey) && SignedBytes.Verify(Domain, WriteBody(), NetworkKey, Signature, signatures);

    /// <summary>Whether this list takes the place of another of the same network.</summary>
    public bool Replaces(RevocationList? other) => other is null || Sequence > other.Sequence;

    /// <summary>Why a certificate or its node is revoked, as a sentence, or null if it is not.</summary>
    public string? FindReason(ulong serial, NodeId node)
    {
        if (Array.BinarySearch(_serials, serial) >= 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"certificate {serial} was revoked by revocation list {Sequence}");
        }

        return Array.BinarySearch(_nodes, node) >= 0
            ? string.Create(CultureInfo.InvariantCulture, $"node {node.ToShortString()} was revoked by revocation list {Sequence}")
            : null;
    }

    /// <summary>Reads the bytes. Nothing is checked but their form: ask <see cref="Verify"/>.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="list">The list.</param>
    /// <param name="problem">What is wrong with the form, or null.</param>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out RevocationList? list, [NotNullWhen(false)] out string? problem)
    {
        list = null;
        if (!SignedBytes.TrySplit(data, MaxBytes, out ReadOnlySpan<byte> fields, out ReadOnlySpan<byte> signature, out problem))
        {
            return false;
        }

        if (!TryReadFields(fields, signature, out list, out problem))
        {
            return false;
        }

        // One content has one form: what would be written otherwise than it was read was not written by us.
        if (!list.WriteBody().AsSpan(1).SequenceEqual(fields))
        {
            list = null;
            problem = "its entries are not in order";
            return false;
        }

        return true;
    }

    private static bool TryReadFields(
        ReadOnlySpan<byte> fields, ReadOnlySpan<byte> signature, [NotNullWhen(true)] out RevocationList? list, [NotNullWhen(false)] out string? problem)
    {
        list = null;
        byte[]? networkKey = null;
        ulong? sequence = null;
        DateTimeOffset? issuedAt = null;
        List<ulong> serials = [];
        List<NodeId> nodes = [];
        var reader = new TlvReader(fields);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case Tags.NetworkKey:
                    networkKey = reader.Once(NodeId.PublicKeyBytes);
                    break;
                case Tags.Sequence:
                    sequence = reader.Number();
                    break;
                case Tags.IssuedAt:
                    issuedAt = reader.Time();
                    break;
                case >= Tags.FirstSerials and <= Tags.LastSerials when reader.Value.Length % sizeof(ulong) == 0:
                    for (int offset = 0; offset < reader.Value.Length; offset += sizeof(ulong))
                    {
                        reader.Add(serials, BinaryPrimitives.ReadUInt64BigEndian(reader.Value[offset..]), MaxSerials);
                    }

                    break;
                case >= Tags.FirstNodes and <= Tags.LastNodes when reader.Value.Length % NodeId.Bytes == 0:
                    for (int offset = 0; offset < reader.Value.Length; offset += NodeId.Bytes)
                    {
                        reader.Add(nodes, new NodeId(reader.Value.Slice(offset, NodeId.Bytes)), MaxNodes);
                    }

                    break;
                default:
                    reader.Fail($"field {reader.Tag} is not of this version");
                    break;
            }
        }

        if (reader.Problem is null && (networkKey is null || sequence is null || issuedAt is null))
        {
            reader.Fail("a field that must be there is missing");
        }

        if (!reader.Succeeded(out problem))
        {
            return false;
        }

        list = new RevocationList(networkKey!, sequence!.Value, issuedAt!.Value, [.. serials.Distinct().Order()], [.. nodes.Distinct().Order()], signature.ToArray());
        return true;
    }

    private byte[] WriteBody()
    {
        var writer = new TlvWriter();
        writer.Raw([SignedBytes.Version]);
        writer.Field(Tags.NetworkKey, NetworkKey);
        writer.Number(Tags.Sequence, Sequence);
        writer.Time(Tags.IssuedAt, IssuedAt);
        byte tag = Tags.FirstSerials;
        foreach (ulong[] part in _serials.Chunk(SerialsPerField))
        {
            byte[] bytes = new byte[part.Length * sizeof(ulong)];
            for (int index = 0; index < part.Length; index++)
            {
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(index * sizeof(ulong)), part[index]);
            }

            writer.Field(tag++, bytes);
        }

        tag = Tags.FirstNodes;
        foreach (NodeId[] part in _nodes.Chunk(NodesPerField))
        {
            byte[] bytes = new byte[part.Length * NodeId.Bytes];
            for (int index = 0; index < part.Length; index++)
            {
                part[index].CopyTo(bytes.AsSpan(index * NodeId.Bytes));
            }

            writer.Field(tag++, bytes);
        }

        return writer.Written.ToArray();
    }

    private static class Tags
    {
        public const byte NetworkKey = 1;
        public const byte Sequence = 2;
        public const byte IssuedAt = 3;
        public const byte FirstSerials = 16;
        public const byte LastSerials = 19;
        public const byte FirstNodes = 32;
        public const byte LastNodes = 35;
    }
}
