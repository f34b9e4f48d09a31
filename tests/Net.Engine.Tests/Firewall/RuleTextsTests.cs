using Net.Contracts;
using Net.Engine.Firewall.Translation;
using Net.Firewall;

namespace Net.Engine.Tests.Firewall;

public sealed class RuleTextsTests
{
    [Theory]
    [InlineData("echo-request", IpFamily.Any, "IPv4 8, IPv6 128")]
    [InlineData("Echo-Request", IpFamily.IPv6, "IPv6 128")]
    [InlineData("packet-too-big", IpFamily.Any, "IPv4 3/4, IPv6 2")]
    [InlineData("port-unreachable", IpFamily.Any, "IPv4 3/3, IPv6 1/4")]
    [InlineData("nd-neighbor-solicit", IpFamily.Any, "IPv6 135")]
    [InlineData("8", IpFamily.IPv4, "IPv4 8")]
    [InlineData("3/4", IpFamily.Any, "IPv4 3/4, IPv6 3/4")]
    public void Icmp_types_are_read_for_the_versions_that_have_them(string text, IpFamily family, string expected)
    {
        List<IcmpTypeMatch> types = [];
        Assert.Null(RuleTexts.IcmpType(text, family, types));
        Assert.Equal(expected, string.Join(", ", types.Select(type => $"{type.Family} {type.Type}{(type.Code is { } code ? $"/{code}" : string.Empty)}")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("256")]
    [InlineData("3/")]
    [InlineData("3/256")]
    [InlineData("echo")]
    public void What_is_no_icmp_type_is_said(string text) => Assert.Contains("is not an ICMP type", RuleTexts.IcmpType(text, IpFamily.Any, []), StringComparison.Ordinal);

    [Fact]
    public void A_type_the_version_lacks_is_said() => Assert.Contains("does not exist in IPv4", RuleTexts.IcmpType("nd-redirect", IpFamily.IPv4, []), StringComparison.Ordinal);

    [Theory]
    [InlineData("syn", 2, 2)]
    [InlineData("syn,!ack, !RST,!fin", 23, 2)]
    [InlineData("!syn", 2, 0)]
    [InlineData("fin,psh,urg,ece,cwr", 233, 233)]
    public void Flags_are_a_mask_and_a_value(string text, byte mask, byte value)
    {
        Assert.Null(RuleTexts.TcpFlags(text, out TcpFlagMatch match));
        Assert.Equal(new TcpFlagMatch(mask, value), match);
    }

    [Theory]
    [InlineData("")]
    [InlineData("syn,")]
    [InlineData("sin")]
    [InlineData("syn,!syn")]
    [InlineData("!!syn")]
    public void What_is_no_flag_is_said(string text) => Assert.NotNull(RuleTexts.TcpFlags(text, out _));

    [Theory]
    [InlineData("ef", 46)]
    [InlineData("AF41", 34)]
    [InlineData("af13", 14)]
    [InlineData("cs6", 48)]
    [InlineData("be", 0)]
    [InlineData("le", 1)]
    [InlineData("63", 63)]
    [InlineData("0x2e", 46)]
    public void Code_points_are_read(string text, byte value)
    {
        Assert.Null(RuleTexts.Dscp(text, out byte read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("64")]
    [InlineData("af44")]
    [InlineData("af51")]
    [InlineData("cs8")]
    [InlineData("-1")]
    public void What_is_no_code_point_is_said(string text) => Assert.NotNull(RuleTexts.Dscp(text, out _));

    [Theory]
    [InlineData("10/second", 10, RatePeriod.Second, false)]
    [InlineData("5/minute", 5, RatePeriod.Minute, false)]
    [InlineData("2MB/second", 2_000_000, RatePeriod.Second, true)]
    [InlineData("64 KiB/s", 65_536, RatePeriod.Second, true)]
    [InlineData("1/Day", 1, RatePeriod.Day, false)]
    [InlineData("100b/h", 100, RatePeriod.Hour, true)]
    public void Rates_are_read(string text, long count, RatePeriod period, bool inBytes)
    {
        Assert.Null(RuleTexts.Rate(text, out RateLimit rate));
        Assert.Equal((count, period, inBytes), (rate.Count, rate.Period, rate.InBytes));
    }

    [Theory]
    [InlineData("10")]
    [InlineData("/second")]
    [InlineData("0/second")]
    [InlineData("-1/second")]
    [InlineData("1.5/second")]
    [InlineData("10/fortnight")]
    [InlineData("10XB/second")]
    [InlineData("99999999999/second")]
    public void What_is_no_rate_is_said(string text) => Assert.Contains("is not a rate", RuleTexts.Rate(text, out _), StringComparison.Ordinal);

    [Fact]
    public void Marks_lengths_sizes_and_control_groups_are_read()
    {
        Assert.Null(RuleTexts.Mark("0x10/0xff", out MarkMatch mark));
        Assert.Equal(new MarkMatch(16, 255), mark);
        Assert.Null(RuleTexts.Mark("7", out mark));
        Assert.Equal(new MarkMatch(7), mark);
        Assert.All(new[] { "0x100/0xff", "x", "1/", "0/0", "-1" }, text => Assert.NotNull(RuleTexts.Mark(text, out _)));
        Assert.Null(RuleTexts.PacketLength("1000-1500", out NumberRange range));
        Assert.Equal(new NumberRange(1000, 1500), range);
        Assert.All(new[] { "", "1500-1000", "x", "70000" }, text => Assert.NotNull(RuleTexts.PacketLength(text, out _)));
        Assert.Null(RuleTexts.SegmentSize("PATH", out ushort size));
        Assert.Equal(0, size);
        Assert.Null(RuleTexts.SegmentSize("1400", out size));
        Assert.Equal(1400, size);
        Assert.All(new[] { "0", "87", "65536", "way" }, text => Assert.NotNull(RuleTexts.SegmentSize(text, out _)));
        Assert.Null(RuleTexts.Cgroup("/system.slice/nginx.service/", out string path));
        Assert.Equal("system.slice/nginx.service", path);
        Assert.All(new[] { "", "/", "a//b", "a/../b", "a b", "a\"b", "a\nb", "a*" }, text => Assert.NotNull(RuleTexts.Cgroup(text, out _)));
    }

    // Whatever is typed: a value or a message of one line, never an exception.
    [Fact]
    public void Random_texts_are_read_or_refused()
    {
        var random = new Random(5);
        const string letters = "0123456789abcdefxsynck!,/-. MBKi\0\n\"'*\\é";
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => letters[random.Next(letters.Length)]));
            string?[] problems =
            [
                RuleTexts.IcmpType(text, IpFamily.Any, []), RuleTexts.TcpFlags(text, out _), RuleTexts.Dscp(text, out _), RuleTexts.PacketLength(text, out _),
                RuleTexts.Mark(text, out _), RuleTexts.Rate(text, out _), RuleTexts.SegmentSize(text, out _), RuleTexts.Cgroup(text, out _),
            ];
            Assert.All(problems, problem => Assert.True(problem is null || !problem.Any(char.IsControl)));
        }
    }
}
