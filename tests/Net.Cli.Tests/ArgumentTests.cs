using Net.Cli.Tests.Support;

namespace Net.Cli.Tests;

public sealed class ArgumentTests
{
    [Theory]
    [InlineData("status", "engine.status", "{}")]
    [InlineData("path list", "paths.list", "{}")]
    [InlineData("path list eth* ppp0", "paths.list", """{"names":["eth*","ppp0"]}""")]
    [InlineData("path watch --state-only eth0", "paths.watch", """{"names":["eth0"],"stateOnly":true}""")]
    [InlineData("path measure --count 5 --interval 20ms --timeout 2s --target 192.0.2.9", "paths.measure", """{"count":5,"interval":"00:00:00.0200000","timeout":"00:00:02","target":"192.0.2.9"}""")]
    [InlineData("path test eth0", "paths.measure", """{"names":["eth0"],"count":3}""")]
    [InlineData("path route list", "paths.listRoutes", "{}")]
    [InlineData("path route remove lab other", "paths.removeRoutes", """{"names":["lab","other"]}""")]
    [InlineData("firewall list", "firewall.listRules", """{"counters":true,"generated":false}""")]
    [InlineData("firewall list block-* --no-counters", "firewall.listRules", """{"names":["block-*"],"counters":false,"generated":false}""")]
    [InlineData("firewall remove block-web --what-if", "firewall.removeRules", """{"names":["block-web"],"change":{"whatIf":true}}""")]
    [InlineData("config confirm", "configuration.confirm", "{}")]
    [InlineData("config confirm 4", "configuration.confirm", """{"generation":4}""")]
    [InlineData("config restore", "configuration.restore", "{}")]
    [InlineData("config restore 2 --confirm-within 1m30s", "configuration.restore", """{"generation":2,"change":{"whatIf":false,"confirmWithin":"00:01:30"}}""")]
    [InlineData("config generations", "configuration.generations", "{}")]
    [InlineData("config compare 1", "configuration.compare", """{"from":1}""")]
    [InlineData("config compare 1 2", "configuration.compare", """{"from":1,"to":2}""")]
    [InlineData("config export --format yaml --generation 2", "configuration.export", """{"format":"yaml","generation":2}""")]
    [InlineData("config export", "configuration.export", """{"format":"json"}""")]
    [InlineData("config test", "configuration.test", "{}")]
    [InlineData("events", "events.list", "{}")]
    [InlineData("events --area firewall,paths --id Path* --since 10m --newest 5", "events.list", """{"areas":["firewall","paths"],"eventIds":["Path*"],"since":"2026-01-02T02:54:05+00:00","newest":5}""")]
    [InlineData("events --since 2026-01-01T00:00:00Z", "events.list", """{"since":"2026-01-01T00:00:00+00:00"}""")]
    [InlineData("events --watch --area paths", "events.watch", """{"areas":["paths"]}""")]
    [InlineData("secret list", "secrets.list", "{}")]
    [InlineData("secret remove token", "secrets.remove", """{"name":"token"}""")]
    [InlineData("log-level firewall debug", "engine.setLogLevel", """{"area":"firewall","level":"debug"}""")]
    [InlineData("log-level * default", "engine.setLogLevel", """{"area":"*"}""")]
    [InlineData("api schema", "engine.schema", "{}")]
    public async Task A_command_asks_the_engine_exactly_this(string line, string method, string request)
    {
        var cli = new CliRun();

        int exitCode = await cli.LineAsync(line);

        Assert.Equal((method, request), cli.Engine.Requests[^1]);
        Assert.Empty(cli.Error.Replace("netmod: warning: you may lock yourself out\n", string.Empty, StringComparison.Ordinal));
        Assert.Equal(line == "config test" ? 1 : 0, exitCode);
    }

    [Fact]
    public async Task Adding_a_rule_sends_every_member_named()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.RunAsync(
            "firewall", "add", "block web", "--direction", "forward", "--action", "reject", "--protocol", "tcp", "--family", "ipv6",
            "--source-port", "1024-65535", "--destination-port", "80,443", "--destination-port", "8080", "--source-address", "2001:db8::/32",
            "--destination-address", "2001:db8::1,2001:db8::2", "--interface", "eth*", "--out-interface", "wan0", "--description", "no web", "--position", "3", "--disabled",
            "--confirm-within", "5s", "--comment", "ticket 7", "--expect-generation", "9"));

        (string method, string request) = Assert.Single(cli.Engine.Requests);
        Assert.Equal("firewall.createRules", method);
        Assert.StartsWith(
            """{"rules":[{"id":0,"name":"block web","description":"no web","enabled":false,"direction":"forward","action":"reject","protocol":"tcp","family":"ipv6","sourcePort":["1024-65535"],"destinationPort":["80","443","8080"],"sourceAddress":["2001:db8::/32"],"destinationAddress":["2001:db8::1","2001:db8::2"],"interfaceAlias":["eth*"],"outInterfaceAlias":["wan0"]""",
            request,
            StringComparison.Ordinal);
        Assert.EndsWith(
            """],"position":3,"change":{"whatIf":false,"confirmWithin":"00:00:05","comment":"ticket 7","expectedGeneration":9}}""", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setting_a_rule_keeps_what_is_not_named_and_guards_against_changes_in_between()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("firewall set block-* --action allow --local-port 22"));

        Assert.Equal(["engine.status", "firewall.listRules", "firewall.setRules"], cli.Engine.Requests.Select(request => request.Method));
        string sent = cli.Engine.Requests[^1].Request;
        Assert.Contains("\"action\":\"allow\"", sent, StringComparison.Ordinal);
        Assert.Contains("\"destinationPort\":[\"8080\"]", sent, StringComparison.Ordinal);
        Assert.Contains("\"expectedGeneration\":3", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("position", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("packetCount", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_value_takes_a_list_or_text_away()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.RunAsync("firewall", "set", "block-web", "--destination-port", "", "--description", ""));

        // What is absent is empty: the rule is replaced as a whole.
        string sent = cli.Engine.Requests[^1].Request;
        Assert.Contains("\"name\":\"block-web\"", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("\"destinationPort\"", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("\"description\"", sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enable", "true")]
    [InlineData("disable", "false")]
    public async Task Enabling_and_disabling_change_only_that(string verb, string enabled)
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync($"firewall {verb} BLOCK-WEB"));

        Assert.Contains($"\"enabled\":{enabled}", cli.Engine.Requests[^1].Request, StringComparison.Ordinal);
        Assert.Contains("\"id\":7", cli.Engine.Requests[^1].Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removing_by_a_pattern_looks_the_names_up_first()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("firewall remove bl*"));

        Assert.Equal(("firewall.removeRules", """{"names":["block-web"]}"""), cli.Engine.Requests[^1]);
    }

    [Fact]
    public async Task Routes_are_added_and_changed_by_their_members()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("path route add lab --destination 203.0.113.0/24 --next-hop 192.0.2.254 --interface eth0 --metric 50 --table 100 --description x"));
        Assert.Equal(
            ("paths.createRoutes", """{"routes":[{"name":"lab","destinationPrefix":"203.0.113.0/24","nextHop":"192.0.2.254","interfaceAlias":"eth0","routeMetric":50,"table":100,"description":"x"}]}"""),
            cli.Engine.Requests[^1]);

        Assert.Equal(0, await cli.LineAsync("path route set lab --metric 5"));
        Assert.Equal(
            ("paths.setRoutes", """{"routes":[{"name":"lab","destinationPrefix":"203.0.113.0/24","nextHop":"192.0.2.254","interfaceAlias":"eth0","routeMetric":5,"table":254,"description":"to the lab"}],"change":{"whatIf":false,"expectedGeneration":3}}"""),
            cli.Engine.Requests[^1]);
    }

    [Fact]
    public async Task The_socket_named_is_the_one_used()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("--socket /tmp/x.sock firewall list --output json"));

        Assert.Equal("/tmp/x.sock", cli.Engine.Socket);
    }

    [Fact]
    public async Task Lab_commands_reach_the_lab_library()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("lab up pair --name two"));
        Assert.Equal(7, await cli.LineAsync("lab exec two left -- ping -c 1 10.1.0.2"));
        Assert.Equal(0, await cli.LineAsync("lab status pair"));
        Assert.Equal(1, await cli.LineAsync("lab status other"));
        Assert.Equal(0, await cli.LineAsync("lab down two"));

        Assert.Equal(["up pair two", "exec two left ping [-c|1|10.1.0.2]", "down two"], cli.Labs.Calls);
        Assert.Equal(0, cli.Engine.Connections);
    }

    [Fact]
    public async Task A_lab_finds_this_program_by_its_name_wherever_it_is()
    {
        var cli = new CliRun();
        string own = Environment.ProcessPath!;

        await cli.LineAsync($"lab exec two left -- {Path.GetFileNameWithoutExtension(own)} status");

        Assert.Equal([$"exec two left {own} [status]"], cli.Labs.Calls);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("errors")]
    [InlineData("completion bash")]
    [InlineData("lab list")]
    [InlineData("--help")]
    [InlineData("firewall add --help")]
    public async Task These_need_no_engine(string line)
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync(line));

        Assert.Equal(0, cli.Engine.Connections);
        Assert.NotEmpty(cli.Out);
    }
}
