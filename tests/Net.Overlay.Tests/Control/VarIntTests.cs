using Net.Overlay.Control;

namespace Net.Overlay.Tests.Control;

public sealed class VarIntTests
{
    // The examples of RFC 9000, A.1.
    [Theory]
    [InlineData("c2197c5eff14e88c", 151288809941952652UL)]
    [InlineData("9d7f3e7d", 494878333UL)]
    [InlineData("7bbd", 15293UL)]
    [InlineData("25", 37UL)]
    public void Numbers_are_those_of_the_specification(string bytes, ulong value)
    {
        byte[] written = new byte[8];

        Assert.Equal(bytes.Length / 2, VarInt.Write(written, value));
        Assert.Equal(bytes, Convert.ToHexStringLower(written.AsSpan(0, bytes.Length / 2)));
        Assert.True(VarInt.TryRead(Convert.FromHexString(bytes), out ulong read, out int length));
        Assert.Equal((value, bytes.Length / 2), (read, length));
        Assert.False(VarInt.TryRead(Convert.FromHexString(bytes).AsSpan()[..^1], out _, out _));
    }

    [Fact]
    public void Longer_forms_than_needed_are_read()
    {
        Assert.True(VarInt.TryRead([0x40, 37], out ulong value, out int length));
        Assert.Equal((37UL, 2), (value, length));
    }

    [Fact]
    public void Numbers_beyond_62_bits_are_not_written() => Assert.Throws<ArgumentOutOfRangeException>(() => VarInt.Write(new byte[8], VarInt.MaxValue + 1));
}
