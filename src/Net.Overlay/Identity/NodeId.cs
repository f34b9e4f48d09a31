using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Net.Overlay.Identity;

/// <summary>Who a node is: SHA-256 of "netmod node" and its Ed25519 public key. The order of ids is that of their bytes; it decides wherever two nodes would do
/// the same thing at once. As text it is "nm1" and 58 characters with a checksum (Bech32m).</summary>
public readonly struct NodeId : IEquatable<NodeId>, IComparable<NodeId>
{
    /// <summary>The length of an id in bytes.</summary>
    public const int Bytes = 32;

    /// <summary>The length of an Ed25519 public key in bytes.</summary>
    public const int PublicKeyBytes = 32;

    /// <summary>The prefix of the text form.</summary>
    public const string TextPrefix = "nm";

    private const int ShortCharacters = 10;
    private const string What = "a node id";

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    /// <summary>An id of its bytes.</summary>
    /// <param name="bytes">32 bytes.</param>
    public NodeId(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Bytes);
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>The id of no node: all zero, which no key has.</summary>
    public bool IsNone => (_first | _second | _third | _fourth) == 0;

    /// <summary>The first byte of the id, by which nodes are spread over shards.</summary>
    public byte FirstByte => (byte)(_first >> 56);

    /// <summary>The id of the node with a public key.</summary>
    /// <param name="publicKey">32 bytes.</param>
    public static NodeId FromPublicKey(ReadOnlySpan<byte> publicKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(publicKey.Length, PublicKeyBytes);
        Span<byte> hash = stackalloc byte[Bytes];
        Sha256.Hash(hash, "netmod node"u8, publicKey);
        return new NodeId(hash);
    }

    /// <summary>Reads the text form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="id">The id.</param>
    /// <param name="problem">What is wrong with the text, or null.</param>
    public static bool TryParse(string? text, out NodeId id, [NotNullWhen(false)] out string? problem)
    {
        id = default;
        if (!Bech32.TryDecode(text, TextPrefix, What, out byte[]? bytes, out problem))
        {
            return false;
        }

        if (bytes.Length != Bytes)
        {
            problem = $"{What} has 61 characters, this text has {text.AsSpan().Trim().Length}";
            return false;
        }

        id = new NodeId(bytes);
        return true;
    }

    /// <summary>Reads the text form.</summary>
    public static bool TryParse(string? text, out NodeId id) => TryParse(text, out id, out _);

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is no node id; the message says why.</exception>
    public static NodeId Parse(string text) => TryParse(text, out NodeId id, out string? problem) ? id : throw new FormatException(problem);

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _fourth);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
    }

    /// <summary>The 32 bytes, in an array of the caller's own.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Bytes];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        CopyTo(bytes);
        return Bech32.Encode(TextPrefix, bytes);
    }

    /// <summary>The first ten characters of the text: enough for people to tell their nodes apart, not enough to trust.</summary>
    public string ToShortString() => ToString()[..ShortCharacters];

    /// <inheritdoc/>
    public bool Equals(NodeId other) => _first == other._first && _second == other._second && _third == other._third && _fourth == other._fourth;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NodeId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _first.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(NodeId other)
    {
        int order = _first.CompareTo(other._first);
        order = order != 0 ? order : _second.CompareTo(other._second);
        order = order != 0 ? order : _third.CompareTo(other._third);
        return order != 0 ? order : _fourth.CompareTo(other._fourth);
    }

    /// <summary>Whether two ids are the same.</summary>
    public static bool operator ==(NodeId left, NodeId right) => left.Equals(right);

    /// <summary>Whether two ids differ.</summary>
    public static bool operator !=(NodeId left, NodeId right) => !left.Equals(right);

    /// <summary>Whether the first id comes before the second.</summary>
    public static bool operator <(NodeId left, NodeId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the first id comes after the second.</summary>
    public static bool operator >(NodeId left, NodeId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the first id comes before the second or is the same.</summary>
    public static bool operator <=(NodeId left, NodeId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the first id comes after the second or is the same.</summary>
    public static bool operator >=(NodeId left, NodeId right) => left.CompareTo(right) >= 0;
}
