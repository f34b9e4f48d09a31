namespace Net.Overlay.Probes;

/// <summary>ChaCha20-Poly1305 (RFC 8439) as somebody outside of this assembly provides it.</summary>
public interface IProbeCipher
{
    /// <summary>Encrypts and authenticates.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 bytes, never used twice with a key.</param>
    /// <param name="aad">What is authenticated but not encrypted.</param>
    /// <param name="plaintext">What is encrypted.</param>
    /// <param name="destination">Receives as many bytes and 16 more.</param>
    /// <returns>How many bytes were written.</returns>
    int Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext, Span<byte> destination);

    /// <summary>Decrypts what is authentic.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="aad">What is authenticated but not encrypted.</param>
    /// <param name="ciphertext">What was sealed, its 16 bytes of tag at the end.</param>
    /// <param name="destination">Receives 16 bytes less.</param>
    /// <returns>False when it is not authentic; the destination then means nothing.</returns>
    bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> ciphertext, Span<byte> destination);
}
