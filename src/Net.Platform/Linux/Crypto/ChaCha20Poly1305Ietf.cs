using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>ChaCha20-Poly1305 with 12-byte nonces (RFC 8439) by libsodium. A nonce must never be used twice with one key. Both members throw <see cref="NativeLibraryMissingException"/> without libsodium.</summary>
[SupportedOSPlatform("linux")]
public static unsafe class ChaCha20Poly1305Ietf
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = SodiumApi.crypto_aead_chacha20poly1305_ietf_KEYBYTES;

    /// <summary>Bytes of a nonce.</summary>
    public const int NonceBytes = SodiumApi.crypto_aead_chacha20poly1305_ietf_NPUBBYTES;

    /// <summary>Bytes of the tag that sealing appends.</summary>
    public const int TagBytes = SodiumApi.crypto_aead_chacha20poly1305_ietf_ABYTES;

    /// <summary>Encrypts and authenticates. Source and destination may be the same memory.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 bytes, never used before with this key.</param>
    /// <param name="additional">Bytes that are authenticated but not encrypted.</param>
    /// <param name="plaintext">What is encrypted.</param>
    /// <param name="destination">Takes the ciphertext with its tag: 16 bytes more than the plaintext.</param>
    /// <returns>Bytes written.</returns>
    public static int Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> additional, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        RequireKeyAndNonce(key, nonce);
        if (destination.Length < plaintext.Length + TagBytes)
        {
            throw new ArgumentException($"Needs {plaintext.Length + TagBytes} bytes, has {destination.Length}.", nameof(destination));
        }

        SodiumLibrary.Require();
        ulong written = 0;
        fixed (byte* keyBytes = key)
        fixed (byte* nonceBytes = nonce)
        fixed (byte* additionalBytes = additional)
        fixed (byte* source = plaintext)
        fixed (byte* target = destination)
        {
            _ = SodiumApi.crypto_aead_chacha20poly1305_ietf_encrypt(
                target, &written, source, (ulong)plaintext.Length, additionalBytes, (ulong)additional.Length, null, nonceBytes, keyBytes);
        }

        return (int)written;
    }

    /// <summary>Checks and decrypts what <see cref="Seal"/> made. Nothing is written unless all of it is authentic.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="additional">The bytes that were authenticated along.</param>
    /// <param name="ciphertext">The ciphertext with its tag.</param>
    /// <param name="destination">Takes the plaintext: 16 bytes less than the ciphertext.</param>
    /// <returns>False when it is not authentic or too short to be.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> additional, ReadOnlySpan<byte> ciphertext, Span<byte> destination)
    {
        RequireKeyAndNonce(key, nonce);
        SodiumLibrary.Require();
        if (ciphertext.Length < TagBytes)
        {
            return false;
        }

        if (destination.Length < ciphertext.Length - TagBytes)
        {
            throw new ArgumentException($"Needs {ciphertext.Length - TagBytes} bytes, has {destination.Length}.", nameof(destination));
        }

        fixed (byte* keyBytes = key)
        fixed (byte* nonceBytes = nonce)
        fixed (byte* additionalBytes = additional)
        fixed (byte* source = ciphertext)
        fixed (byte* target = destination)
        {
            // libsodium only checks, and gives no plaintext, without a target: an empty plaintext has none.
            ulong written = 0;
            byte none = 0;
            return SodiumApi.crypto_aead_chacha20poly1305_ietf_decrypt(
                target == null ? &none : target, &written, null, source, (ulong)ciphertext.Length, additionalBytes, (ulong)additional.Length, nonceBytes, keyBytes) == 0;
        }
    }

    private static void RequireKeyAndNonce(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce)
    {
        if (key.Length != KeyBytes)
        {
            throw new ArgumentException($"Must be {KeyBytes} bytes, is {key.Length}.", nameof(key));
        }

        if (nonce.Length != NonceBytes)
        {
            throw new ArgumentException($"Must be {NonceBytes} bytes, is {nonce.Length}.", nameof(nonce));
        }
    }
}
