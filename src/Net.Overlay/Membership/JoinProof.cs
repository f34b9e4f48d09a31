using System.Buffers.Binary;
using System.Security.Cryptography;
using Net.Overlay.Identity;

namespace Net.Overlay.Membership;

/// <summary>Proof of knowing an invitation's secret: HMAC-SHA-256 under the secret over "netmod join v1", a zero byte, the network's, the issuer's and the joining
/// node's public key. The secret itself is never sent, and what is sent is worth nothing to a node with another key.</summary>
public static class JoinProof
{
    /// <summary>The length of a proof in bytes.</summary>
    public const int Bytes = 32;

    private static ReadOnlySpan<byte> Domain => "netmod join v1\0"u8;

    /// <summary>The id of the invitation with a secret: eight bytes of SHA-256("netmod invitation id", secret).</summary>
    public static ulong IdOf(ReadOnlySpan<byte> secret)
    {
        Span<byte> hash = stackalloc byte[Sha256.HashBytes];
        Sha256.Hash(hash, "netmod invitation id"u8, secret);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    /// <summary>Computes a proof.</summary>
    /// <param name="secret">The invitation's secret, 16 bytes.</param>
    /// <param name="networkKey">32 bytes.</param>
    /// <param name="issuerKey">32 bytes.</param>
    /// <param name="nodeKey">32 bytes.</param>
    /// <param name="proof">Receives 32 bytes.</param>
    public static void Compute(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> networkKey, ReadOnlySpan<byte> issuerKey, ReadOnlySpan<byte> nodeKey, Span<byte> proof)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, Invitation.SecretBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(networkKey.Length, NodeId.PublicKeyBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(issuerKey.Length, NodeId.PublicKeyBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nodeKey.Length, NodeId.PublicKeyBytes);
        Sha256.Hmac(secret, (byte[])[.. Domain, .. networkKey, .. issuerKey, .. nodeKey], proof);
    }

    /// <summary>Whether a proof is right, in a time that does not depend on where it is wrong.</summary>
    public static bool Verify(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> networkKey, ReadOnlySpan<byte> issuerKey, ReadOnlySpan<byte> nodeKey, ReadOnlySpan<byte> proof)
    {
        Span<byte> expected = stackalloc byte[Bytes];
        Compute(secret, networkKey, issuerKey, nodeKey, expected);
        return CryptographicOperations.FixedTimeEquals(expected, proof);
    }
}
