namespace Net.Packets.Tests;

public sealed class InternetChecksumTests
{
    [Fact]
    public void The_example_of_RFC_1071_comes_out()
    {
        // Section 3: the sum is ddf2; the checksum is its complement.
        Assert.Equal(0x220d, InternetChecksum.Compute([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]));
    }

    [Theory]
    [InlineData(new byte[] { }, 0xffff)]
    [InlineData(new byte[] { 0x01 }, 0xfeff)]
    [InlineData(new byte[] { 0xff, 0xff }, 0x0000)]
    [InlineData(new byte[] { 0x12, 0x34, 0x56 }, 0x97cb)]
    public void Short_and_odd_lengths_count(byte[] data, int expected) => Assert.Equal(expected, InternetChecksum.Compute(data));

    [Fact]
    public void It_agrees_with_the_plain_definition_at_every_length()
    {
        var random = new Random(1071);
        for (int length = 0; length < 200; length++)
        {
            byte[] data = new byte[length];
            random.NextBytes(data);

            Assert.Equal(Plain(data), InternetChecksum.Compute(data));
        }
    }

    [Fact]
    public void Many_full_words_do_not_overflow()
    {
        byte[] data = new byte[65_535];
        Array.Fill(data, (byte)0xff);

        Assert.Equal(Plain(data), InternetChecksum.Compute(data));
    }

    [Fact]
    public void The_IPv6_pseudo_header_counts()
    {
        byte[] source = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        byte[] destination = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
        byte[] echo = [128, 0, 0, 0, 0x12, 0x34, 0, 1];
        byte[] whole = [.. source, .. destination, 0, 0, 0, 8, 0, 0, 0, 58, .. echo];

        Assert.Equal(Plain(whole), InternetChecksum.ComputeIpv6(source, destination, 58, echo));
    }

    private static ushort Plain(ReadOnlySpan<byte> data)
    {
        uint sum = 0;
        for (int i = 0; i < data.Length; i += 2)
        {
            sum += (uint)(data[i] << 8) | (i + 1 < data.Length ? data[i + 1] : (uint)0);
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
