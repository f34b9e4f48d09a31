using System.Security.Cryptography;
using Net.Overlay.Membership;

namespace Net.Overlay.Tests.Membership;

/// <summary>Signatures as keyed hashes: whoever has signed once is known by its seed afterwards. The real ones are tested where they are bound.</summary>
internal sealed class KeyedSignatures : ISignatures
{
    private readonly Dictionary<string, byte[]> _seeds = [];

    public static byte[] Seed(byte value) => [.. Enumerable.Repeat(value, 32)];

    public byte[] PublicKey(byte[] seed)
    {
        byte[] key = new byte[32];
        GetPublicKey(seed, key);
        return key;
    }

    public void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature) => HMACSHA512.HashData(seed, message, signature);

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        _seeds.TryGetValue(Convert.ToHexString(publicKey), out byte[]? seed) && signature.SequenceEqual(HMACSHA512.HashData(seed, message));

    public void GetPublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        SHA256.HashData(seed, publicKey);
        _seeds[Convert.ToHexString(publicKey)] = seed.ToArray();
    }
}
