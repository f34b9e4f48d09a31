using System.Security.Cryptography;
using System.Text;
using Net.Overlay.Identity;

namespace Net.Overlay.Tests.Identity;

public sealed class Sha256Tests
{
    [Fact]
    public void Hashes_of_every_length_around_a_block_equal_those_of_the_platform()
    {
        byte[] data = new byte[300];
        new Random(1).NextBytes(data);
        byte[] hash = new byte[32];

        for (int length = 0; length <= data.Length; length++)
        {
            Sha256.Hash(hash, default, data.AsSpan(0, length));

            Assert.Equal(SHA256.HashData(data.AsSpan(0, length)), hash);
        }
    }

    [Fact]
    public void Parts_are_hashed_one_after_the_other()
    {
        byte[] hash = new byte[32];

        Sha256.Hash(hash, "net"u8, "mod "u8, "no"u8, "de"u8);

        Assert.Equal(SHA256.HashData("netmod node"u8), hash);
    }

    [Fact]
    public void The_keyed_hash_equals_the_platforms()
    {
        byte[] key = Encoding.ASCII.GetBytes("sixteen byte key");
        byte[] mac = new byte[32];

        Sha256.Hmac(key, "what is authenticated"u8, mac);

        Assert.Equal(HMACSHA256.HashData(key, "what is authenticated"u8), mac);
    }
}
