using System.Net;

namespace Net.Firewall.Tests;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.0/24", "192.0.2.0/24")]
    [InlineData("192.0.2.7/24", "192.0.2.0/24")]
    [InlineData("192.0.2.0-192.0.2.255", "192.0.2.0/24")]
    [InlineData("192.0.2.1-192.0.2.2", "192.0.2.1-192.0.2.2")]
    [InlineData("192.0.2.5-192.0.2.5", "192.0.2.5")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("0.0.0.0-255.255.255.255", "0.0.0.0/0")]
    [InlineData("255.255.255.255/32", "255.255.255.255")]
    [InlineData("2001:DB8::/32", "2001:db8::/32")]
    [InlineData("::/0", "::/0")]
    [InlineData("2001:db8::1-2001:db8::f", "2001:db8::1-2001:db8::f")]
    [InlineData("2001:db8::-2001:db8::ffff", "2001:db8::/112")]
    public void Text_is_read_and_written_in_its_shortest_form(string text, string shortest)
    {
        Assert.True(AddressRange.TryParse(text, out AddressRange range));

        Assert.Equal(shortest, range.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("any")]
    [InlineData("10.1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.1 ")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.1.2")]
    [InlineData("10.0.0.1-")]
    [InlineData("10.0.0.1-::1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::1/129")]
    [InlineData("1.2.3.4; flush ruleset")]
    [InlineData("::1\n")]
    public void What_is_not_plainly_an_address_is_refused(string text)
    {
        Assert.False(AddressRange.TryParse(text, out _));
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.False(AddressRange.TryParse(null, out _));
    }

    [Fact]
    public void A_reversed_range_is_held_and_says_so()
    {
        AddressRange range = Rules.Address("10.0.0.9-10.0.0.1");

        Assert.True(range.IsReversed);
        Assert.Null(range.PrefixLength);
    }

    [Fact]
    public void Every_prefix_length_of_both_families_survives()
    {
        for (int length = 0; length <= 128; length++)
        {
            Assert.Equal(length, new AddressRange(IPNetwork.Parse($"::/{length}")).PrefixLength);
            Assert.True(length > 32 || new AddressRange(IPNetwork.Parse($"0.0.0.0/{length}")).PrefixLength == length);
        }
    }

    [Fact]
    public void Families_do_not_contain_each_other()
    {
        AddressRange everyIPv4 = Rules.Address("0.0.0.0/0");

        Assert.True(everyIPv4.Contains(IPAddress.Parse("203.0.113.9")));
        Assert.False(everyIPv4.Contains(IPAddress.IPv6Loopback));
        Assert.NotEqual(Rules.Address("0.0.0.1"), Rules.Address("::1"));
    }

    [Fact]
    public void Addresses_of_two_families_or_with_a_zone_make_no_range()
    {
        Assert.Throws<ArgumentException>(() => new AddressRange(IPAddress.Loopback, IPAddress.IPv6Loopback));
        Assert.Throws<ArgumentException>(() => new AddressRange(IPAddress.Parse("fe80::1%3")));
        Assert.Throws<ArgumentOutOfRangeException>(() => AddressRange.FromNumbers(RuleAddressFamily.Any, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AddressRange.FromNumbers(RuleAddressFamily.IPv4, 0, UInt128.MaxValue));
    }

    [Fact]
    public void First_and_last_come_back_as_addresses()
    {
        AddressRange range = Rules.Address("2001:db8::/126");

        Assert.Equal("2001:db8::", range.FirstAddress.ToString());
        Assert.Equal("2001:db8::3", range.LastAddress.ToString());
        Assert.Equal(RuleAddressFamily.IPv6, range.Family);
    }
}
