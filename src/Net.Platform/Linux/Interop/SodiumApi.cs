using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>libsodium: signatures, AEAD and hashing outside of TLS (sodium.h). Call <see cref="SodiumLibrary.Require"/> before anything here.</summary>
internal static unsafe partial class SodiumApi
{
    internal const string SodiumFile = "libsodium.so.23";

    internal const int crypto_sign_ed25519_SEEDBYTES = 32;
    internal const int crypto_sign_ed25519_PUBLICKEYBYTES = 32;
    internal const int crypto_sign_ed25519_SECRETKEYBYTES = 64;
    internal const int crypto_sign_ed25519_BYTES = 64;
    internal const int crypto_aead_chacha20poly1305_ietf_KEYBYTES = 32;
    internal const int crypto_aead_chacha20poly1305_ietf_NPUBBYTES = 12;
    internal const int crypto_aead_chacha20poly1305_ietf_ABYTES = 16;

    [LibraryImport(SodiumFile)]
    internal static partial int sodium_init();

    [LibraryImport(SodiumFile)]
    internal static partial void sodium_memzero(void* memory, nuint length);

    [LibraryImport(SodiumFile)]
    internal static partial void randombytes_buf(void* destination, nuint length);

    [LibraryImport(SodiumFile)]
    internal static partial int crypto_sign_ed25519_seed_keypair(byte* publicKey, byte* secretKey, byte* seed);

    [LibraryImport(SodiumFile)]
    internal static partial int crypto_sign_ed25519_detached(byte* signature, ulong* signatureLength, byte* message, ulong messageLength, byte* secretKey);

    [LibraryImport(SodiumFile)]
    internal static partial int crypto_sign_ed25519_verify_detached(byte* signature, byte* message, ulong messageLength, byte* publicKey);

    [LibraryImport(SodiumFile)]
    internal static partial int crypto_aead_chacha20poly1305_ietf_encrypt(
        byte* destination, ulong* destinationLength, byte* message, ulong messageLength, byte* additional, ulong additionalLength, byte* secretNonce, byte* nonce, byte* key);

    [LibraryImport(SodiumFile)]
    internal static partial int crypto_aead_chacha20poly1305_ietf_decrypt(
        byte* destination, ulong* destinationLength, byte* secretNonce, byte* ciphertext, ulong ciphertextLength, byte* additional, ulong additionalLength, byte* nonce, byte* key);

    [LibraryImport(SodiumFile)]
    internal static partial int crypto_generichash(byte* destination, nuint length, byte* message, ulong messageLength, byte* key, nuint keyLength);
}
