using System.Runtime.Versioning;
using Net.Engine.Overlay;
using Net.Platform.Linux;

namespace Net.Service.Overlay;

/// <summary>Ed25519 of libsodium.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SodiumCrypto : IOverlayCrypto
{
    /// <inheritdoc />
    public void GenerateSeed(Span<byte> seed) => Ed25519.GenerateSeed(seed);

    /// <inheritdoc />
    public void GetPublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey) => Ed25519.GetPublicKey(seed, publicKey);

    /// <inheritdoc />
    public void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature) => Ed25519.Sign(seed, message, signature);

    /// <inheritdoc />
    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Ed25519.Verify(publicKey, message, signature);
}
