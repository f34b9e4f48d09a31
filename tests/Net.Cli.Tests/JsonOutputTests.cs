using System.Text.Json;
using System.Text.Json.Nodes;
using Net.Cli.Tests.Support;
using Net.Contracts;

namespace Net.Cli.Tests;

/// <summary>What programs read from <c>--output json</c> stays: members may be added to the stored samples, never taken away or changed.</summary>
public sealed class JsonOutputTests
{
    public static TheoryData<string, string> Commands => new()
    {
        { "status", "status" },
        { "status-compact", "status --compact" },
        { "path-list", "path list" },
        { "path-watch", "path watch" },
        { "path-measure", "path measure" },
        { "path-test", "path test" },
        { "path-route-list", "path route list" },
        { "path-route-add", "path route add lab --destination 203.0.113.0/24" },
        { "firewall-list", "firewall list" },
        { "firewall-add", "firewall add x" },
        { "firewall-set", "firewall set block-web --action allow" },
        { "firewall-remove", "firewall remove block-web" },
        { "firewall-rule-list", "firewall rule list" },
        { "firewall-group-enable", "firewall group enable public" },
        { "firewall-reset", "firewall reset" },
        { "firewall-address-list-list", "firewall address-list list" },
        { "firewall-address-list-add", "firewall address-list add x" },
        { "firewall-address-list-entries", "firewall address-list entries office" },
        { "firewall-address-list-put", "firewall address-list put banned 192.0.2.7" },
        { "firewall-port-list-list", "firewall port-list list" },
        { "firewall-port-list-set", "firewall port-list set web --port 80" },
        { "firewall-zone-list", "firewall zone list" },
        { "firewall-zone-set", "firewall zone set lan --masquerade on" },
        { "firewall-profile-show", "firewall profile show" },
        { "firewall-profile-set", "firewall profile set --enabled on" },
        { "firewall-detection-show", "firewall detection show" },
        { "firewall-detection-set", "firewall detection set --enabled on" },
        { "firewall-nat-list", "firewall nat list" },
        { "firewall-nat-enable", "firewall nat enable internet" },
        { "firewall-forward-list", "firewall forward list" },
        { "firewall-forward-remove", "firewall forward remove ssh" },
        { "firewall-connection-list", "firewall connection list" },
        { "firewall-connection-watch", "firewall connection watch" },
        { "firewall-connection-remove", "firewall connection remove --id 77" },
        { "firewall-log", "firewall log" },
        { "firewall-stat", "firewall stat" },
        { "firewall-export", "firewall export" },
        { "flow-test", "flow test 192.0.2.1 22" },
        { "flow-trace", "flow trace" },
        { "config-show", "config show" },
        { "config-export", "config export" },
        { "config-test", "config test" },
        { "config-confirm", "config confirm" },
        { "config-restore", "config restore" },
        { "config-generations", "config generations" },
        { "config-compare", "config compare 1" },
        { "events", "events" },
        { "events-watch", "events --watch" },
        { "secret-list", "secret list" },
        { "secret-remove", "secret remove token" },
        { "log-level", "log-level * debug" },
        { "errors", "errors FirewallRuleNotFound" },
        { "engine-status", "engine status" },
        { "lab-list", "lab list" },
        { "lab-status", "lab status" },
        { "traffic-send", "traffic send eth0 --to 239.1.1.1:5000" },
        { "traffic-receive", "traffic receive eth1=239.2.2.1:6001" },
        { "overlay-list", "overlay list" },
        { "overlay-show", "overlay show home" },
        { "overlay-add", "overlay add home" },
        { "overlay-set", "overlay set home --mtu 1400" },
        { "overlay-start", "overlay start home" },
        { "overlay-restart", "overlay restart home" },
        { "overlay-graph", "overlay graph home" },
        { "overlay-audit", "overlay audit" },
        { "overlay-selftest", "overlay selftest" },
        { "overlay-peer-list", "overlay peer list" },
        { "overlay-peer-add", "overlay peer add home bob" },
        { "overlay-peer-test", "overlay peer test home" },
        { "overlay-peer-watch", "overlay peer watch" },
        { "overlay-route-list", "overlay route list" },
        { "overlay-route-add", "overlay route add home 10.20.0.0/16" },
        { "overlay-policy-list", "overlay policy list" },
        { "overlay-policy-add", "overlay policy add home shell" },
        { "overlay-policy-test", "overlay policy test home bob self 22" },
        { "overlay-identity-list", "overlay identity list" },
        { "overlay-identity-rotate", "overlay identity rotate default" },
        { "overlay-network-list", "overlay network list" },
        { "overlay-network-add", "overlay network add office" },
        { "overlay-certificate-list", "overlay certificate list" },
        { "overlay-certificate-issue", "overlay certificate issue office eve nmk1eve" },
        { "overlay-certificate-revoke", "overlay certificate revoke office 17" },
        { "overlay-invitation-add", "overlay invitation add home" },
        { "overlay-join-request-list", "overlay join-request list" },
        { "overlay-join-request-approve", "overlay join-request approve 7f3a" },
        { "overlay-message-send", "overlay message send home bob status done" },
        { "overlay-message-receive", "overlay message receive" },
        { "relay-rule-list", "relay rule list" },
        { "relay-rule-add", "relay rule add x --interface eth0 --group 239.1.1.1 --port 5000 --to br1" },
        { "relay-rule-set", "relay rule set news --engine auto" },
        { "relay-rule-remove", "relay rule remove news" },
        { "relay-rule-enable", "relay rule enable news" },
        { "relay-statistics", "relay statistics" },
        { "relay-statistics-watch", "relay statistics --watch" },
        { "relay-groups", "relay groups" },
        { "relay-workers", "relay workers" },
        { "relay-log-level", "relay log-level debug --worker 1" },
        { "relay-settings-show", "relay settings show" },
        { "relay-settings-set", "relay settings set --workers 1" },
        { "relay-trace", "relay trace news" },
        { "relay-measure", "relay measure news --send lab0 --receive lab1" },
        { "version", "version" },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Json_has_everything_the_stored_sample_has(string name, string line)
    {
        var cli = new CliRun();
        await cli.LineAsync($"{line} --output json");
        Assert.NotEmpty(cli.Out);
        string path = Path.Combine(Repository.Data, $"{name}.json");
        if (Environment.GetEnvironmentVariable("NETMOD_UPDATE_SNAPSHOTS") == "1")
        {
            await File.WriteAllTextAsync(path, cli.Out, TestContext.Current.CancellationToken);
        }

        Assert.True(File.Exists(path), $"{path} is missing: run with NETMOD_UPDATE_SNAPSHOTS=1 once and read what it wrote");
        JsonNode? stored = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));

        AssertHolds(stored, JsonNode.Parse(cli.Out), "$");
    }

    [Fact]
    public async Task Lists_are_arrays_and_items_of_streams_are_lines()
    {
        var cli = new CliRun();
        cli.Engine.Answer(EngineApi.PathsMeasure, Several());

        Assert.Equal(0, await cli.LineAsync("path measure -o json"));

        string[] lines = cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, text => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(text).RootElement.ValueKind));

        var list = new CliRun();
        list.Engine.Answer(EngineApi.FirewallListRules, []);
        Assert.Equal(0, await list.LineAsync("firewall list -o json"));
        Assert.Equal("[]\n", list.Out);
    }

    [Fact]
    public async Task Every_answer_survives_the_way_over_the_wire()
    {
        var cli = new CliRun();
        foreach (string line in new[] { "status", "config show", "config test", "firewall add x" })
        {
            Assert.InRange(await cli.LineAsync(line), 0, 1);
        }

        // Null members are left out when written, so reading must not ask for them.
        EngineStatus bare = Samples.Status with { Privileges = Samples.Status.Privileges with { Remark = null } };
        string text = JsonSerializer.Serialize(bare, EngineApi.EngineStatus.Result);
        Assert.Null(JsonSerializer.Deserialize(text, EngineApi.EngineStatus.Result)!.Privileges.Remark);
    }

    // JSON numbers, texts and booleans are compared as written; arrays by position.
    private static void AssertHolds(JsonNode? stored, JsonNode? now, string place)
    {
        switch (stored)
        {
            case JsonObject members:
                JsonObject present = Assert.IsType<JsonObject>(now);
                foreach ((string name, JsonNode? value) in members)
                {
                    Assert.True(present.ContainsKey(name), $"{place}.{name} is gone");
                    AssertHolds(value, present[name], $"{place}.{name}");
                }

                break;
            case JsonArray items:
                JsonArray list = Assert.IsType<JsonArray>(now);
                Assert.True(list.Count >= items.Count, $"{place} has lost items");
                for (int i = 0; i < items.Count; i++)
                {
                    AssertHolds(items[i], list[i], $"{place}[{i}]");
                }

                break;
            default:
                // The release changes with every release, and a test host has no unit file.
                if (place is not "$.version" and not "$.installed")
                {
                    Assert.True(JsonNode.DeepEquals(stored, now), $"{place} was {stored?.ToJsonString()} and is {now?.ToJsonString()}");
                }

                break;
        }
    }

    private static async IAsyncEnumerable<PathMeasurement> Several()
    {
        await Task.CompletedTask;
        yield return Samples.Measurement;
        yield return Samples.Measurement with { PathId = "eth1" };
    }
}
