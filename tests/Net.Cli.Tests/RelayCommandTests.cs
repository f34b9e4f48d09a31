using Net.Cli.Tests.Support;
using Net.Contracts;

namespace Net.Cli.Tests;

public sealed class RelayCommandTests
{
    [Theory]
    [InlineData("relay rule list", "relay.listRules", """{"counters":true}""")]
    [InlineData("relay rule list ne* --state forwarding", "relay.listRules", """{"names":["ne*"],"counters":true}""")]
    [InlineData("relay rule remove news --what-if", "relay.removeRules", """{"names":["news"],"change":{"whatIf":true}}""")]
    [InlineData("relay rule remove n*", "relay.removeRules", """{"names":["news"]}""")]
    [InlineData("relay statistics", "relay.listStatistics", "{}")]
    [InlineData("relay statistics news", "relay.listStatistics", """{"names":["news"]}""")]
    [InlineData("relay statistics --reset", "relay.resetStatistics", "{}")]
    [InlineData("relay statistics n* --watch --interval 500ms", "relay.watchStatistics", """{"names":["n*"],"interval":"00:00:00.5000000"}""")]
    [InlineData("relay groups", "relay.listGroups", "{}")]
    [InlineData("relay groups br* --role receiver", "relay.listGroups", """{"interfaces":["br*"],"role":"receiver"}""")]
    [InlineData("relay workers", "relay.listWorkers", "{}")]
    [InlineData("relay log-level debug --worker 1", "relay.setWorkerLogLevel", """{"worker":1,"level":"debug"}""")]
    [InlineData("relay log-level default", "relay.setWorkerLogLevel", "{}")]
    [InlineData("relay settings show", "relay.getSettings", "{}")]
    [InlineData("relay trace news", "relay.trace", """{"rule":"news","maxPackets":100,"snapLength":128}""")]
    [InlineData("relay trace news --max-packets 5 --duration 1m --snap-length 0", "relay.trace", """{"rule":"news","maxPackets":5,"duration":"00:01:00","snapLength":0}""")]
    [InlineData("relay measure news --send lab0 --receive lab1,lab2", "relay.measure", """{"interfaceAlias":"lab0","receiveOn":["lab1","lab2"],"rule":"news","payloadBytes":64,"packetsPerSecond":1000,"streams":1,"ttl":8}""")]
    [InlineData(
        "relay measure --send lab0 --receive lab1 --destination 239.1.1.1 --port 5000 --receive-destination 239.2.2.2 --receive-port 6000 --payload-bytes 1024 --rate 400000 --duration 2s --streams 50 --ttl 3",
        "relay.measure",
        """{"interfaceAlias":"lab0","receiveOn":["lab1"],"destination":"239.1.1.1","port":5000,"receiveDestination":"239.2.2.2","receivePort":6000,"payloadBytes":1024,"packetsPerSecond":400000,"duration":"00:00:02","streams":50,"ttl":3}""")]
    public async Task A_command_asks_the_engine_exactly_this(string line, string method, string request)
    {
        var cli = new CliRun();

        int exitCode = await cli.LineAsync(line);

        Assert.Equal((method, request), cli.Engine.Requests[^1]);
        Assert.Empty(cli.Error.Replace("netmod: warning: you may lock yourself out\n", string.Empty, StringComparison.Ordinal));
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Adding_a_rule_sends_every_member_named()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.RunAsync(
            "relay", "rule", "add", "tv", "--interface", "eth*", "--group", "239.1.0.0/16", "--source", "192.0.2.0/28", "--port", "5000-5010", "--protocol", "udp",
            "--allow", "192.0.2.1,192.0.2.2", "--to", "br1,destination=239.2.2.2,port=6000,ttl=4", "--to", "br2,source=interface,pause", "--engine", "packet",
            "--analyze-sequence", "on", "--duplicates", "standby", "--preferred-source", "192.0.2.1", "--standby-after", "200ms", "--description", "channels", "--disabled",
            "--confirm-within", "5s"));

        (string method, string request) = Assert.Single(cli.Engine.Requests);
        Assert.Equal("relay.createRules", method);
        Assert.Equal(
            """
            {"rules":[{"id":0,"name":"tv","description":"channels","enabled":false,"interfaceAlias":"eth*","group":"239.1.0.0/16","source":"192.0.2.0/28","port":"5000-5010","protocol":"udp","allowedSources":["192.0.2.1","192.0.2.2"],"outputs":[{"interfaceAlias":"br1","destination":"239.2.2.2","port":6000,"ttl":4,"source":"keep","oversize":"drop","pauseWithoutReceivers":false},{"interfaceAlias":"br2","source":"interface","oversize":"drop","pauseWithoutReceivers":true}],"engine":"packet","analyzeSequence":true,"duplicates":"standby","preferredSource":"192.0.2.1","standbyAfter":"00:00:00.2000000"}],"change":{"whatIf":false,"confirmWithin":"00:00:05"}}
            """,
            request);
    }

    [Theory]
    [InlineData("relay rule set news --to br3 --new-name news-2", "relay.setRules", new[] { "\"id\":7", "\"name\":\"news-2\"", "\"outputs\":[{\"interfaceAlias\":\"br3\"", "\"source\":\"192.0.2.1\"" }, new[] { "packetsPerSecond", "engineReason", "lastSeen", "br1" })]
    [InlineData("relay rule disable *", "relay.setRules", new[] { "\"enabled\":false", "\"id\":7", "\"interfaceAlias\":\"br1\"" }, new[] { "\"state\"", "\"worker\"" })]
    [InlineData("relay rule enable news", "relay.setRules", new[] { "\"enabled\":true" }, new[] { "\"state\"" })]
    [InlineData("relay settings set --workers 3 --pin-workers off --ring-bytes 1048576 --allow-site-scope off --allow-organization-scope on --allow-virtual-xdp on", "relay.setSettings", new[] { "\"workers\":3", "\"pinWorkers\":false", "\"ringBytes\":1048576", "\"allowSiteScope\":false", "\"allowOrganizationScope\":true", "\"allowVirtualXdp\":true", "\"queryInterval\":\"00:00:30\"" }, new[] { "isElected", "electedAddress" })]
    [InlineData("relay settings set --querier br1 --querier br2,interval=1m,address=192.0.2.7,enabled=false", "relay.setSettings", new[] { "[{\"interfaceAlias\":\"br1\",\"enabled\":true,\"queryInterval\":\"00:02:05\"},{\"interfaceAlias\":\"br2\",\"enabled\":false,\"queryInterval\":\"00:01:00\",\"address\":\"192.0.2.7\"}]", "\"workers\":2" }, new[] { "isElected" })]
    public Task Setting_keeps_what_is_not_named_leaves_out_what_is_so_now_and_guards(string line, string method, string[] has, string[] hasNot) => new CliRun().SendsAsync(line, method, has, hasNot);

    [Fact]
    public async Task An_empty_text_or_list_takes_a_value_away()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.RunAsync("relay", "rule", "set", "news", "--source", "", "--port", "", "--allow", "", "--preferred-source", "", "--standby-after", "0s", "--description", ""));
        string sent = cli.Engine.Requests[^1].Request;
        Assert.All(
            new[] { "\"description\"", "\"port\":\"", "\"source\":\"192", "\"preferredSource\"", "\"standbyAfter\"" },
            text => Assert.DoesNotContain(text, sent, StringComparison.Ordinal));
        Assert.Contains("\"allowedSources\":[]", sent, StringComparison.Ordinal);

        Assert.Equal(0, await cli.RunAsync("relay", "settings", "set", "--querier", ""));
        Assert.Contains("\"queriers\":[]", cli.Engine.Requests[^1].Request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("relay rule set sport --engine auto", "RelayRuleNotFound")]
    [InlineData("relay rule list sport", "RelayRuleNotFound")]
    [InlineData("relay statistics sport", "RelayRuleNotFound")]
    public Task A_name_that_is_not_there_is_an_error(string line, string id) => new CliRun().FailsAsync(line, id);

    [Theory]
    [InlineData("relay rule add x --group 239.1.1.1 --to br1", "--interface")]
    [InlineData("relay rule add x --interface eth0 --to br1", "--group")]
    [InlineData("relay rule add x --interface eth0 --group 239.1.1.1", "--to")]
    [InlineData("relay rule add x --interface eth0 --group 239.1.1 --to br1", "--group: '239.1.1' is not an address")]
    [InlineData("relay rule add x --interface eth0 --group 239.1.1.1 --port 70000 --to br1", "--port: '70000' is not a port")]
    [InlineData("relay rule add x --interface eth0 --group 239.1.1.1 --to ttl=4", "--to: 'ttl=4' is not an output")]
    [InlineData("relay rule add x --interface eth0 --group 239.1.1.1 --to br1,tll=4", "--to: 'tll' is no member of an output")]
    [InlineData("relay rule add x --interface eth0 --group 239.1.1.1 --to br1 --engine fast", "--engine: 'fast' is none of")]
    [InlineData("relay settings set --querier interval=3s", "--querier: 'interval=3s' is not an interface")]
    [InlineData("relay settings set --querier br1,interval=soon", "--querier: 'br1,interval=soon'")]
    [InlineData("relay settings set --workers 65", "--workers: '65' is not a whole number from 0 to 64")]
    [InlineData("relay log-level loud", "LEVEL: 'loud' is none of")]
    [InlineData("relay trace", "Required argument missing")]
    [InlineData("relay measure news", "--send")]
    public Task What_cannot_be_read_is_refused_before_the_engine_is_asked(string line, string message) => new CliRun().RefusesAsync(line, message);

    [Fact]
    public async Task Tables_and_details_show_what_stands_in_the_answers()
    {
        var cli = new CliRun();
        foreach (string line in new[]
        {
            "relay rule list", "relay rule list --details", "relay statistics", "relay statistics --watch", "relay groups", "relay workers", "relay settings show", "relay trace news",
            "relay measure news --send lab0 --receive lab1",
        })
        {
            Assert.Equal(0, await cli.LineAsync(line));
        }

        string[] shown =
        [
            "udp 239.1.1.1 port 5000 from 192.0.2.1 in eth0", "br1,destination=239.2.2.2,port=6000,ttl=4", "news (id 7)", "packet (asked for packet): the rule asks for it",
            "standby 192.0.2.1", "  > br1 239.2.2.2:6000", "Ttl 3, Rate 10", "Source 5", "5 of 12350", "nobody receives 239.1.1.1 on br2",
            "news forwarding: 12345 packets 100 pps 0.803 Mbit/s dropped 18 lost 5 to br1 239.2.2.2:6000 99 pps, br2 0 pps",
            "igmp_max_memberships is 20", "not 192.0.2.7", "4711", "24.0", "Querier at br1, every 30s: elected", "Querier at br2, every 2m 5s: 192.0.2.9 is elected", "Querier at br3, every 2m 5s: off",
            "03:04:05.000000 eth0 192.0.2.1:40000 > 239.1.1.1:5000 ttl 8 length 92 to 0 dropped: too-big (2 missed before)", "0.200", "20.5", "60.0", "120.0",
        ];
        Assert.All(shown, text => Assert.Contains(text, cli.Out, StringComparison.Ordinal));
        Assert.Empty(cli.Error);
    }

    [Fact]
    public async Task Measuring_shows_results_in_a_table_and_everything_in_JSON()
    {
        var table = new CliRun();
        table.Engine.Answer(EngineApi.RelayMeasure, TwoOfThem());
        Assert.Equal(0, await table.LineAsync("relay measure news --send lab0 --receive lab1"));
        Assert.Contains("4990", table.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("2500", table.Out, StringComparison.Ordinal);

        var json = new CliRun();
        json.Engine.Answer(EngineApi.RelayMeasure, TwoOfThem());
        Assert.Equal(0, await json.LineAsync("relay measure news --send lab0 --receive lab1 -o json"));
        Assert.Equal(2, json.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Watching_draws_on_a_terminal_and_gives_it_back()
    {
        var cli = new CliRun { Console = { OutIsTerminal = true, Width = 120 } };
        cli.Engine.Answer(EngineApi.RelayWatchStatistics, Then(cli));

        Assert.Equal(130, await cli.LineAsync("relay statistics --watch"));

        Assert.StartsWith("\x1b[?1049h", cli.Out, StringComparison.Ordinal);
        Assert.Contains("netmod relay statistics", cli.Out, StringComparison.Ordinal);
        Assert.EndsWith("\x1b[?25h\x1b[?1049l", cli.Out, StringComparison.Ordinal);
        Assert.Empty(cli.Error);
    }

    [Fact]
    public async Task A_watch_the_engine_ends_is_reported_after_the_terminal_is_given_back()
    {
        var cli = new CliRun { Console = { OutIsTerminal = true, Width = 120 } };
        cli.Engine.Fail(EngineApi.RelayWatchStatistics, new EngineException(ErrorCatalogue.EngineStopping, "the engine stops"));

        Assert.Equal(3, await cli.LineAsync("relay statistics --watch"));

        Assert.EndsWith("\x1b[?25h\x1b[?1049l", cli.Out, StringComparison.Ordinal);
        Assert.Contains("(EngineStopping)", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_rules_and_interfaces_complete()
    {
        var cli = new CliRun();
        Assert.Equal(0, await cli.LineAsync("completion names relay-rules"));
        Assert.Equal(0, await cli.LineAsync("completion names group-interfaces"));

        Assert.Equal("news\neth0\nbr1\n", cli.Out);
    }

    private static async IAsyncEnumerable<RelayMeasurement> TwoOfThem()
    {
        await Task.CompletedTask;
        yield return RelaySamples.Measurement with { IsFinal = false, Sent = 2500, Received = 2500 };
        yield return RelaySamples.Measurement;
    }

    private static async IAsyncEnumerable<RelayStatistic> Then(CliRun cli)
    {
        yield return RelaySamples.Statistic;
        await cli.Cancellation.CancelAsync();
        await Task.FromCanceled(cli.Cancellation.Token);
    }
}
