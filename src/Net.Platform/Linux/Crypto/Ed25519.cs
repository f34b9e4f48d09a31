using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Ed25519 signatures (RFC 8032) by libsodium. Private keys are handled as their 32-byte seeds. All members throw <see cref="NativeLibraryMissingException"/> without libsodium.</summary>
[SupportedOSPlatform("linux")]
public static unsafe class Ed25519
{
    /// <summary>Bytes of a seed, which is the private key as RFC 8032 5.1.5 defines it.</summary>
    public const int SeedBytes = SodiumApi.crypto_sign_ed25519_SEEDBYTES;

    /// <summary>Bytes of a public key.</summary>
    public const int PublicKeyBytes = SodiumApi.crypto_sign_ed25519_PUBLICKEYBYTES;

    /// <summary>Bytes of a signature.</summary>
    public const int SignatureBytes = SodiumApi.crypto_sign_ed25519_BYTES;

    /// <summary>Fills a buffer with a new random seed. The caller keeps it secret and clears it.</summary>
    /// <param name="seed">32 bytes.</param>
    public static void GenerateSeed(Span<byte> seed)
    {
        RequireLength(seed.Length, SeedBytes, nameof(seed));
        SodiumLibrary.Require();
        fixed (byte* bytes = seed)
        {
            SodiumApi.randombytes_buf(bytes, SeedBytes);
        }
    }

    /// <summary>Derives the public key of a seed.</summary>
    /// <param name="seed">32 bytes.</param>
    /// <param name="publicKey">Takes 32 bytes.</param>
    public static void GetPublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        RequireLength(seed.Length, SeedBytes, nameof(seed));
        RequireLength(publicKey.Length, PublicKeyBytes, nameof(publicKey));
        SodiumLibrary.Require();
        byte* secretKey = stackalloc byte[SodiumApi.crypto_sign_ed25519_SECRETKEYBYTES];
        fixed (byte* seedBytes = seed)
        fixed (byte* publicBytes = publicKey)
        {
            _ = SodiumApi.crypto_sign_ed25519_seed_keypair(publicBytes, secretKey, seedBytes);
        }

        SodiumApi.sodium_memzero(secretKey, SodiumApi.crypto_sign_ed25519_SECRETKEYBYTES);
    }

    /// <summary>Signs a message.</summary>
    /// <param name="seed">32 bytes.</param>
    /// <param name="message">What is signed; may be empty.</param>
    /// <param name="signature">Takes 64 bytes.</param>
    public static void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        RequireLength(seed.Length, SeedBytes, nameof(seed));
        RequireLength(signature.Length, SignatureBytes, nameof(signature));
        SodiumLibrary.Require();
        byte* secretKey = stackalloc byte[SodiumApi.crypto_sign_ed25519_SECRETKEYBYTES];
        byte* publicKey = stackalloc byte[PublicKeyBytes];
        fixed (byte* seedBytes = seed)
        fixed (byte* messageBytes = message)
        fixed (byte* signatureBytes = signature)
        {
            _ = SodiumApi.crypto_sign_ed25519_seed_keypair(publicKey, secretKey, seedBytes);
            _ = SodiumApi.crypto_sign_ed25519_detached(signatureBytes, null, messageBytes, (ulong)message.Length, secretKey);
        }

        SodiumApi.sodium_memzero(secretKey, SodiumApi.crypto_sign_ed25519_SECRETKEYBYTES);
    }

    /// <summary>Whether a signature is by the owner of a public key. Lengths that are no key or no signature are answered with false: they come from outside.</summary>
    /// <param name="publicKey">The signer's public key.</param>
    /// <param name="message">What was signed.</param>
    /// <param name="signature">The signature.</param>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        SodiumLibrary.Require();
        if (publicKey.Length != PublicKeyBytes || signature.Length != SignatureBytes)
        {
            return false;
        }

        fixed (byte* publicBytes = publicKey)
        fixed (byte* messageBytes = message)
        fixed (byte* signatureBytes = signature)
        {
            return SodiumApi.crypto_sign_ed25519_verify_detached(signatureBytes, messageBytes, (ulong)message.Length, publicBytes) == 0;
        }
    }

    private static void RequireLength(int length, int expected, string name)
    {
        if (length != expected)
        {
            throw new ArgumentException($"Must be {expected} bytes, is {length}.", name);
        }
    }
}
