using System.Diagnostics.CodeAnalysis;
using Net.Overlay.Identity;

namespace Net.Overlay.Membership;

/// <summary>What everything signed has in common: a version byte, fields, and 64 bytes of signature over a domain's name and all before them. The domain keeps a
/// signature made over one kind of thing from being shown as one over another.</summary>
internal static class SignedBytes
{
    /// <summary>The version of the formats.</summary>
    public const byte Version = 1;

    /// <summary>The length of an Ed25519 signature (RFC 8032, 5.1.6).</summary>
    public const int SignatureBytes = 64;

    /// <summary>Signs a body.</summary>
    /// <exception cref="MembershipFormatException">The seed's public key is not the signer's.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> body, ReadOnlySpan<byte> signerKey, ReadOnlySpan<byte> seed, ISignatures signatures)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        Span<byte> publicKey = stackalloc byte[NodeId.PublicKeyBytes];
        signatures.GetPublicKey(seed, publicKey);
        if (!publicKey.SequenceEqual(signerKey))
        {
            throw new MembershipFormatException($"the private key belongs to {PublicKeyText.Format(publicKey)}, not to the key that should sign");
        }

        byte[] signature = new byte[SignatureBytes];
        signatures.Sign(seed, (byte[])[.. domain, .. body], signature);
        return signature;
    }

    /// <summary>Whether a signature over a body is right.</summary>
    public static bool Verify(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> body, ReadOnlySpan<byte> signerKey, ReadOnlySpan<byte> signature, ISignatures signatures) =>
        signature.Length == SignatureBytes && signatures.Verify(signerKey, (byte[])[.. domain, .. body], signature);

    /// <summary>A body and its signature.</summary>
    /// <exception cref="MembershipFormatException">There is no signature.</exception>
    public static byte[] Join(ReadOnlySpan<byte> body, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureBytes ? [.. body, .. signature] : throw new MembershipFormatException("it is not signed yet");

    /// <summary>Takes bytes apart into fields and signature.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> data, int limit, out ReadOnlySpan<byte> fields, out ReadOnlySpan<byte> signature, [NotNullWhen(false)] out string? problem)
    {
        fields = default;
        signature = default;
        problem = data.Length > limit ? $"it has {data.Length} bytes, more than {limit}"
            : data.Length < 1 + SignatureBytes ? "it is cut off"
            : data[0] != Version ? $"it is of version {data[0]}, this is version {Version}"
            : null;
        if (problem is not null)
        {
            return false;
        }

        fields = data[1..^SignatureBytes];
        signature = data[^SignatureBytes..];
        return true;
    }

    /// <summary>Throws unless a key has 32 bytes.</summary>
    public static void ThrowUnlessKey(byte[] key, string what)
    {
        if (key is not { Length: NodeId.PublicKeyBytes })
        {
            throw new MembershipFormatException($"{what} has {key?.Length ?? 0} bytes, not {NodeId.PublicKeyBytes}");
        }
    }

    /// <summary>Throws when there are too many of something.</summary>
    public static void ThrowIfMore(int count, int limit, string what)
    {
        if (count > limit)
        {
            throw new MembershipFormatException($"there are {count} {what}, more than {limit}");
        }
    }

    /// <summary>Throws when a time is before 1970.</summary>
    public static void ThrowUnlessTime(DateTimeOffset time)
    {
        if (time < DateTimeOffset.UnixEpoch)
        {
            throw new MembershipFormatException("a time before 1970 cannot be written");
        }
    }
}
