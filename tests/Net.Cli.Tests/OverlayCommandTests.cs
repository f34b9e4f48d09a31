using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Net.Cli.Tests.Support;
using Net.Contracts;

namespace Net.Cli.Tests;

public sealed class OverlayCommandTests
{
    [Theory]
    [InlineData("overlay list", "overlay.list", "{}")]
    [InlineData("overlay list h*", "overlay.list", """{"names":["h*"]}""")]
    [InlineData("overlay remove home --what-if", "overlay.remove", """{"names":["home"],"change":{"whatIf":true}}""")]
    [InlineData("overlay restart home", "overlay.restart", """{"names":["home"]}""")]
    [InlineData("overlay restart h*", "overlay.restart", """{"names":["home"]}""")]
    [InlineData("overlay graph home", "overlay.getGraph", """{"overlay":"home"}""")]
    [InlineData("overlay audit", "overlay.listAudit", """{"count":100,"deniedOnly":false}""")]
    [InlineData("overlay audit home --newest 5 --denied", "overlay.listAudit", """{"overlay":"home","count":5,"deniedOnly":true}""")]
    [InlineData("overlay selftest", "overlay.selfTest", "{}")]
    [InlineData("overlay peer list", "overlay.listPeers", "{}")]
    [InlineData("overlay peer list home b*", "overlay.listPeers", """{"overlay":"home","names":["b*"]}""")]
    [InlineData("overlay peer remove home bob", "overlay.removePeers", """{"overlay":"home","names":["bob"]}""")]
    [InlineData("overlay peer remove home b*", "overlay.removePeers", """{"overlay":"home","names":["bob"]}""")]
    [InlineData("overlay peer test home bob --count 3 --timeout 2s --throughput 5s --mtu", "overlay.testPeers", """{"overlay":"home","names":["bob"],"count":3,"timeout":"00:00:02","throughput":"00:00:05","mtu":true}""")]
    [InlineData("overlay peer watch home", "overlay.watchPeers", """{"overlay":"home"}""")]
    [InlineData("overlay route list home", "overlay.listRoutes", """{"overlay":"home"}""")]
    [InlineData("overlay route remove home 10.20.0.0/16 --peer bob", "overlay.removeRoutes", """{"overlay":"home","prefixes":["10.20.0.0/16"],"peer":"bob"}""")]
    [InlineData("overlay policy list home shell", "overlay.listPolicy", """{"overlay":"home","names":["shell"]}""")]
    [InlineData("overlay policy remove home shell", "overlay.removePolicy", """{"overlay":"home","names":["shell"]}""")]
    [InlineData("overlay policy test home bob self 22", "overlay.testPolicy", """{"overlay":"home","from":"bob","to":"self","protocol":"tcp","port":22}""")]
    [InlineData("overlay policy test home bob self --protocol icmp --at 2026-01-01T00:00:00Z", "overlay.testPolicy", """{"overlay":"home","from":"bob","to":"self","protocol":"icmp","at":"2026-01-01T00:00:00+00:00"}""")]
    [InlineData("overlay identity list", "overlay.listIdentities", "{}")]
    [InlineData("overlay identity add work", "overlay.createIdentity", """{"name":"work"}""")]
    [InlineData("overlay identity rotate default", "overlay.rotateIdentity", """{"name":"default"}""")]
    [InlineData("overlay identity remove work", "overlay.removeIdentity", """{"name":"work"}""")]
    [InlineData("overlay network list off*", "overlay.listNetworks", """{"names":["off*"]}""")]
    [InlineData("overlay network add office", "overlay.createNetwork", """{"name":"office"}""")]
    [InlineData("overlay network remove office", "overlay.removeNetwork", """{"name":"office"}""")]
    [InlineData("overlay certificate list office eve", "overlay.listCertificates", """{"network":"office","names":["eve"]}""")]
    [InlineData("overlay certificate issue office eve nmk1eve --group staff,admins --subnet 10.30.0.0/16 --valid-for 30d", "overlay.issueCertificate", """{"network":"office","publicKey":"nmk1eve","name":"eve","groups":["staff","admins"],"subnets":["10.30.0.0/16"],"validFor":"30.00:00:00"}""")]
    [InlineData("overlay certificate revoke office 17 18", "overlay.revokeCertificates", """{"network":"office","serials":[17,18]}""")]
    [InlineData("overlay join-request list home --pending", "overlay.listJoinRequests", """{"overlay":"home"}""")]
    [InlineData("overlay join-request approve 7f3a", "overlay.decideJoinRequest", """{"id":"7f3a","approve":true}""")]
    [InlineData("overlay join-request deny 7f3a", "overlay.decideJoinRequest", """{"id":"7f3a","approve":false}""")]
    [InlineData("overlay message send home bob status done", "overlay.sendMessage", """{"overlay":"home","peer":"bob","topic":"status","data":"ZG9uZQ=="}""")]
    [InlineData("overlay message receive home --topic st* --peer bob --count 1", "overlay.receiveMessages", """{"overlay":"home","topic":"st*","peer":"bob"}""")]
    public async Task A_command_asks_the_engine_exactly_this(string line, string method, string request)
    {
        var cli = new CliRun();

        int exitCode = await cli.LineAsync(line);

        Assert.Equal((method, request), cli.Engine.Requests[^1]);
        Assert.Empty(cli.Error.Replace("netmod: warning: you may lock yourself out\n", string.Empty, StringComparison.Ordinal));
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Adding_an_overlay_sends_every_member_named()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.RunAsync(
            "overlay", "add", "lab", "--identity", "work", "--interface", "nm0", "--listen-port", "0", "--listen-address", "192.0.2.1", "--network-key", "nmk1x",
            "--certificate", "nmc1x", "--trust-on-first-use", "on", "--address", "100.64.0.9", "--prefix", "100.80.0.0/16", "--mtu", "1300", "--topology", "hub-and-spoke",
            "--hub", "bob", "--congestion-control", "bbr", "--datagrams", "off", "--keep-alive", "5s", "--busy-poll", "2ms", "--shards", "2", "--idle-close", "1m", "--accept-routes", "on", "--exit-node", "bob",
            "--kill-switch", "off", "--name-service", "off", "--use-host-resolver", "on", "--group", "servers=web,db", "--group", "all=group:servers,bob",
            "--policy-test", "bob:self:tcp/22:allow", "--policy-test", "[2001:db8::1]:self:icmp:deny", "--audit", "off", "--audit-connections", "off",
            "--audit-file-bytes", "65536", "--audit-files", "3", "--disabled"));

        (string method, string request) = Assert.Single(cli.Engine.Requests);
        Assert.Equal("overlay.create", method);
        Assert.Equal(
            """
            {"overlays":[{"name":"lab","enabled":false,"identity":"work","interfaceAlias":"nm0","listenPort":0,"listenAddress":"192.0.2.1","networkKey":"nmk1x","certificate":"nmc1x","trustOnFirstUse":true,"addresses":["100.64.0.9"],"prefix":"100.80.0.0/16","mtuBytes":1300,"topology":"hubAndSpoke","hubs":["bob"],"congestionControl":"bbr","datagrams":false,"keepAlive":"00:00:05","busyPoll":"00:00:00.0020000","shards":2,"idleClose":"00:01:00","acceptRoutes":true,"exitNode":"bob","killSwitch":false,"nameService":false,"useHostResolver":true,"peers":[],"routes":[],"policy":[],"groups":[{"name":"servers","members":["web","db"]},{"name":"all","members":["group:servers","bob"]}],"policyTests":[{"from":"bob","to":"self","protocol":"tcp","port":22,"expect":"allow"},{"from":"2001:db8::1","to":"self","protocol":"icmp","expect":"deny"}],"audit":{"enabled":false,"connections":false,"maxFileBytes":65536,"maxFiles":3}}]}
            """,
            request);
    }

    [Theory]
    [InlineData("overlay set home --mtu 1300 --kill-switch off", "overlay.set", new[] { "\"mtuBytes\":1300", "\"killSwitch\":false", "\"peers\":[{\"name\":\"bob\"", "\"exitNode\":\"bob\"" }, new[] { "workerProcessId", "listenEndpoint", "drops" })]
    [InlineData("overlay stop *", "overlay.set", new[] { "\"enabled\":false", "\"exitNode\":\"bob\"" }, new[] { "workerProcessId" })]
    [InlineData("overlay peer set home bob --endpoint 198.51.100.7:1,198.51.100.8:2 --enabled off", "overlay.setPeers", new[] { "\"endpoints\":[\"198.51.100.7:1\",\"198.51.100.8:2\"]", "\"publicKey\":\"nmk1bob\"", "\"enabled\":false" }, new[] { "remoteEndpoint", "\"state\"" })]
    [InlineData("overlay policy set home shell --port 2222 --end 00:00", "overlay.setPolicy", new[] { "\"port\":[\"2222\"]", "\"startTime\":\"08:00:00\"" }, new[] { "endTime", "matches", "position" })]
    public Task Setting_keeps_what_is_not_named_leaves_out_what_is_so_now_and_guards(string line, string method, string[] has, string[] hasNot) => new CliRun().SendsAsync(line, method, has, hasNot);

    [Fact]
    public async Task The_audit_log_tells_node_and_address_of_both_ends_because_a_gateway_sends_for_others()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync("overlay audit home"));

        Assert.Contains("eve 100.64.0.3:40000", cli.Out, StringComparison.Ordinal);
        Assert.Contains("home 100.64.0.1:23", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_text_or_list_takes_a_value_away()
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.RunAsync("overlay", "set", "home", "--exit-node", "", "--group", "", "--policy-test", "", "--idle-close", "0s"));
        string sent = cli.Engine.Requests[^1].Request;
        Assert.DoesNotContain("\"exitNode\"", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("\"idleClose\"", sent, StringComparison.Ordinal);
        Assert.Contains("\"groups\":[],\"policyTests\":[]", sent, StringComparison.Ordinal);

        Assert.Equal(0, await cli.RunAsync("overlay", "policy", "set", "home", "*", "--from", "", "--time-zone", "", "--protocol", "any", "--port", "", "--day", ""));
        Assert.Contains("\"from\":[\"*\"],\"to\":[\"self\"],\"port\":[],\"days\":[],", cli.Engine.Requests[^1].Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_is_added_with_its_times_and_a_route_with_its_gateway()
    {
        var cli = new CliRun();
        Assert.Equal(0, await cli.LineAsync(
            "overlay policy add home work --action deny --from group:staff --to self --protocol tcp --port 80,443 --day monday,friday --start 08:00 --end 18:00 --time-zone Europe/Berlin --position 1"));
        Assert.Equal(
            """{"rules":[{"overlay":"home","name":"work","action":"deny","from":["group:staff"],"to":["self"],"protocol":"tcp","port":["80","443"],"days":["monday","friday"],"startTime":"08:00:00","endTime":"18:00:00","timeZone":"Europe/Berlin","enabled":true,"position":1}]}""",
            cli.Engine.Requests[^1].Request);

        Assert.Equal(0, await cli.LineAsync("overlay route add home 10.20.0.0/16 10.30.0.0/16 --preference 10 --masquerade"));
        Assert.Equal(
            """{"routes":[{"overlay":"home","prefix":"10.20.0.0/16","preference":10,"masquerade":true},{"overlay":"home","prefix":"10.30.0.0/16","preference":10,"masquerade":true}]}""",
            cli.Engine.Requests[^1].Request);
    }

    [Theory]
    [InlineData("overlay peer set home carol", "OverlayPeerNotFound")]
    [InlineData("overlay show work", "OverlayNotFound")]
    [InlineData("overlay policy set home http --port 80", "OverlayPolicyNotFound")]
    public Task A_name_that_is_not_there_is_an_error(string line, string id) => new CliRun().FailsAsync(line, id);

    [Theory]
    [InlineData("overlay add x --group servers", "--group: 'servers' is not a set")]
    [InlineData("overlay add x --policy-test bob:self", "--policy-test: 'bob:self' is not a test")]
    [InlineData("overlay add x --policy-test bob:self:tcp/99999:allow", "is not a test")]
    [InlineData("overlay add x --kill-switch maybe", "--kill-switch: 'maybe' is none of on, off.")]
    [InlineData("overlay route add home 10.0.0.0/40", "10.0.0.0/40")]
    [InlineData("overlay policy add home x --start 25:00", "--start: '25:00' is not a time of day")]
    [InlineData("overlay policy add home x --day someday", "someday")]
    [InlineData("overlay policy test home a b 70000", "PORT: '70000' is not a port")]
    [InlineData("overlay policy test home a b --at noon", "--at: 'noon' is not a time")]
    public Task What_cannot_be_read_is_refused_before_the_engine_is_asked(string line, string message) => new CliRun().RefusesAsync(line, message);

    [Fact]
    public async Task An_invitation_stands_alone_on_standard_output_and_is_joined_from_standard_input()
    {
        var cli = new CliRun();
        Assert.Equal(0, await cli.LineAsync("overlay invitation add home --endpoint vpn.example.net:47900 --valid-for 2h --needs-approval --group staff"));
        Assert.Equal("nmi1secret\n", cli.Out);
        Assert.Equal("""{"overlay":"home","endpoints":["vpn.example.net:47900"],"validFor":"02:00:00","needsApproval":true,"groups":["staff"]}""", cli.Engine.Requests[^1].Request);
        Assert.DoesNotContain("nmi1secret", cli.Error, StringComparison.Ordinal);

        var other = new CliRun { Console = { In = new StringReader(cli.Out) } };
        Assert.Equal(0, await other.LineAsync("overlay join --name work --node-name laptop --timeout 1m"));
        Assert.Equal("""{"invitation":"nmi1secret","overlay":"work","nodeName":"laptop","timeout":"00:01:00"}""", other.Engine.Requests[^1].Request);
        Assert.DoesNotContain("nmi1secret", other.Out + other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_networks_key_is_written_for_its_owner_only_and_comes_back_with_its_passphrase()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "office.netkey");
        string passphrase = folder.Write("passphrase", "correct horse battery\n");
        var cli = new CliRun();

        Assert.Equal(0, await cli.RunAsync("overlay", "network", "export", "office", file, "--passphrase-file", passphrase));
        Assert.Equal("""{"name":"office","passphrase":"correct horse battery"}""", cli.Engine.Requests[^1].Request);
        Assert.Equal("nmb1sealed", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Equal(1, await cli.RunAsync("overlay", "network", "export", "office", file, "--passphrase-file", passphrase));
        Assert.Equal(0, await cli.RunAsync("overlay", "network", "import", file, "--name", "office-2", "--passphrase-file", passphrase));
        Assert.Equal("""{"text":"nmb1sealed","passphrase":"correct horse battery","name":"office-2"}""", cli.Engine.Requests[^1].Request);
        Assert.DoesNotContain("horse", cli.Out + cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tests_answer_by_their_exit_code()
    {
        var cli = new CliRun();
        cli.Engine.Answer(EngineApi.OverlayTestPolicy, new OverlayPolicyVerdict("home", "eve", "self", IpProtocol.Tcp, 23, OverlayAction.Deny, null, "no rule matches", Samples.Time));
        Assert.Equal(1, await cli.LineAsync("overlay policy test home eve self 23"));
        Assert.Equal("deny by the default: no rule matches\n", cli.Out);

        cli.Engine.Answer(EngineApi.OverlaySelfTest, [new OverlaySelfTestStep("libraries", false, "libngtcp2.so.16 is missing")]);
        Assert.Equal(1, await cli.LineAsync("overlay selftest"));

        cli.Engine.Answer(EngineApi.OverlayTestPeers, NoTests());
        Assert.Equal(1, await cli.LineAsync("overlay peer test home"));
    }

    // Null members are left out when written, so reading must not ask for them.
    [Fact]
    public void Answers_with_nothing_known_survive_the_way_over_the_wire()
    {
        Survives(EngineApi.OverlayTestPolicy.Result, new OverlayPolicyVerdict("home", "eve", "self", IpProtocol.Icmp, null, OverlayAction.Deny, null, "no rule matches", Samples.Time));
        Survives(EngineApi.OverlayReceiveMessages.Item, new OverlayMessage("home", "bob", "status", null, "/w==", Samples.Time));
        Survives(EngineApi.OverlayGetGraph.Result, new OverlayGraph("home", OverlayTopology.FullMesh, ["home"], [new OverlayEdge("home", "bob", OverlayPeerState.Idle, null)]));
        Survives(EngineApi.OverlayCreateInvitation.Result, new OverlayInvitation("4b", "home", null, Samples.Time, false, []));
        Survives(EngineApi.OverlayList.Result, [new Overlay { Name = "home", PolicyTests = [new OverlayPolicyTest("bob", "self", IpProtocol.Icmp, null, OverlayAction.Allow)] }]);
        Survives(EngineApi.OverlayListPeers.Result, [new OverlayPeer { Name = "bob" }]);
        Survives(EngineApi.OverlayListAudit.Result, [new OverlayAuditRecord { Overlay = "home", Event = "decision" }]);
    }

    [Fact]
    public async Task Tables_and_details_show_what_stands_in_the_answers()
    {
        var cli = new CliRun();
        foreach (string line in new[]
        {
            "overlay list", "overlay show", "overlay peer list", "overlay peer watch", "overlay peer test home", "overlay route list", "overlay policy list", "overlay audit",
            "overlay graph home", "overlay identity list", "overlay network list", "overlay certificate list", "overlay join-request list", "overlay message receive",
        })
        {
            Assert.Equal(0, await cli.LineAsync(line));
        }

        string[] shown =
        [
            "running: one peer is up", "4 policy, 2 no route", "bob, kill switch on", "100.100.100.53", "packets flow", "peer home/bob changed: up at 192.0.2.1:47900 rtt 1.50 ms",
            "5/5", "940.0", "bob is up", "tcp 22", "mon 08:00-18:00 Europe/Berlin", "no-telnet", "full-mesh, 2 nodes", "nmk1home", "nmk1network", "17", "7f3a", "home/bob status: done",
        ];
        Assert.All(shown, text => Assert.Contains(text, cli.Out, StringComparison.Ordinal));
        Assert.Empty(cli.Error);
    }

    [Fact]
    public async Task Names_of_overlays_and_of_what_is_in_them_complete()
    {
        var cli = new CliRun();
        foreach (string kind in new[] { "overlays", "overlay-peers", "overlay-rules", "overlay-prefixes", "identities", "networks", "join-requests" })
        {
            Assert.Equal(0, await cli.LineAsync($"completion names {kind}"));
        }

        Assert.Equal("home\nhome\nbob\nhome\nshell\nhome\n10.20.0.0/16\ndefault\noffice\n7f3a\n", cli.Out);
    }

    private static void Survives<T>(JsonTypeInfo<T> info, T value)
    {
        string text = JsonSerializer.Serialize(value, info);

        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize(text, info)!, info));
    }

    private static async IAsyncEnumerable<OverlayPeerTest> NoTests()
    {
        await Task.CompletedTask;
        yield break;
    }
}
