using System.Net;

namespace Net.Relay.Tests;

public sealed class AddressPrefixTests
{
    [Theory]
    [InlineData("239.1.1.1", 32, true)]
    [InlineData("239.1.0.0/16", 16, false)]
    [InlineData("ff05::1", 128, true)]
    [InlineData("ff05::/16", 16, false)]
    [InlineData("0.0.0.0/0", 0, false)]
    public void A_prefix_reads_back_as_it_was_written(string text, int length, bool isExact)
    {
        AddressPrefix prefix = AddressPrefix.Parse(text);

        Assert.Equal(text, prefix.ToString());
        Assert.Equal(length, prefix.Length);
        Assert.Equal(isExact, prefix.IsExact);
    }

    [Theory]
    [InlineData("")]
    [InlineData("239.1.1")]
    [InlineData("239.1.1.1/33")]
    [InlineData("239.1.1.1/16")]
    [InlineData("239.1.0.0/-1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("ff05::/129")]
    [InlineData("group")]
    public void What_is_no_prefix_is_refused(string text)
    {
        Assert.False(AddressPrefix.TryParse(text, out _));
        Assert.Throws<FormatException>(() => AddressPrefix.Parse(text));
    }

    [Fact]
    public void A_prefix_contains_its_addresses_and_no_other()
    {
        AddressPrefix prefix = AddressPrefix.Parse("239.1.128.0/17");

        Assert.True(prefix.Contains(IPAddress.Parse("239.1.128.0")));
        Assert.True(prefix.Contains(IPAddress.Parse("239.1.255.255")));
        Assert.False(prefix.Contains(IPAddress.Parse("239.1.127.255")));
        Assert.False(prefix.Contains(IPAddress.Parse("ff05::1")));
        Assert.False(AddressPrefix.Parse("::/0").Contains(IPAddress.Parse("10.0.0.1")));
    }

    [Theory]
    [InlineData("239.0.0.0/8", "239.1.0.0/16", true)]
    [InlineData("239.1.0.0/16", "239.0.0.0/8", true)]
    [InlineData("239.1.0.0/16", "239.2.0.0/16", false)]
    [InlineData("0.0.0.0/0", "::/0", false)]
    public void Prefixes_overlap_when_one_contains_the_other(string left, string right, bool overlap) =>
        Assert.Equal(overlap, AddressPrefix.Parse(left).Overlaps(AddressPrefix.Parse(right)));

    [Theory]
    [InlineData("224.0.0.0/4", true)]
    [InlineData("224.0.0.0/3", false)]
    [InlineData("239.1.1.1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("ff00::/8", true)]
    [InlineData("ff00::/7", false)]
    [InlineData("2001:db8::1", false)]
    public void Only_prefixes_of_groups_are_multicast(string text, bool isMulticast)
    {
        bool parsed = AddressPrefix.TryParse(text, out AddressPrefix prefix);

        // ff00::/7 has a bit beyond its length, so it is no prefix at all.
        Assert.Equal(isMulticast, parsed && prefix.IsMulticast);
    }

    [Fact]
    public void Masking_clears_what_is_beyond_the_length_in_every_position()
    {
        RelayAddress all = new(ulong.MaxValue, ulong.MaxValue);

        for (int length = 0; length <= RelayAddress.Bits; length++)
        {
            RelayAddress masked = all.Mask(length);
            Assert.Equal(length, System.Numerics.BitOperations.PopCount(masked.High) + System.Numerics.BitOperations.PopCount(masked.Low));
            Assert.Equal(masked, masked.Mask(length));
        }
    }
}
