using System.Security.Cryptography;
using Net.Overlay.Probes;

namespace Net.Overlay.Tests.Probes;

/// <summary>ChaCha20-Poly1305 of the platform's library, one object per key.</summary>
internal sealed class PlatformCipher : IProbeCipher
{
    private readonly Dictionary<string, ChaCha20Poly1305> _ciphers = [];

    /// <summary>The kind of the probe sealed last.</summary>
    public ProbeKind LastSealed { get; private set; }

    public int Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        LastSealed = (ProbeKind)plaintext[0];
        For(key).Encrypt(nonce, plaintext, destination[..plaintext.Length], destination.Slice(plaintext.Length, 16), aad);
        return plaintext.Length + 16;
    }

    public bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> ciphertext, Span<byte> destination)
    {
        try
        {
            For(key).Decrypt(nonce, ciphertext[..^16], ciphertext[^16..], destination, aad);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private ChaCha20Poly1305 For(ReadOnlySpan<byte> key)
    {
        string name = Convert.ToHexString(key);
        if (!_ciphers.TryGetValue(name, out ChaCha20Poly1305? cipher))
        {
            cipher = new ChaCha20Poly1305(key);
            _ciphers.Add(name, cipher);
        }

        return cipher;
    }
}
