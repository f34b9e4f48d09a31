using System.Text;
using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>Signatures and AEAD against the vectors of their RFCs.</summary>
public sealed class CryptoTests
{
    [Theory]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    public void Ed25519_is_as_RFC_8032_says(string seed, string publicKey, string message, string signature)
    {
        byte[] key = new byte[32];
        byte[] signed = new byte[64];

        Ed25519.GetPublicKey(Convert.FromHexString(seed), key);
        Ed25519.Sign(Convert.FromHexString(seed), Convert.FromHexString(message), signed);

        Assert.Equal(publicKey, Convert.ToHexStringLower(key));
        Assert.Equal(signature, Convert.ToHexStringLower(signed));
        Assert.True(Ed25519.Verify(key, Convert.FromHexString(message), signed));
    }

    [Fact]
    public void A_signature_is_for_one_message_and_one_key()
    {
        byte[] seed = new byte[32];
        byte[] key = new byte[32];
        byte[] signature = new byte[64];
        Ed25519.GenerateSeed(seed);
        Ed25519.GetPublicKey(seed, key);
        Ed25519.Sign(seed, "message"u8, signature);
        byte[] otherKey = new byte[32];
        Ed25519.GetPublicKey(QuicPair.Seed(3), otherKey);

        Assert.True(Ed25519.Verify(key, "message"u8, signature));
        Assert.False(Ed25519.Verify(key, "messagf"u8, signature));
        Assert.False(Ed25519.Verify(otherKey, "message"u8, signature));
        Assert.False(Ed25519.Verify(key, "message"u8, signature.AsSpan(0, 63)));
        Assert.False(Ed25519.Verify(key.AsSpan(0, 31), "message"u8, signature));
        signature[10] ^= 1;
        Assert.False(Ed25519.Verify(key, "message"u8, signature));
    }

    [Fact]
    public void Seeds_are_random_and_wrong_lengths_are_refused()
    {
        byte[] first = new byte[32];
        byte[] second = new byte[32];
        Ed25519.GenerateSeed(first);
        Ed25519.GenerateSeed(second);

        Assert.NotEqual(first, second);
        Assert.Throws<ArgumentException>(() => Ed25519.GenerateSeed(new byte[31]));
        Assert.Throws<ArgumentException>(() => Ed25519.Sign(first, default, new byte[63]));
        Assert.Throws<ArgumentException>(() => Ed25519.GetPublicKey(first, new byte[33]));
    }

    [Fact]
    public void The_AEAD_is_as_RFC_8439_says()
    {
        byte[] key = [.. Enumerable.Range(0x80, 32).Select(value => (byte)value)];
        byte[] nonce = Convert.FromHexString("070000004041424344454647");
        byte[] additional = Convert.FromHexString("50515253c0c1c2c3c4c5c6c7");
        byte[] text = Encoding.ASCII.GetBytes("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.");
        byte[] sealedText = new byte[text.Length + 16];

        int written = ChaCha20Poly1305Ietf.Seal(key, nonce, additional, text, sealedText);

        Assert.Equal(text.Length + 16, written);
        Assert.StartsWith("d31a8d34648e60db7b86afbc53ef7ec2", Convert.ToHexStringLower(sealedText), StringComparison.Ordinal);
        Assert.EndsWith("1ae10b594f09e26a7e902ecbd0600691", Convert.ToHexStringLower(sealedText), StringComparison.Ordinal);
        byte[] opened = new byte[text.Length];
        Assert.True(ChaCha20Poly1305Ietf.TryOpen(key, nonce, additional, sealedText, opened));
        Assert.Equal(text, opened);
    }

    [Fact]
    public void What_was_changed_does_not_open()
    {
        byte[] key = QuicPair.Seed(1);
        byte[] nonce = new byte[12];
        byte[] packet = new byte[36];
        ChaCha20Poly1305Ietf.Seal(key, nonce, "head"u8, new byte[20], packet);
        byte[] opened = new byte[20];

        Assert.False(ChaCha20Poly1305Ietf.TryOpen(key, nonce, "heae"u8, packet, opened));
        Assert.False(ChaCha20Poly1305Ietf.TryOpen(QuicPair.Seed(2), nonce, "head"u8, packet, opened));
        Assert.False(ChaCha20Poly1305Ietf.TryOpen(key, nonce, "head"u8, packet.AsSpan(0, 15), opened));
        for (int index = 0; index < packet.Length; index++)
        {
            packet[index] ^= 1;
            Assert.False(ChaCha20Poly1305Ietf.TryOpen(key, nonce, "head"u8, packet, opened));
            packet[index] ^= 1;
        }

        Assert.True(ChaCha20Poly1305Ietf.TryOpen(key, nonce, "head"u8, packet, opened));
    }

    [Fact]
    public void An_empty_text_is_only_its_tag_and_sealing_in_place_works()
    {
        byte[] key = QuicPair.Seed(1);
        byte[] nonce = new byte[12];
        byte[] tag = new byte[16];
        Assert.Equal(16, ChaCha20Poly1305Ietf.Seal(key, nonce, "head"u8, default, tag));
        Assert.True(ChaCha20Poly1305Ietf.TryOpen(key, nonce, "head"u8, tag, default));
        tag[0] ^= 1;
        Assert.False(ChaCha20Poly1305Ietf.TryOpen(key, nonce, "head"u8, tag, default));
        byte[] place = new byte[26];
        place.AsSpan(0, 10).Fill(7);
        ChaCha20Poly1305Ietf.Seal(key, nonce, default, place.AsSpan(0, 10), place);
        Assert.True(ChaCha20Poly1305Ietf.TryOpen(key, nonce, default, place, place));
        Assert.False(place.AsSpan(0, 10).ContainsAnyExcept((byte)7));
        Assert.Throws<ArgumentException>(() => ChaCha20Poly1305Ietf.Seal(key, nonce, default, place, place));
        Assert.Throws<ArgumentException>(() => ChaCha20Poly1305Ietf.Seal(key, nonce.AsSpan(1), default, default, place));
        Assert.Throws<ArgumentException>(() => ChaCha20Poly1305Ietf.TryOpen(key.AsSpan(1), nonce, default, place, place));
    }

    [Fact]
    public void A_missing_library_is_told_with_the_packages_to_install()
    {
        var exception = new NativeLibraryMissingException(["libngtcp2.so.16", "libgnutls.so.30"], ["libngtcp2-16", "libgnutls30"]);

        Assert.StartsWith("This host lacks libngtcp2.so.16 and libgnutls.so.30, which encryption between peers needs. Install libngtcp2-16 libgnutls30 ", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["libngtcp2-16", "libgnutls30"], exception.Packages);
    }
}
