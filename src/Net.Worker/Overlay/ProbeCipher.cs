using Net.Overlay.Probes;
using Net.Platform.Linux;

namespace Net.Worker.Overlay;

/// <summary>The cipher of sealed probes, from libsodium.</summary>
internal sealed class ProbeCipher : IProbeCipher
{
    /// <summary>It has no state.</summary>
    public static ProbeCipher Instance { get; } = new();

    /// <inheritdoc />
    public int Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext, Span<byte> destination) =>
        ChaCha20Poly1305Ietf.Seal(key, nonce, aad, plaintext, destination);

    /// <inheritdoc />
    public bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> ciphertext, Span<byte> destination) =>
        ChaCha20Poly1305Ietf.TryOpen(key, nonce, aad, ciphertext, destination);
}
