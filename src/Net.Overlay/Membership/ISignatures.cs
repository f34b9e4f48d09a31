namespace Net.Overlay.Membership;

/// <summary>Ed25519 (RFC 8032), as somebody outside of this assembly provides it.</summary>
public interface ISignatures
{
    /// <summary>Signs a message.</summary>
    /// <param name="seed">The 32-byte private seed.</param>
    /// <param name="message">The message.</param>
    /// <param name="signature">Receives 64 bytes.</param>
    void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature);

    /// <summary>Whether a signature is of the key's owner over the message.</summary>
    /// <param name="publicKey">32 bytes.</param>
    /// <param name="message">The message.</param>
    /// <param name="signature">64 bytes.</param>
    bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    /// <summary>The public key of a seed.</summary>
    /// <param name="seed">The 32-byte private seed.</param>
    /// <param name="publicKey">Receives 32 bytes.</param>
    void GetPublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey);
}
