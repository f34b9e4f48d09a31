using System.Globalization;
using Net.Contracts;

namespace Net.Service.Tests.Overlay;

/// <summary>Two real engines with real workers: they become peers, keep to the policy, and survive what may be killed or deleted.</summary>
public sealed class OverlayPairTests(OverlayPair pair) : IClassFixture<OverlayPair>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Peers_reach_each_other_over_both_families()
    {
        await pair.MeetAsync();

        await OverlayNode.ReachesAsync(pair.Left.Node, pair.Right.Address6);
        OverlayPeer right = await pair.Left.PeerAsync("right", peer => peer is { State: OverlayPeerState.Up, ReceivedBytes: > 0 });
        Assert.Equal(OverlayTrust.Key, right.Trust);
        Assert.EndsWith("10.1.0.2:47900", right.RemoteEndpoint!.Replace("[::ffff:", string.Empty, StringComparison.Ordinal).Replace("]", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(pair.Created.Plan.Warnings, warning => warning.Contains("nothing may reach this node", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_no_rule_allows_is_closed_and_the_audit_log_says_who_tried()
    {
        await pair.MeetAsync();

        Assert.Equal("answered", await pair.LeftAgent.TryAsync("tcp", $"{pair.Right.Address}:7001"));
        Assert.NotEqual("answered", await pair.LeftAgent.TryAsync("tcp", $"{pair.Right.Address}:7002"));

        OverlayAuditRecord? denied = null;
        await Wait.UntilAsync("a record of the denial", async () =>
        {
            OverlayAuditRecord[] all = await pair.Right.Client.CallAsync(EngineApi.OverlayListAudit, new ListOverlayAudit(OverlayNode.Net, DeniedOnly: true), Token);
            denied = all.FirstOrDefault(record => record.DestinationPort == 7002);
            return (denied is not null, string.Join("; ", all.AsEnumerable()));
        });
        Assert.Equal(("left", OverlayAction.Deny, pair.Left.Address), (denied!.SourceNode, denied.Action, denied.SourceAddress));
        OverlayPolicyRule[] rules = await pair.Right.Client.CallAsync(EngineApi.OverlayListPolicy, new ListOverlayPolicy(OverlayNode.Net), Token);
        Assert.Equal(["ping", "web"], rules.Select(rule => rule.Name));
    }

    [Fact]
    public async Task What_this_node_itself_may_not_open_is_refused_at_once_and_not_by_waiting()
    {
        await pair.MeetAsync();
        await pair.Left.Client.CallAsync(EngineApi.OverlayCreatePolicy, new CreateOverlayPolicy(
            [new OverlayPolicyRule { Overlay = OverlayNode.Net, Name = "no-proxy", Action = OverlayAction.Deny, Protocol = IpProtocol.Tcp, Port = [PortRange.Parse("7003", null)], From = ["self"] }]), Token);

        Assert.Equal("unreachable", await pair.LeftAgent.TryAsync("tcp", $"{pair.Right.Address}:7003"));

        await pair.Left.Client.CallAsync(EngineApi.OverlayRemovePolicy, new RemoveOverlayPolicy(OverlayNode.Net, ["no-proxy"]), Token);
    }

    [Fact]
    public async Task Every_thread_of_a_worker_is_nobody_without_any_capability()
    {
        await pair.MeetAsync();
        int worker = await pair.Left.WorkerAsync();

        string[] threads = Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{worker}/task"));

        Assert.NotEmpty(threads);
        foreach (string thread in threads)
        {
            string[] lines = await File.ReadAllLinesAsync(Path.Combine(thread, "status"), Token);
            Assert.Contains("CapEff:\t0000000000000000", lines);
            Assert.Contains("CapPrm:\t0000000000000000", lines);
            Assert.Contains("CapInh:\t0000000000000000", lines);
            Assert.Contains("CapAmb:\t0000000000000000", lines);
            Assert.Contains("NoNewPrivs:\t1", lines);
            Assert.DoesNotContain(lines, line => line.StartsWith("Uid:", StringComparison.Ordinal) && line.Split('\t').Contains("0"));
            Assert.DoesNotContain(lines, line => line.StartsWith("Gid:", StringComparison.Ordinal) && line.Split('\t').Contains("0"));
            Assert.Contains(lines, line => line.StartsWith("Groups:", StringComparison.Ordinal) && line["Groups:".Length..].Trim().Length == 0);
        }
    }

    [Fact]
    public async Task Traffic_resumes_after_a_worker_is_killed_and_addresses_stay_meanwhile()
    {
        await pair.MeetAsync();
        int worker = await pair.Right.WorkerAsync();
        string before = await AddressesAsync(pair.Right);

        // Another test may have changed settings, for which the engine ends a worker the same way, as wanted.
        DateTimeOffset start = DateTimeOffset.UtcNow;
        await OverlayNode.KillAsync(worker);
        EngineEvent ended = await EngineProcess.EventAsync(pair.Right.Client, "OverlayWorkerEnded", item => item.Time >= start && item.Message.Contains("signal 9", StringComparison.Ordinal));
        string meanwhile = await AddressesAsync(pair.Right);
        await pair.Right.RunsAsync(overlay => overlay.WorkerProcessId != worker);

        await pair.MeetAsync();
        Assert.Equal(before, meanwhile);
        Assert.Equal(EventSeverity.Error, ended.Severity);
    }

    [Fact]
    public async Task Traffic_resumes_after_an_engine_is_killed_and_started_again()
    {
        await pair.MeetAsync();
        int worker = await pair.Right.WorkerAsync();
        string address = pair.Right.Address;

        await pair.Right.Engine.KillAsync();
        await Wait.UntilAsync("its worker ends by itself", () => Task.FromResult(!Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{worker}"))));
        await pair.Right.StartEngineAsync();
        await pair.Right.RunsAsync();

        await pair.MeetAsync();
        Assert.Equal(address, pair.Right.Address);
    }

    [Fact]
    public async Task A_device_that_was_deleted_is_made_anew_with_its_addresses_and_routes()
    {
        await pair.MeetAsync();
        string addresses = await AddressesAsync(pair.Left);
        string routes = await RoutesAsync(pair.Left);

        await Kernel.IpAsync(pair.Left.Node, $"link del {OverlayNode.Device}");
        await EngineProcess.EventAsync(pair.Left.Client, "OverlayDriftRepaired", item => item.Message.Contains(OverlayNode.Device, StringComparison.Ordinal));
        await pair.Left.RunsAsync();

        await pair.MeetAsync();
        Assert.Equal(addresses, await AddressesAsync(pair.Left));
        Assert.Equal(routes, await RoutesAsync(pair.Left));
    }

    [Fact]
    public async Task Shards_keep_to_a_core_each_and_sessions_come_back_after_their_number_changed()
    {
        await pair.MeetAsync();
        Assert.SkipUnless(Environment.ProcessorCount >= 2, "needs two cores");
        Contracts.Overlay overlay = await pair.Right.RunsAsync();

        await pair.Right.Client.CallAsync(EngineApi.OverlaySet, new SetOverlays([overlay with { Shards = 2 }]), Token);
        Contracts.Overlay changed = await pair.Right.RunsAsync(one => one.ActiveShards is { Length: 2 });
        await pair.MeetAsync();

        // Threads of a locked worker cannot be named; no others than shards keep to one core.
        string[] shards =
        [
            .. Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{changed.WorkerProcessId}/task"))
                .Select(task => File.ReadLines(Path.Combine(task, "status")).First(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split('\t')[1])
                .Where(cores => cores.All(char.IsAsciiDigit)).Order(),
        ];
        Assert.Equal(changed.ActiveShards!.Select(shard => shard.Core!.Value.ToString(CultureInfo.InvariantCulture)).Order(), shards);
        Assert.Equal(2, shards.Distinct().Count());
        Assert.Equal(1, (await pair.Right.RunsAsync(one => one.ActiveShards is { Length: 2 } all && all.Sum(shard => shard.Peers) == 1)).ActiveShards!.Sum(shard => shard.Peers));

        await pair.Right.Client.CallAsync(EngineApi.OverlaySet, new SetOverlays([overlay with { Shards = 1 }]), Token);
        await pair.MeetAsync();
        Assert.Null(Assert.Single((await pair.Right.RunsAsync(one => one.ActiveShards is { Length: 1 })).ActiveShards!).Core);
    }

    [Fact]
    public async Task A_key_that_is_rotated_is_followed_and_addresses_stay()
    {
        await pair.MeetAsync();
        string address = pair.Right.Address;

        OverlayIdentity rotated = await pair.Right.Client.CallAsync(EngineApi.OverlayRotateIdentity, new RotateOverlayIdentity("default"), Token);

        await pair.Left.PeerAsync("right", peer => peer.PublicKey == rotated.PublicKey && peer.State == OverlayPeerState.Up);
        await pair.MeetAsync();
        Assert.Equal(address, (await pair.Right.RunsAsync()).ActiveAddresses![0]);
        await EngineProcess.EventAsync(pair.Left.Client, "OverlayPeerKeyRotated");
    }

    private static async Task<string> AddressesAsync(OverlayNode node) =>
        (await node.Node.ExecAsync("ip", ["-br", "address", "show", "dev", OverlayNode.Device, "scope", "global"], cancellationToken: Token)).EnsureSucceeded().Output;

    private static async Task<string> RoutesAsync(OverlayNode node) =>
        (await node.Node.ExecAsync("ip", ["route", "show", "dev", OverlayNode.Device], cancellationToken: Token)).EnsureSucceeded().Output;
}
