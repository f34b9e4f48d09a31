using Net.Overlay.Membership;

namespace Net.Engine.Overlay;

/// <summary>Ed25519 (RFC 8032) and randomness, as the host has them.</summary>
internal interface IOverlayCrypto : ISignatures
{
    /// <summary>Fills a private seed.</summary>
    /// <param name="seed">Receives 32 random bytes.</param>
    /// <exception cref="Net.Platform.NativeLibraryMissingException">The host lacks the library; the message names the package.</exception>
    void GenerateSeed(Span<byte> seed);
}
