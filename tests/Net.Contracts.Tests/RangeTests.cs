using Net.Contracts.Json;
using System.Text;
using System.Text.Json;

namespace Net.Contracts.Tests;

public sealed class RangeTests
{
    [Theory]
    [InlineData("443", "443", 443, 443)]
    [InlineData("0", "0", 0, 0)]
    [InlineData("65535", "65535", 65535, 65535)]
    [InlineData("8000-8010", "8000-8010", 8000, 8010)]
    [InlineData(" 80 - 90 ", "80-90", 80, 90)]
    [InlineData("5-5", "5", 5, 5)]
    public void Ports_and_their_ranges_are_read(string text, string written, int first, int last)
    {
        var range = PortRange.Parse(text);
        Assert.Equal((first, last, written), (range.First, range.Last, range.ToString()));
        Assert.Equal(range, PortRange.Parse(range.ToString()));
        Assert.Equal(range, PortRange.Parse(Encoding.UTF8.GetBytes(text), null));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData("-1")]
    [InlineData("65536")]
    [InlineData("90-80")]
    [InlineData("1-2-3")]
    [InlineData("+1")]
    [InlineData("http")]
    [InlineData("1,2")]
    [InlineData("0x10")]
    public void What_is_no_port_is_refused(string text)
    {
        Assert.False(PortRange.TryParse(text, null, out _));
        Assert.False(PortRange.TryParse(Encoding.UTF8.GetBytes(text), null, out _));
        Assert.Contains($"'{text}' is not a port", Assert.Throws<FormatException>(() => PortRange.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.1", null)]
    [InlineData("10.0.0.0/8", "10.0.0.0/8", "10.0.0.0", "10.255.255.255", 8)]
    [InlineData("0.0.0.0/0", "0.0.0.0/0", "0.0.0.0", "255.255.255.255", 0)]
    [InlineData("10.0.0.5-10.0.0.9", "10.0.0.5-10.0.0.9", "10.0.0.5", "10.0.0.9", null)]
    [InlineData("10.0.0.5-10.0.0.5", "10.0.0.5", "10.0.0.5", "10.0.0.5", null)]
    [InlineData("10.0.0.1/32", "10.0.0.1/32", "10.0.0.1", "10.0.0.1", 32)]
    [InlineData("2001:DB8::/32", "2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 32)]
    [InlineData("::", "::", "::", "::", null)]
    [InlineData(" ::1 ", "::1", "::1", "::1", null)]
    public void Addresses_prefixes_and_ranges_are_read(string text, string written, string first, string last, int? length)
    {
        var range = AddressRange.Parse(text);
        Assert.Equal((written, first, last, length), (range.ToString(), range.First.ToString(), range.Last.ToString(), range.PrefixLength));
        Assert.Equal(range, AddressRange.Parse(range.ToString()));
        Assert.Equal(range.GetHashCode(), AddressRange.Parse(range.ToString()).GetHashCode());
        Assert.Equal(range, AddressRange.Parse(Encoding.UTF8.GetBytes(text), null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("::/129")]
    [InlineData("10.0.0.9-10.0.0.5")]
    [InlineData("10.0.0.1-::1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("example.org")]
    [InlineData("10.0.0.0/8/8")]
    public void What_is_no_address_is_refused(string text)
    {
        Assert.False(AddressRange.TryParse(text, null, out _));
        Assert.False(AddressRange.TryParse(Encoding.UTF8.GetBytes(text), null, out _));
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => AddressRange.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1/8", "10.0.0.0/8")]
    [InlineData("2001:db8::1/64", "2001:db8::/64")]
    public void Bits_beyond_the_prefix_are_refused_with_what_was_meant(string text, string meant) =>
        Assert.Contains($"did you mean {meant}?", Assert.Throws<FormatException>(() => AddressRange.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_and_characters_are_read_the_same_whatever_they_say()
    {
        const string signs = "0011223456789../-: a%";
        string[] begins = ["", "10.", "10.0.0.", "255.255.255.", "0", "10.0.0.0/", "20.0.0.16/2"];
        var random = new Random(20261126);
        int read = 0;
        for (int round = 0; round < 50_000; round++)
        {
            string text = begins[random.Next(begins.Length)] + new string([.. Enumerable.Range(0, random.Next(9)).Select(_ => signs[random.Next(signs.Length)])]);
            byte[] bytes = Encoding.UTF8.GetBytes(text);

            Assert.True(AddressRange.TryParse(text, null, out AddressRange? address) == AddressRange.TryParse(bytes, null, out AddressRange? sameAddress), text);
            Assert.Equal(address, sameAddress);
            Assert.True(PortRange.TryParse(text, null, out PortRange port) == PortRange.TryParse(bytes, null, out PortRange samePort), text);
            Assert.Equal(port, samePort);
            if (address is not null)
            {
                byte[] written = new byte[160];
                Assert.True(address.TryFormat(written, out int length, default, null));
                Assert.Equal(address.ToString(), Encoding.UTF8.GetString(written, 0, length));
                read++;
            }
        }

        Assert.True(read > 2_000, $"only {read} of the texts were addresses");
    }

    [Fact]
    public void Ranges_travel_as_text_and_say_what_is_wrong_with_them()
    {
        var rule = new FirewallRule { Name = "a", LocalPort = [new PortRange(1, 2)], RemoteAddress = [AddressRange.Parse("::/0")] };
        string json = JsonSerializer.Serialize(rule, ContractsJsonContext.Default.FirewallRule);
        Assert.Contains("""
            "localPort":["1-2"]
            """, json, StringComparison.Ordinal);
        Assert.Equal(rule.RemoteAddress, JsonSerializer.Deserialize(json, ContractsJsonContext.Default.FirewallRule)!.RemoteAddress);
        Assert.Contains("did you mean", Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"name":"a","remoteAddress":["10.0.0.1/8"]}""", ContractsJsonContext.Default.FirewallRule)).Message, StringComparison.Ordinal);

        // A port written by hand is often a number, above all in YAML; one that is none is still refused.
        Assert.Equal([new PortRange(80)], JsonSerializer.Deserialize("""{"name":"a","localPort":[80]}""", ContractsJsonContext.Default.FirewallRule)!.LocalPort);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"name":"a","localPort":[true]}""", ContractsJsonContext.Default.FirewallRule));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"name":"a","localPort":[65536]}""", ContractsJsonContext.Default.FirewallRule));
    }
}
