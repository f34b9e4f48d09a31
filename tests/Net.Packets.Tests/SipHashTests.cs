namespace Net.Packets.Tests;

public sealed class SipHashTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 16).Select(value => (byte)value)];

    // From the reference implementation's vectors_sip128: the input is the bytes 0, 1, 2, ... of the length given.
    [Theory]
    [InlineData(0, "a3817f04ba25a8e66df67214c7550293")]
    [InlineData(1, "da87c1d86b99af44347659119b22fc45")]
    [InlineData(2, "8177228da4a45dc7fca38bdef60affe4")]
    [InlineData(3, "9c70b60c5267a94e5f33b6b02985ed51")]
    public void Hashes_as_the_reference_implementation_does(int length, string expected)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(value => (byte)value)];
        byte[] hash = new byte[SipHash.HashBytes];

        SipHash.Compute(Key, data, hash);

        Assert.Equal(expected, Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void Every_single_bit_of_the_input_counts()
    {
        byte[] data = new byte[100];
        var seen = new HashSet<string>();
        for (int bit = 0; bit < data.Length * 8; bit++)
        {
            data[bit / 8] ^= (byte)(1 << (bit % 8));
            byte[] hash = new byte[SipHash.HashBytes];
            SipHash.Compute(Key, data, hash);
            seen.Add(Convert.ToHexStringLower(hash));
            data[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(data.Length * 8, seen.Count);
    }

    [Fact]
    public void Another_key_gives_another_hash()
    {
        byte[] first = new byte[SipHash.HashBytes];
        byte[] second = new byte[SipHash.HashBytes];

        SipHash.Compute(Key, "content"u8, first);
        SipHash.Compute(new byte[SipHash.KeyBytes], "content"u8, second);

        Assert.NotEqual(first, second);
    }

    [Fact]
    public void A_key_of_another_length_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SipHash.Compute(new byte[15], "x"u8, new byte[SipHash.HashBytes]));
}
