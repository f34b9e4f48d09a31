using System.Security.Cryptography;
using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>AES-128-GCM by the accelerating library, against published answers and against another implementation.</summary>
public sealed unsafe class AeadTests
{
    // Test cases 1 to 4 of "The Galois/Counter Mode of Operation" (McGrew and Viega), which NIST SP 800-38D refers to: key, nonce, additional data, text, sealed text with its tag.
    public static TheoryData<string, string, string, string, string> KnownAnswers => new()
    {
        { "00000000000000000000000000000000", "000000000000000000000000", "", "", "58e2fccefa7e3061367f1d57a4e7455a" },
        {
            "00000000000000000000000000000000", "000000000000000000000000", "", "00000000000000000000000000000000",
            "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf"
        },
        {
            "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f59854d5c2af327cd64a62cf35abd2ba6fab4"
        },
        {
            "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47"
        },
    };

    [Theory]
    [MemberData(nameof(KnownAnswers))]
    public void Published_messages_are_sealed_and_opened_as_published(string key, string nonce, string additional, string text, string expected)
    {
        RequireLibrary();
        using var aead = new Key(Convert.FromHexString(key));

        byte[] sealedText = aead.Seal(Convert.FromHexString(nonce), Convert.FromHexString(additional), Convert.FromHexString(text));
        byte[]? opened = aead.Open(Convert.FromHexString(nonce), Convert.FromHexString(additional), sealedText);

        Assert.Equal(expected, Convert.ToHexStringLower(sealedText));
        Assert.Equal(text, Convert.ToHexStringLower(opened!));
    }

    [Fact]
    public void Random_messages_of_all_sizes_are_sealed_and_opened_as_another_library_does()
    {
        RequireLibrary();
        var random = new Random(20261126);
        for (int round = 0; round < 2000; round++)
        {
            byte[] key = Bytes(random, 16);
            byte[] nonce = Bytes(random, 12);
            byte[] additional = Bytes(random, random.Next(0, 65));
            byte[] text = Bytes(random, round < 600 ? round : random.Next(0, 9001));
            using var aead = new Key(key);
            using var other = new AesGcm(key, AeadLibrary.TagBytes);
            byte[] expected = new byte[text.Length + AeadLibrary.TagBytes];
            other.Encrypt(nonce, text, expected.AsSpan(0, text.Length), expected.AsSpan(text.Length), additional);

            byte[] sealedText = aead.Seal(nonce, additional, text);

            Assert.Equal(expected, sealedText);
            Assert.Equal(text, aead.Open(nonce, additional, sealedText));
        }
    }

    [Fact]
    public void A_message_with_any_bit_changed_is_refused_and_leaves_no_text()
    {
        RequireLibrary();
        var random = new Random(7);
        byte[] nonce = Bytes(random, 12);
        byte[] additional = Bytes(random, 11);
        using var aead = new Key(Bytes(random, 16));
        byte[] sealedText = aead.Seal(nonce, additional, Bytes(random, 40));
        for (int bit = 0; bit < sealedText.Length * 8; bit++)
        {
            byte[] changed = [.. sealedText];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Null(aead.Open(nonce, additional, changed));
            Assert.Equal(new byte[40], aead.Text);
        }

        for (int bit = 0; bit < additional.Length * 8; bit++)
        {
            byte[] changed = [.. additional];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Null(aead.Open(nonce, changed, sealedText));
        }

        Assert.Null(aead.Open(Bytes(random, 12), additional, sealedText));
        Assert.NotNull(aead.Open(nonce, additional, sealedText));
    }

    [Fact]
    public void A_message_shorter_than_its_tag_is_refused()
    {
        RequireLibrary();
        using var aead = new Key(new byte[16]);

        Assert.All(Enumerable.Range(0, 16), length => Assert.Null(aead.Open(new byte[12], [], new byte[length])));
    }

    [Fact]
    public void A_message_is_sealed_and_opened_in_place()
    {
        RequireLibrary();
        var random = new Random(8);
        foreach (int length in (int[])[0, 1, 15, 16, 17, 63, 255, 256, 257, 1420])
        {
            byte[] text = Bytes(random, length);
            byte[] place = [.. text, .. new byte[16]];
            byte[] nonce = Bytes(random, 12);
            using var aead = new Key(Bytes(random, 16));
            byte[] expected = aead.Seal(nonce, [1, 2, 3], text);
            byte[] additional = [1, 2, 3];
            bool isGenuine;
            fixed (byte* bytes = place)
            fixed (byte* nonceBytes = nonce)
            fixed (byte* additionalBytes = additional)
            {
                AeadKey.Seal(aead.Handle, bytes, bytes, (nuint)length, nonceBytes, additionalBytes, 3);
                Assert.Equal(expected, place);
                isGenuine = AeadKey.Open(aead.Handle, bytes, bytes, (nuint)place.Length, nonceBytes, additionalBytes, 3);
            }

            Assert.True(isGenuine);
            Assert.Equal(text, place[..length]);
        }
    }

    [Fact]
    public void Handles_of_ours_are_told_from_addresses()
    {
        RequireLibrary();
        using var aead = new Key(new byte[16]);

        Assert.True(AeadKey.IsOurs(aead.Handle));
        Assert.False(AeadKey.IsOurs(aead.Handle - 1));
        Assert.False(AeadKey.IsOurs(0));
    }

    internal static void RequireLibrary() => Assert.SkipUnless(AeadLibrary.IsAvailable, "needs libipsec-mb2, or libipsec-mb1 from 1.3 on");

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private sealed class Key : IDisposable
    {
        public Key(byte[] key)
        {
            fixed (byte* bytes = key)
            {
                Handle = AeadKey.Make(bytes);
            }
        }

        public nint Handle { get; }

        /// <summary>What the last opening left behind.</summary>
        public byte[] Text { get; private set; } = [];

        public byte[] Seal(byte[] nonce, byte[] additional, byte[] text)
        {
            byte[] sealedText = new byte[text.Length + AeadLibrary.TagBytes];
            fixed (byte* target = sealedText)
            fixed (byte* source = text)
            fixed (byte* nonceBytes = nonce)
            fixed (byte* additionalBytes = additional)
            {
                AeadKey.Seal(Handle, target, source, (nuint)text.Length, nonceBytes, additionalBytes, (nuint)additional.Length);
            }

            return sealedText;
        }

        public byte[]? Open(byte[] nonce, byte[] additional, byte[] sealedText)
        {
            // One byte more, so that there is an address for an empty text too.
            byte[] text = new byte[Math.Max(0, sealedText.Length - AeadLibrary.TagBytes) + 1];
            Array.Fill(text, (byte)0xee);
            bool isGenuine;
            fixed (byte* target = text)
            fixed (byte* source = sealedText)
            fixed (byte* nonceBytes = nonce)
            fixed (byte* additionalBytes = additional)
            {
                isGenuine = AeadKey.Open(Handle, target, source, (nuint)sealedText.Length, nonceBytes, additionalBytes, (nuint)additional.Length);
            }

            Assert.Equal(0xee, text[^1]);
            Text = text[..^1];
            return isGenuine ? Text : null;
        }

        public void Dispose() => AeadKey.Free(Handle);
    }
}
