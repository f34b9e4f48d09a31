using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Net.Overlay.Identity;
using Net.Overlay.Membership;

namespace Net.Engine.Overlay;

/// <summary>The old keys' word for a node's present key: up to eight statements, oldest first, each 1 byte version (1), 32 bytes old key, 32 bytes new key, 8 bytes
/// seconds since 1970 (big endian) and 64 bytes Ed25519 signature (RFC 8032) of the old key over "netmod succession v1", a zero byte and all before it. Each
/// statement's old key is the new key of the one before, so that a peer that missed rotations can still follow.</summary>
internal static class KeySuccession
{
    /// <summary>The most statements of a succession; older ones are dropped.</summary>
    public const int MaxStatements = 8;

    private const byte Version = 1;
    private const int SignedBytes = 1 + NodeId.PublicKeyBytes + NodeId.PublicKeyBytes + sizeof(ulong);
    private const int StatementBytes = SignedBytes + 64;

    private static ReadOnlySpan<byte> Domain => "netmod succession v1\0"u8;

    /// <summary>Adds a statement to a succession.</summary>
    /// <param name="before">The succession so far, or null.</param>
    /// <param name="oldSeed">The seed of the key that goes.</param>
    /// <param name="oldKey">Its public key.</param>
    /// <param name="newKey">The key that comes.</param>
    /// <param name="now">The wall clock's time.</param>
    /// <param name="signatures">Ed25519.</param>
    public static byte[] Append(byte[]? before, ReadOnlySpan<byte> oldSeed, ReadOnlySpan<byte> oldKey, ReadOnlySpan<byte> newKey, DateTimeOffset now, ISignatures signatures)
    {
        byte[] statement = new byte[StatementBytes];
        statement[0] = Version;
        oldKey.CopyTo(statement.AsSpan(1));
        newKey.CopyTo(statement.AsSpan(1 + NodeId.PublicKeyBytes));
        BinaryPrimitives.WriteInt64BigEndian(statement.AsSpan(SignedBytes - sizeof(ulong)), now.ToUnixTimeSeconds());
        signatures.Sign(oldSeed, (byte[])[.. Domain, .. statement.AsSpan(0, SignedBytes)], statement.AsSpan(SignedBytes));
        byte[] all = [.. before ?? [], .. statement];
        return all.Length > MaxStatements * StatementBytes ? all[^(MaxStatements * StatementBytes)..] : all;
    }

    /// <summary>Finds the key that vouches for a node's present key and that the caller trusts.</summary>
    /// <param name="succession">What the node showed.</param>
    /// <param name="presentKey">The key it proved.</param>
    /// <param name="isTrusted">Whether an old key is trusted.</param>
    /// <param name="signatures">Ed25519.</param>
    /// <param name="trustedKey">The trusted key.</param>
    /// <param name="problem">Why there is none, as a sentence without a full stop.</param>
    public static bool TryFollow(
        ReadOnlySpan<byte> succession, ReadOnlySpan<byte> presentKey, Func<byte[], bool> isTrusted, ISignatures signatures,
        [NotNullWhen(true)] out byte[]? trustedKey, [NotNullWhen(false)] out string? problem)
    {
        trustedKey = null;
        problem = null;
        if (succession.Length == 0 || succession.Length % StatementBytes != 0 || succession.Length > MaxStatements * StatementBytes)
        {
            problem = "the key's succession cannot be read";
            return false;
        }

        ReadOnlySpan<byte> expected = presentKey;
        for (int at = succession.Length - StatementBytes; at >= 0; at -= StatementBytes)
        {
            ReadOnlySpan<byte> statement = succession.Slice(at, StatementBytes);
            ReadOnlySpan<byte> oldKey = statement.Slice(1, NodeId.PublicKeyBytes);
            if (statement[0] != Version || !statement.Slice(1 + NodeId.PublicKeyBytes, NodeId.PublicKeyBytes).SequenceEqual(expected))
            {
                problem = "the key's succession is of another key";
                return false;
            }

            if (!signatures.Verify(oldKey, (byte[])[.. Domain, .. statement[..SignedBytes]], statement[SignedBytes..]))
            {
                problem = "a signature in the key's succession is wrong";
                return false;
            }

            byte[] candidate = oldKey.ToArray();
            if (isTrusted(candidate))
            {
                trustedKey = candidate;
                return true;
            }

            expected = oldKey;
        }

        problem = "none of the keys it had before is known here";
        return false;
    }
}
