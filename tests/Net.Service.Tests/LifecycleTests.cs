using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Net.Client;
using Net.Contracts;
using Net.Lab;

namespace Net.Service.Tests;

/// <summary>Starting, stopping and restarting, and what systemd hears of it.</summary>
public sealed class LifecycleTests : IAsyncLifetime
{
    private readonly EngineFolder _folder = new();
    private Lab.Lab? _lab;

    private LabNode Node => _lab!.Node("left");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _lab = await TestHost.PairAsync();

    [Fact]
    public async Task A_stop_leaves_rules_and_routes_in_force_and_takes_the_socket_away()
    {
        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);
        await ConfigureAsync(await engine.ConnectAsync());
        string table = await Kernel.TableAsync(Node);
        string[] routes = await Kernel.RoutesAsync(Node);

        var time = Stopwatch.StartNew();
        Assert.Equal(0, await engine.StopAsync());

        TestContext.Current.TestOutputHelper?.WriteLine($"stopped after {time.ElapsedMilliseconds} ms");
        Assert.Equal(table, await Kernel.TableAsync(Node));
        Assert.Equal(routes, await Kernel.RoutesAsync(Node));
        Assert.False(File.Exists(_folder.Socket));
    }

    [Fact]
    public async Task A_restart_keeps_rules_routes_and_what_the_rules_counted()
    {
        await using Agent.LabAgent right = await Agent.LabAgent.StartAsync(_lab!.Node("right"));
        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);
        EngineClient client = await engine.ConnectAsync();
        await ConfigureAsync(client);
        Assert.Equal("timeout", await right.TryAsync("tcp", "10.1.0.1:1001"));
        FirewallRule before = await RuleAsync(client);
        Assert.True(before.PacketCount > 0);
        await engine.StopAsync();
        Assert.Equal("timeout", await right.TryAsync("tcp", "10.1.0.1:1001"));

        (EngineProcess next, TimeSpan took) = await engine.RestartAsync();

        await using (next)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"serving again after {took.TotalMilliseconds:F0} ms");
            FirewallRule after = await RuleAsync(await next.ConnectAsync());
            Assert.Equal(before.Id, after.Id);
            Assert.True(after.PacketCount > before.PacketCount, $"{before.PacketCount} packets before, {after.PacketCount} after");
            Assert.Equal(2, (await Kernel.RoutesAsync(Node)).Length);
        }
    }

    [Fact]
    public async Task A_stop_with_removal_takes_everything_of_ours_out_and_nothing_else()
    {
        await Kernel.NftAsync(Node, "add table inet other");
        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);
        EngineClient client = await engine.ConnectAsync();
        await ConfigureAsync(client);

        await client.CallAsync(EngineApi.EngineStop, new StopEngine(Remove: true), Token);

        Assert.Equal(0, await engine.Process.WaitForExitAsync(Wait.Patience, Token));
        Assert.Equal(string.Empty, await Kernel.TableAsync(Node));
        Assert.Empty(await Kernel.RoutesAsync(Node));
        LabCommandResult tables = await Node.ExecAsync("nft", ["list", "tables"], cancellationToken: Token);
        Assert.Equal("table inet other", tables.Output.Trim());

        // The configuration is kept: the next start puts it back.
        (EngineProcess next, _) = await engine.RestartAsync();
        await using (next)
        {
            Assert.Contains("\"r1\"", await Kernel.TableAsync(Node), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_stop_lets_a_running_call_end_and_ends_watchers()
    {
        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);
        EngineClient caller = await engine.ConnectAsync("caller");
        EngineClient watcher = await engine.ConnectAsync("watcher");
        await using IAsyncEnumerator<EngineEvent> watching = watcher.StreamAsync(EngineApi.EventsWatch, new WatchEvents(AfterSequence: 0), Token).GetAsyncEnumerator(Token);
        Assert.True(await watching.MoveNextAsync());
        FirewallRule[] many = [.. Enumerable.Range(1, 5000).Select(number => Rules.BlockTcp($"rule {number}", (ushort)number))];
        Task<FirewallRulesChanged> running = caller.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules(many), Token);

        // Answered after the engine has read the call before it.
        await caller.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token);
        var time = Stopwatch.StartNew();
        int exitCode = await engine.StopAsync();

        TestContext.Current.TestOutputHelper?.WriteLine($"stopped after {time.ElapsedMilliseconds} ms");
        Assert.Equal(0, exitCode);
        Assert.True((await running).Outcome.Applied);
        Assert.Contains("\"r5000\"", await Kernel.TableAsync(Node), StringComparison.Ordinal);
        await DrainAsync(watching);
    }

    [Fact]
    public async Task Systemd_hears_when_the_engine_serves_that_it_lives_and_when_it_stops()
    {
        string path = Path.Combine(_folder.Root, "notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        var environment = new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = path, ["WATCHDOG_USEC"] = "200000", ["WATCHDOG_PID"] = null };
        await using EngineProcess engine = EngineProcess.Launch(Node, _folder, environment);

        string ready = await NextAsync(manager, "READY=1");
        Assert.Contains($"MAINPID={engine.Process.Id}", ready, StringComparison.Ordinal);
        Assert.Contains("STATUS=generation 0", ready, StringComparison.Ordinal);
        EngineClient client = await engine.ConnectAsync();
        Assert.Equal(EngineState.Ready, (await client.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token)).State);

        await NextAsync(manager, "WATCHDOG=1");
        await NextAsync(manager, "WATCHDOG=1");

        await engine.SignalAsync("TERM");
        await NextAsync(manager, "STOPPING=1");
        Assert.Equal(0, await engine.Process.WaitForExitAsync(Wait.Patience, Token));
    }

    [Theory]
    [InlineData("json", "{\"")]
    [InlineData("systemd", "<6>")]
    [InlineData("console", "info: ")]
    public async Task Logs_come_in_the_format_asked_for(string format, string mark)
    {
        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder, new Dictionary<string, string?> { ["NETMOD_LOG_FORMAT"] = format });
        string line = await engine.Process.WaitForLineAsync("EngineStarted", Wait.Patience, Token);
        Assert.Contains(mark, line, StringComparison.Ordinal);
        if (format == "json")
        {
            Assert.All(engine.Process.Lines, one => System.Text.Json.JsonDocument.Parse(one.Text).Dispose());
        }
    }

    [Fact]
    public async Task Log_levels_change_while_the_engine_runs()
    {
        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);
        EngineClient client = await engine.ConnectAsync();

        await client.CallAsync(EngineApi.EngineSetLogLevel, new SetLogLevel("rpc", EngineLogLevel.Trace), Token);
        await client.CallAsync(EngineApi.ConfigurationGenerations, new ListGenerations(), Token);

        await engine.Process.WaitForLineAsync("configuration.generations ended", Wait.Patience, Token);
        EngineStatus status = await client.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token);
        Assert.Equal(EngineLogLevel.Trace, status.LogLevels["rpc"]);
    }

    [Fact]
    public async Task Policies_lock_host_options_and_settings_and_status_shows_both()
    {
        string policy = Path.Combine(_folder.Configuration, "policy.d", "10-site.json");
        await File.WriteAllTextAsync(policy, """{"log":{"level":"warning"},"metrics":{"listen":null}}""", Token);
        await using EngineProcess engine = EngineProcess.Launch(Node, _folder);

        // The line that says it serves is one of those the policy silences.
        EngineClient? connected = null;
        await Wait.UntilAsync("somebody serves", async () =>
        {
            try
            {
                connected = await engine.ConnectAsync();
                return true;
            }
            catch (EngineException exception) when (exception.ErrorId == ErrorCatalogue.EngineNotReachable.Id)
            {
                return false;
            }
        });
        EngineClient client = connected!;

        EngineStatus status = await client.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token);

        Assert.Equal(EngineLogLevel.Warning, status.LogLevels["*"]);
        Assert.Contains(status.Locked, setting => setting is { Setting: "log.level", Value: "\"warning\"" } && setting.Source == policy);
        Assert.Contains(status.Locked, setting => setting.Setting == "metrics.listen");
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => client.CallAsync(
            EngineApi.ConfigurationApply, new ApplyConfiguration(new NetConfiguration { Metrics = new MetricsSection { Listen = "127.0.0.1:9464" } }), Token));
        Assert.Equal(ErrorCatalogue.SettingLocked.Id, refused.ErrorId);
    }

    [Theory]
    [InlineData("--socket", "relative-folder-that-is-fine/../../proc/nowhere/engine.sock")]
    [InlineData("--state", "/proc/nowhere")]
    [InlineData("--log-level", "loud")]
    [InlineData("--verbose", "yes")]
    public async Task A_start_that_cannot_work_ends_with_a_sentence_and_no_dump(string flag, string value)
    {
        string target = flag == "--socket" ? "/proc/nowhere/engine.sock" : value;
        LabProcess process = Node.Start(TestHost.Dotnet, [TestHost.Engine, .. _folder.Arguments, flag, target]);

        int exitCode = await process.WaitForExitAsync(Wait.Patience, Token);

        string said = string.Join('\n', process.Lines.Select(line => line.Text));
        Assert.InRange(exitCode, 1, 4);
        Assert.Contains("netmod-engine: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", said, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static async Task ConfigureAsync(EngineClient client)
    {
        var document = new NetConfiguration
        {
            Firewall = new FirewallSection { Rules = [Rules.BlockTcp("a", 1001)] },
            Paths = new PathsSection { Routes = [Rules.Route("r", "192.0.2.0/24", "10.1.0.2"), Rules.Route("six", "2001:db8:77::/48", "2001:db8:1::2")] },
        };
        await client.CallAsync(EngineApi.ConfigurationApply, new ApplyConfiguration(document), Token);
    }

    private static async Task<FirewallRule> RuleAsync(EngineClient client) =>
        (await client.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(["a"]), Token))[0];

    private static async Task DrainAsync(IAsyncEnumerator<EngineEvent> watching)
    {
        try
        {
            while (await watching.MoveNextAsync())
            {
                // What was sent before the end.
            }
        }
        catch (EngineException exception)
        {
            Assert.Equal(ErrorCatalogue.ConnectionLost.Id, exception.ErrorId);
        }
    }

    private static async Task<string> NextAsync(Socket manager, string wanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Wait.Patience);
        byte[] buffer = new byte[4096];
        while (true)
        {
            int length = await manager.ReceiveAsync(buffer, limit.Token);
            string text = Encoding.UTF8.GetString(buffer, 0, length);
            if (text.Split('\n').Contains(wanted))
            {
                return text;
            }
        }
    }
}
