using System.Text.Json;
using Net.Contracts.Json;

namespace Net.Contracts.Tests;

public sealed class RelayTests
{
    [Fact]
    public void An_output_with_every_member_is_read_as_it_was_written()
    {
        RelayOutput output = new()
        {
            InterfaceAlias = "br1",
            Destination = "ff15::1",
            Port = 6000,
            Ttl = 4,
            Source = "interface",
            SourcePort = 7000,
            Dscp = 46,
            RateLimit = 20_000,
            BitRateLimit = 8_000_000,
            Oversize = RelayOversize.Fragment,
            PauseWithoutReceivers = true,
        };

        string text = output.ToString();

        Assert.Equal("br1,destination=ff15::1,port=6000,ttl=4,source=interface,source-port=7000,dscp=46,rate=20000,bit-rate=8000000,oversize=fragment,pause=true", text);
        Assert.Equal(output, RelayOutput.Parse(text));
    }

    [Theory]
    [InlineData("br1")]
    [InlineData("br1,ttl=4")]
    [InlineData("br1,destination=239.2.2.2,port=6000")]
    public void A_short_output_is_written_as_it_was_read(string text) => Assert.Equal(text, RelayOutput.Parse(text).ToString());

    [Theory]
    [InlineData(" br1 , Destination = 239.2.2.2 ,, PORT=6000 ", "br1,destination=239.2.2.2,port=6000")]
    [InlineData("br1,ratelimit=5,bitratelimit=1000,pause", "br1,rate=5,bit-rate=1000,pause=true")]
    [InlineData("br1,pausewithoutreceivers=false,oversize=Drop,source=keep,ttl=", "br1")]
    public void Names_are_read_in_any_case_and_what_says_nothing_is_left_out(string given, string written) => Assert.Equal(written, RelayOutput.Parse(given).ToString());

    [Theory]
    [InlineData("", "begins with the interface")]
    [InlineData("destination=239.2.2.2", "begins with the interface")]
    [InlineData("br1,group=239.2.2.2", "'group' is no member of an output")]
    [InlineData("br1,port=x", "port: 'x' is not a whole number")]
    [InlineData("br1,rate=-1", "rate: '-1' is not a whole number")]
    [InlineData("br1,oversize=1", "oversize: '1' is not drop or fragment")]
    [InlineData("br1,oversize=split", "oversize: 'split' is not drop or fragment")]
    [InlineData("br1,pause=maybe", "pause: 'maybe' is not true or false")]
    public void What_is_no_output_is_refused_with_the_part_that_is_wrong(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => RelayOutput.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Text_of_any_kind_is_read_or_refused_by_a_format_exception()
    {
        const string Letters = "br1,=-;destinationport0129.:/ ttlPAUSE\t\0é";
        var random = new Random(20260104);
        for (int i = 0; i < 20_000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(40)).Select(_ => Letters[random.Next(Letters.Length)])]);
            try
            {
                RelayOutput output = RelayOutput.Parse(text);
                Assert.Equal(output, RelayOutput.Parse(output.ToString()));
            }
            catch (FormatException)
            {
                // What cannot be read says so in this way only.
            }
        }
    }

    [Fact]
    public void Drops_say_which_reasons_occurred_and_add_up()
    {
        Assert.Equal(string.Empty, new RelayDrops().ToString());
        Assert.Equal("Ttl 3, Rate 10", new RelayDrops(Ttl: 3, Rate: 10).ToString());
        var every = new RelayDrops(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        Assert.Equal(65535, every.Total);
        Assert.Equal(Enum.GetNames<RelayDropReason>(), every.ToString().Split(", ").Select(reason => reason.Split(' ')[0]));
    }

    [Fact]
    public void Every_reason_has_its_count() => Assert.Equal(
        Enum.GetNames<RelayDropReason>(),
        typeof(RelayDrops).GetProperties().Where(property => property.PropertyType == typeof(long) && property.Name != nameof(RelayDrops.Total)).Select(property => property.Name));

    [Fact]
    public void A_rule_of_a_document_needs_a_name_an_interface_and_a_group()
    {
        RelayRule rule = JsonSerializer.Deserialize("""{"name":"news","interfaceAlias":"eth0","group":"239.1.0.0/16","port":5000,"outputs":[{"interfaceAlias":"br1"}]}""", ContractsJsonContext.Default.RelayRule)!;

        Assert.True(rule is { Enabled: true, Engine: RelayEngine.Auto, Protocol: RelayRuleProtocol.Udp, Duplicates: RelayDuplicates.None, State: null });
        Assert.Equal("keep", Assert.Single(rule.Outputs).Source);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"name":"news","interfaceAlias":"eth0"}""", ContractsJsonContext.Default.RelayRule));
    }

    [Fact]
    public void A_document_without_the_section_has_its_defaults()
    {
        NetConfiguration document = JsonSerializer.Deserialize("{}", ContractsJsonContext.Default.NetConfiguration)!;

        Assert.Empty(document.Relay.Rules);
        Assert.Equal(1, document.Relay.NextRuleId);
        Assert.True(document.Relay.Settings is { Workers: 0, PinWorkers: true, RingBytes: 12 << 20, AllowSiteScope: false, AllowOrganizationScope: false, AllowVirtualXdp: false, Queriers.Length: 0 });
    }

    [Fact]
    public void Changing_takes_an_operator_and_reading_a_reader()
    {
        ApiMethod[] methods = [.. EngineApi.All.Where(method => method.Name.StartsWith("relay.", StringComparison.Ordinal))];

        Assert.Equal(
            ["relay.createRules", "relay.measure", "relay.removeRules", "relay.resetStatistics", "relay.setRules", "relay.setSettings", "relay.trace"],
            methods.Where(method => method.Role == EngineRole.Operator).Select(method => method.Name));
        Assert.Equal(["relay.setWorkerLogLevel"], methods.Where(method => method.Role == EngineRole.Admin).Select(method => method.Name));
        Assert.Equal(["relay.measure", "relay.trace", "relay.watchStatistics"], methods.Where(method => method.IsStream).Select(method => method.Name));
    }
}
