using System.Text.Json;
using Net.Cli.Tests.Support;
using Net.Contracts;
using Net.Contracts.Json;

namespace Net.Cli.Tests;

public sealed class FirewallCommandTests
{
    [Theory]
    [InlineData("firewall rule list --generated --group pub*", "firewall.listRules", """{"counters":true,"generated":true,"groups":["pub*"]}""")]
    [InlineData("firewall rule remove block-web", "firewall.removeRules", """{"names":["block-web"]}""")]
    [InlineData("firewall group disable public", "firewall.setGroups", """{"groups":["public"],"enabled":false}""")]
    [InlineData("firewall group enable a b --what-if", "firewall.setGroups", """{"groups":["a","b"],"enabled":true,"change":{"whatIf":true}}""")]
    [InlineData("firewall reset", "firewall.resetCounters", "{}")]
    [InlineData("firewall reset w*", "firewall.resetCounters", """{"names":["w*"]}""")]
    [InlineData("firewall address-list list", "firewall.listAddressLists", "{}")]
    [InlineData("firewall address-list remove o*", "firewall.removeAddressLists", """{"names":["office"]}""")]
    [InlineData("firewall address-list entries office", "firewall.listAddressEntries", """{"name":"office"}""")]
    [InlineData("firewall address-list put banned 192.0.2.7 192.0.2.8 --timeout 1h", "firewall.addAddresses", """{"name":"banned","addresses":["192.0.2.7","192.0.2.8"],"timeout":"01:00:00"}""")]
    [InlineData("firewall address-list take banned 192.0.2.7", "firewall.removeAddresses", """{"name":"banned","addresses":["192.0.2.7"]}""")]
    [InlineData("firewall port-list add web --port 80,443 --list more", "firewall.createPortLists", """{"lists":[{"name":"web","port":["80","443"],"list":["more"]}]}""")]
    [InlineData("firewall port-list list w*", "firewall.listPortLists", """{"names":["w*"]}""")]
    [InlineData("firewall zone remove lan", "firewall.removeZones", """{"names":["lan"]}""")]
    [InlineData("firewall profile show", "firewall.getProfile", "{}")]
    [InlineData("firewall detection show", "firewall.getDetection", "{}")]
    [InlineData("firewall nat list", "firewall.listNatRules", "{}")]
    [InlineData("firewall forward list", "firewall.listPortForwards", "{}")]
    [InlineData("firewall connection list", "firewall.listConnections", "{}")]
    [InlineData("firewall connection list --protocol tcp --destination-port 22 --state established --limit 5", "firewall.listConnections", """{"filter":{"protocol":"tcp","destinationPort":"22","state":"established"},"limit":5}""")]
    [InlineData("firewall connection watch --address 192.0.2.0/24", "firewall.watchConnections", """{"filter":{"address":"192.0.2.0/24"}}""")]
    [InlineData("firewall connection remove --id 77", "firewall.removeConnections", """{"filter":{"id":77}}""")]
    [InlineData("firewall log ssh*", "firewall.watchLog", """{"names":["ssh*"]}""")]
    [InlineData("firewall stat --talkers 3", "firewall.getStatistic", """{"talkers":3}""")]
    [InlineData("firewall export", "firewall.export", "{}")]
    [InlineData("flow trace --destination-address 192.0.2.1 --destination-port 22 --duration 10s --max-packets 5", "firewall.traceFlow", """{"flow":{"destinationAddress":"192.0.2.1","protocol":"any","destinationPort":"22"},"duration":"00:00:10","maxPackets":5}""")]
    [InlineData("flow test 192.0.2.1 22 --source-address 198.51.100.7 --interface eth0 --at 2026-01-31T08:00:00Z", "firewall.testFlows", """{"flows":[{"sourceAddress":"198.51.100.7","destinationAddress":"192.0.2.1","protocol":"tcp","destinationPort":22,"interfaceAlias":"eth0","state":"new","dscp":0,"mark":0}],"at":"2026-01-31T08:00:00+00:00"}""")]
    public async Task A_command_asks_the_engine_exactly_this(string line, string method, string request)
    {
        var cli = new CliRun();

        int exitCode = await cli.LineAsync(line);

        Assert.Equal((method, request), cli.Engine.Requests[^1]);
        Assert.DoesNotContain(cli.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), text => !text.StartsWith("netmod: warning: ", StringComparison.Ordinal));
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Adding_a_rule_sends_every_member_named()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.RunAsync(
            "firewall", "rule", "add", "x", "--zone", "lan", "--out-zone", "wan", "--group", "public", "--before", "block-web", "--connection-state", "new,related", "--icmp-type", "echo-request",
            "--tcp-flags", "syn,!ack", "--dscp", "ef", "--packet-length", "100-200", "--source-mac", "02:00:00:00:00:01", "--mark", "0x10/0xff", "--user", "www-data", "--user-group", "adm",
            "--cgroup", "system.slice/nginx.service", "--rate-limit", "10/second", "--rate-burst", "20", "--rate-per-source", "on", "--above-rate", "on", "--connection-limit", "5",
            "--connection-limit-per-source", "on", "--above-connection-limit", "on", "--log", "on", "--reject-with", "tcp-reset", "--set-dscp", "af41", "--set-ttl", "64", "--set-mark", "0x1",
            "--max-segment-size", "path", "--add-source-to", "banned", "--add-source-for", "1h", "--expires-in", "2h", "--day", "monday,friday", "--from", "08:00", "--until", "17:30",
            "--first-date", "2026-01-05", "--last-date", "2026-02-05", "--time-zone", "Europe/Berlin", "--local-address-list", "a", "--remote-address-list", "b", "--source-address-list", "c",
            "--destination-address-list", "d", "--local-port-list", "e", "--remote-port-list", "f", "--source-port-list", "g", "--destination-port-list", "h"));

        (string method, string request) = Assert.Single(cli.Engine.Requests);
        Assert.Equal("firewall.createRules", method);
        string[] parts =
        [
            "\"zone\":\"lan\"", "\"outZone\":\"wan\"", "\"group\":\"public\"", "\"before\":\"block-web\"", "\"connectionState\":[\"new\",\"related\"]", "\"icmpType\":[\"echo-request\"]",
            "\"tcpFlags\":\"syn,!ack\"", "\"dscp\":[\"ef\"]", "\"packetLength\":[\"100-200\"]", "\"sourceMac\":[\"02:00:00:00:00:01\"]", "\"mark\":\"0x10/0xff\"", "\"user\":[\"www-data\"]",
            "\"userGroup\":[\"adm\"]", "\"cgroup\":\"system.slice/nginx.service\"", "\"rateLimit\":\"10/second\"", "\"rateBurst\":20", "\"ratePerSource\":true", "\"aboveRate\":true",
            "\"connectionLimit\":5", "\"connectionLimitPerSource\":true", "\"aboveConnectionLimit\":true", "\"log\":true", "\"rejectWith\":\"tcpReset\"", "\"setDscp\":\"af41\"", "\"setTtl\":64",
            "\"setMark\":\"0x1\"", "\"maxSegmentSize\":\"path\"", "\"addSourceTo\":\"banned\"", "\"addSourceFor\":\"01:00:00\"", "\"expiresAt\":\"2026-01-02T05:04:05+00:00\"",
            "\"from\":\"08:00:00\"", "\"until\":\"17:30:00\"", "\"firstDate\":\"2026-01-05\"", "\"lastDate\":\"2026-02-05\"", "\"timeZone\":\"Europe/Berlin\"",
            "\"localAddressList\":[\"a\"]", "\"remoteAddressList\":[\"b\"]", "\"sourceAddressList\":[\"c\"]", "\"destinationAddressList\":[\"d\"]",
            "\"localPortList\":[\"e\"]", "\"remotePortList\":[\"f\"]", "\"sourcePortList\":[\"g\"]", "\"destinationPortList\":[\"h\"]",
        ];
        Assert.All(parts, part => Assert.Contains(part, request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_captured_packet_takes_the_place_of_the_destination()
    {
        var cli = new CliRun();

        await cli.RunAsync("flow", "test", "--packet", "IP 198.51.100.7.50000 > 192.0.2.1.22: Flags [S]", "--interface", "eth0");

        (string method, string request) = Assert.Single(cli.Engine.Requests);
        Assert.Equal("firewall.testFlows", method);
        NetFlow flow = Assert.Single(JsonSerializer.Deserialize(request, ContractsJsonContext.Default.TestNetFlows)!.Flows);
        Assert.Equal(("IP 198.51.100.7.50000 > 192.0.2.1.22: Flags [S]", "", "eth0"), (flow.Packet, flow.DestinationAddress, flow.InterfaceAlias));
    }

    [Fact]
    public async Task A_switch_without_a_value_means_on()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("firewall address-list add x --dynamic --timeout 5m"));
        Assert.Contains("\"dynamic\":true,\"timeout\":\"00:05:00\"", cli.Engine.Requests[^1].Request, StringComparison.Ordinal);

        Assert.Equal(0, await cli.LineAsync("firewall forward add x --port 80 --to-address 192.168.1.10 --hairpin"));
        Assert.Contains("\"hairpin\":true", cli.Engine.Requests[^1].Request, StringComparison.Ordinal);

        Assert.Equal(2, await cli.LineAsync("firewall address-list add --dynamic x"));
        Assert.Contains("--dynamic: 'x' is none of on, off", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adding_other_things_sends_every_member_named()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("firewall address-list add x --address 192.0.2.0/24 --list a --file /f --host-name h --country DE --country-file /c --refresh-interval 1m --dynamic on --timeout 10m --max-entries 9"));
        Assert.Equal(
            """{"lists":[{"id":0,"name":"x","address":["192.0.2.0/24"],"list":["a"],"file":"/f","hostName":["h"],"country":["DE"],"countryFile":"/c","refreshInterval":"00:01:00","dynamic":true,"timeout":"00:10:00","maxEntries":9}]}""",
            cli.Engine.Requests[^1].Request);

        Assert.Equal(0, await cli.LineAsync("firewall zone add lan --interface eth1,wlan* --inbound allow --outbound reject --forward block --forward-to wan --block-bogons on --masquerade on"));
        Assert.Equal(
            """{"zones":[{"name":"lan","interfaceAlias":["eth1","wlan*"],"inbound":"allow","outbound":"reject","forward":"block","forwardTo":["wan"],"blockBogons":true,"masquerade":true}]}""",
            cli.Engine.Requests[^1].Request);

        Assert.Equal(0, await cli.LineAsync("firewall nat add x --kind one-to-one --interface wan0 --destination-address 10.99.0.0/24 --to-address 192.168.1.0/24 --random-port on --persistent on --include-own-packets on --disabled"));
        Assert.All(
            new[] { "\"kind\":\"oneToOne\"", "\"toAddress\":\"192.168.1.0/24\"", "\"enabled\":false", "\"randomPort\":true", "\"persistent\":true", "\"includeOwnPackets\":true" },
            part => Assert.Contains(part, cli.Engine.Requests[^1].Request, StringComparison.Ordinal));

        Assert.Equal(0, await cli.LineAsync("firewall forward add x --port 8000-8010 --to-address 192.168.1.10 --to-port 80-90 --protocol udp --interface eth0 --address 203.0.113.1 --remote-address 198.51.100.0/24 --hairpin on"));
        Assert.Equal(
            """{"forwards":[{"id":0,"name":"x","enabled":true,"protocol":"udp","port":"8000-8010","toAddress":"192.168.1.10","toPort":"80-90","interfaceAlias":["eth0"],"address":["203.0.113.1"],"remoteAddress":["198.51.100.0/24"],"hairpin":true}]}""",
            cli.Engine.Requests[^1].Request);
    }

    [Theory]
    [InlineData("firewall rule set block-web --after block-web", "ArgumentInvalid")]
    [InlineData("firewall rule set block-web --before nobody", "FirewallRuleNotFound")]
    [InlineData("firewall rule list nobody", "FirewallRuleNotFound")]
    [InlineData("firewall address-list set nobody --dynamic on", "FirewallItemNotFound")]
    [InlineData("firewall port-list list nobody", "FirewallItemNotFound")]
    [InlineData("firewall zone list nobody", "FirewallItemNotFound")]
    [InlineData("firewall nat enable nobody", "FirewallItemNotFound")]
    [InlineData("firewall forward list nobody", "FirewallItemNotFound")]
    [InlineData("firewall connection remove", "ArgumentInvalid")]
    public Task What_is_not_there_is_an_error(string line, string id) => new CliRun().FailsAsync(line, id);

    [Theory]
    [InlineData("firewall address-list set office --timeout 0s", "firewall.setAddressLists", new[] { "\"id\":8", "\"file\":\"/etc/netmod/office.txt\"" }, new[] { "timeout", "entryCount", "problem", "refreshedAt" })]
    [InlineData("firewall zone set lan --masquerade off", "firewall.setZones", new[] { "\"masquerade\":false", "\"blockBogons\":true" }, new string[0])]
    [InlineData("firewall nat set internet --position 2", "firewall.setNatRules", new[] { "\"id\":9", "\"position\":2", "\"toPort\":\"2000-3000\"" }, new[] { "connectionCount" })]
    [InlineData("firewall nat disable internet", "firewall.setNatRules", new[] { "\"enabled\":false" }, new[] { "position", "connectionCount" })]
    [InlineData("firewall forward enable *", "firewall.setPortForwards", new[] { "\"enabled\":true", "\"toPort\":\"22\"" }, new[] { "connectionCount" })]
    [InlineData("firewall profile set --enabled on --inbound reject --syn-flood-limit 0 --connection-accounting on", "firewall.setProfile", new[] { "\"enabled\":true", "\"connectionAccounting\":true", "\"inbound\":\"reject\"", "\"synFloodLimit\":0", "\"logBlocked\":true" }, new string[0])]
    [InlineData("firewall detection set --scan-ports 0 --never-ban 10.0.0.0/8 --window 30s", "firewall.setDetection", new[] { "\"scanPorts\":0", "\"neverBan\":[\"10.0.0.0/8\"]", "\"window\":\"00:00:30\"", "\"banList\":\"banned\"" }, new string[0])]
    public Task Setting_keeps_what_is_not_named_leaves_out_what_is_so_now_and_guards(string line, string method, string[] has, string[] hasNot) => new CliRun().SendsAsync(line, method, has, hasNot);

    [Fact]
    public async Task An_empty_text_takes_a_value_away()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.RunAsync("firewall", "zone", "set", "lan", "--inbound", "", "--forward-to", "", "--description", ""));
        Assert.Equal("""{"zones":[{"name":"lan","interfaceAlias":["eth1"],"outbound":"allow","forward":"block","forwardTo":[],"blockBogons":true,"masquerade":true}],"change":{"whatIf":false,"expectedGeneration":3}}""", cli.Engine.Requests[^1].Request);

        Assert.Equal(0, await cli.RunAsync("firewall", "nat", "set", "internet", "--to-port", "", "--to-address", ""));
        Assert.DoesNotContain("toAddress", cli.Engine.Requests[^1].Request, StringComparison.Ordinal);
        Assert.DoesNotContain("toPort", cli.Engine.Requests[^1].Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schedule_is_changed_by_its_parts_and_taken_away()
    {
        var cli = new CliRun();
        cli.Engine.Answer(EngineApi.FirewallListRules, [Samples.Rule with { Schedule = new FirewallSchedule { Day = [DayOfWeek.Monday], From = new TimeOnly(8, 0) } }]);

        Assert.Equal(0, await cli.LineAsync("firewall rule set block-web --until 17:00"));
        Assert.Contains("\"until\":\"17:00:00\"", cli.Engine.Requests[^1].Request, StringComparison.Ordinal);
        Assert.Contains("\"from\":\"08:00:00\"", cli.Engine.Requests[^1].Request, StringComparison.Ordinal);

        Assert.Equal(0, await cli.LineAsync("firewall rule set block-web --always"));
        Assert.DoesNotContain("\"schedule\"", cli.Engine.Requests[^1].Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verdict_is_told_with_what_it_depends_on_and_by_the_exit_code()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("flow test 192.0.2.1 22 --steps"));

        Assert.Contains("allowed by ssh: rule ssh allows it", cli.Out, StringComparison.Ordinal);
        Assert.Contains("inbound tcp 198.51.100.7:50000 > 192.0.2.1:22", cli.Out, StringComparison.Ordinal);
        Assert.Contains("web: a => b", cli.Out, StringComparison.Ordinal);
        Assert.Contains("ip filter INPUT", cli.Out, StringComparison.Ordinal);
        Assert.Contains("the rate is not used up", cli.Out, StringComparison.Ordinal);
        Assert.Contains("port 22 is not 23", cli.Out, StringComparison.Ordinal);

        var no = new CliRun();
        no.Engine.Answer(EngineApi.FirewallTestFlows, [FirewallSamples.Verdict with { Allowed = false, Action = RuleAction.Reject, Rule = null }]);
        Assert.Equal(1, await no.LineAsync("flow test 192.0.2.1 22"));
        Assert.Contains("reject by no rule", no.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("telnet", no.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kept_generation_can_be_asked()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("flow test 192.0.2.1 22 --generation 2"));

        Assert.Equal(["configuration.get", "firewall.testFlows"], cli.Engine.Requests.Select(request => request.Method));
        Assert.Contains("\"document\":{", cli.Engine.Requests[^1].Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Importing_warns_of_every_line_that_is_not_taken_over()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("rules", "*filter\nCOMMIT\n");
        var cli = new CliRun();

        Assert.Equal(0, await cli.RunAsync("firewall", "import", file, "--replace", "--what-if"));

        Assert.Equal(("firewall.import", """{"text":"*filter\nCOMMIT\n","replace":true,"change":{"whatIf":true}}"""), cli.Engine.Requests[^1]);
        Assert.Contains("line 3 is not taken over: no string matches (-A INPUT -m string)", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exporting_writes_the_text_or_a_file_that_is_not_there_yet()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("old", "x");
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("firewall export"));
        Assert.Equal("table inet netmod {\n}\n", cli.Out);
        Assert.Equal(1, await cli.RunAsync("firewall", "export", "--file", file));
        Assert.Equal(0, await cli.RunAsync("firewall", "export", "--file", file, "--force"));
        Assert.Equal("table inet netmod {\n}\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("firewall zone add x --inbound maybe", "--inbound: 'maybe' is none of")]
    [InlineData("firewall nat add x", "--kind")]
    [InlineData("firewall forward add x --port 22", "--to-address")]
    [InlineData("firewall forward add x --port 70000 --to-address 192.0.2.1", "--port: '70000' is not a port")]
    [InlineData("firewall rule add x --from late", "--from: 'late' is not a time")]
    [InlineData("firewall rule add x --first-date 5.1.", "--first-date: '5.1.' is not a date")]
    [InlineData("firewall rule add x --day someday", "--day: 'someday' is none of")]
    [InlineData("firewall address-list put x nonsense", "ADDRESS: 'nonsense' is not an address")]
    [InlineData("flow test 192.0.2.1 http", "PORT: 'http' is not a port")]
    [InlineData("flow test 192.0.2.1 --at soon", "--at: 'soon' is not a time")]
    public Task What_cannot_be_read_says_what_would_be_right(string line, string message) => new CliRun().RefusesAsync(line, message);

    [Theory]
    [InlineData("firewall connection list", "[2001:db8::1]:443")]
    [InlineData("firewall connection watch", "new     tcp 198.51.100.7:50000 > [2001:db8::1]:443 established")]
    [InlineData("firewall connection remove --protocol tcp", "Ended 2 connections.")]
    [InlineData("firewall log", "03:04:05.000 block-web: block forward tcp 198.51.100.7:50000 > 192.168.1.10:8080 in eth0 out eth1 length 60 (2 missed before)")]
    [InlineData("firewall stat", "198.51.100.7            1    300")]
    [InlineData("flow trace", "0000beef inet netmod in_0 rule ssh rule: accept (tcp 198.51.100.7:50000 > 192.0.2.1:22 in eth0)")]
    [InlineData("firewall nat list", "203.0.113.1 port 2000-3000")]
    [InlineData("firewall forward list", "192.168.1.10 port 22")]
    [InlineData("firewall profile show", "Inbound                 block")]
    [InlineData("firewall detection show", "into banned for 10m 0s")]
    [InlineData("firewall address-list entries office", "rule ssh")]
    public async Task Tables_and_lines_show_what_matters(string line, string text)
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync(line));

        Assert.Contains(text, cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_is_told_with_all_it_matches()
    {
        var cli = new CliRun();
        cli.Engine.Answer(EngineApi.FirewallListRules, [new FirewallRule
        {
            Name = "x",
            Protocol = IpProtocol.Tcp,
            RemoteAddressList = ["office"],
            LocalPortList = ["web"],
            Zone = "lan",
            ConnectionState = [ConnectionState.New],
            TcpFlags = "syn",
            RateLimit = "10/second",
            ConnectionLimit = 5,
            AboveConnectionLimit = true,
            InactiveReason = "group",
        }]);

        Assert.Equal(0, await cli.LineAsync("firewall rule list"));

        Assert.Contains("tcp from office to any port web of zone lan state new flags syn within 10/second above 5 connections", cli.Out, StringComparison.Ordinal);
        Assert.Contains("  group  ", cli.Out, StringComparison.Ordinal);
    }
}
