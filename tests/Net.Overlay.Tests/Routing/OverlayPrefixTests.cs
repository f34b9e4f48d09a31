using Net.Overlay.Routing;

namespace Net.Overlay.Tests.Routing;

public sealed class OverlayPrefixTests
{
    [Theory]
    [InlineData("10.1.0.0/16", "10.1.0.0/16")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("100.64.0.7", "100.64.0.7/32")]
    [InlineData("fd00::/8", "fd00::/8")]
    [InlineData("FD12:0::1", "fd12::1/128")]
    [InlineData("::/0", "::/0")]
    public void A_prefix_is_read_and_written(string text, string written)
    {
        OverlayPrefix prefix = OverlayPrefix.Parse(text);

        Assert.Equal(written, prefix.ToString());
        Assert.Equal(prefix, OverlayPrefix.Parse(written));
    }

    [Theory]
    [InlineData("", "is not a prefix")]
    [InlineData("10.1", "is not a prefix")]
    [InlineData("010.0.0.1/32", "is not a prefix")]
    [InlineData("fe80::1%1/64", "is not a prefix")]
    [InlineData("10.0.0.0/33", "from 0 to 32")]
    [InlineData("10.0.0.0/-1", "from 0 to 32")]
    [InlineData("10.0.0.0/ 8", "from 0 to 32")]
    [InlineData("fd00::/129", "from 0 to 128")]
    [InlineData("10.1.2.3/16", "the prefix is 10.1.0.0/16")]
    public void What_is_no_prefix_is_refused_with_the_reason(string text, string reason)
    {
        FormatException failure = Assert.Throws<FormatException>(() => OverlayPrefix.Parse(text));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.False(OverlayPrefix.TryParse(text, out _));
    }

    [Fact]
    public void Families_are_kept_apart()
    {
        OverlayPrefix ipv4 = OverlayPrefix.Parse("0.0.0.0/0");
        OverlayPrefix ipv6 = OverlayPrefix.Parse("::/0");

        Assert.NotEqual(ipv4, ipv6);
        Assert.False(ipv4.Contains(new byte[16]));
        Assert.False(ipv6.Contains(new byte[4]));
        Assert.False(ipv4.Contains(in ipv6));
    }

    [Fact]
    public void A_prefix_holds_its_addresses_and_longer_prefixes()
    {
        OverlayPrefix prefix = OverlayPrefix.Parse("10.1.0.0/16");

        Assert.True(prefix.Contains([10, 1, 255, 255]));
        Assert.False(prefix.Contains([10, 2, 0, 0]));
        Assert.True(prefix.Contains(OverlayPrefix.Parse("10.1.128.0/17")));
        Assert.False(prefix.Contains(OverlayPrefix.Parse("10.0.0.0/8")));
    }

    [Fact]
    public void An_address_of_no_family_makes_no_prefix()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OverlayPrefix([1, 2, 3], 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OverlayPrefix([1, 2, 3, 4], 33));
    }
}
