using Net.Client;
using Net.Contracts;
using Net.Lab;

namespace Net.Service.Tests;

/// <summary>The engine with no more rights than it needs, started as its supervisor starts it.</summary>
public sealed class PrivilegeTests : IAsyncLifetime
{
    private const string OnlyNet = "-all,+net_admin,+net_raw,+setuid,+setgid,+kill,+bpf,+perfmon";
    private static readonly string[] Needed = ["CAP_BPF", "CAP_KILL", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_PERFMON", "CAP_SETGID", "CAP_SETUID"];

    private readonly EngineFolder _folder = new();
    private Lab.Lab? _lab;

    private LabNode Node => _lab!.Node("left");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Users => ["root", "nobody"];

    public async ValueTask InitializeAsync() => _lab = await TestHost.PairAsync();

    [Theory]
    [MemberData(nameof(Users))]
    public async Task The_engine_holds_seven_capabilities_in_every_thread_and_does_all_its_work_with_them(string user)
    {
        await using EngineProcess engine = await StartWithLeastAsync(user);
        EngineClient client = await engine.ConnectAsync();

        PrivilegeStatus privileges = (await client.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token)).Privileges;

        Assert.Equal(Needed, privileges.EffectiveCapabilities.Order());
        Assert.Equal(Needed, privileges.BoundingCapabilities.Order());
        Assert.True(privileges.NoNewPrivileges);
        Assert.Null(privileges.Remark);
        AssertThreadsHold(engine.Process.Id);
        await AssertWorksAsync(engine, client);
        AssertThreadsHold(engine.Process.Id);
        Assert.Equal(0, await engine.StopAsync());
    }

    [Fact]
    public async Task A_crash_is_survived_with_the_same_few_rights()
    {
        await using EngineProcess engine = await StartWithLeastAsync("nobody");
        EngineClient client = await engine.ConnectAsync();
        await client.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules([Rules.BlockTcp("a", 1001)]), Token);
        string table = await Kernel.TableAsync(Node);
        await engine.KillAsync();

        await using EngineProcess next = await StartWithLeastAsync("nobody");

        Assert.Equal(table, await Kernel.TableAsync(Node));
    }

    [Theory]
    [InlineData("net_admin,+net_raw,+sys_admin")]
    [InlineData("net_admin,+net_raw,+chown")]
    public async Task A_capability_given_up_cannot_be_regained(string wish)
    {
        // A child of a process with exactly these sets, asking for one more: the kernel refuses (capabilities(7)).
        LabCommandResult result = await Node.ExecAsync(
            "setpriv", [.. Least("root"), "--", "setpriv", $"--inh-caps=-all,+{wish}", $"--ambient-caps=-all,+{wish}", "--", "true"], cancellationToken: Token);

        Assert.NotEqual(0, result.ExitCode);
    }

    [Fact]
    public async Task A_program_with_the_setuid_bit_gives_nothing_back()
    {
        // A copy of cat owned by root with the setuid bit: without NoNewPrivs it would run as root with the whole bounding set.
        string copy = Path.Combine(_folder.Root, "cat");
        File.Copy("/bin/cat", copy);
        (int exitCode, string output) = await TestHost.RunAsync("chmod", "4755", copy);
        Assert.True(exitCode == 0, output);

        LabCommandResult result = await Node.ExecAsync(
            "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=" + OnlyNet, "--inh-caps=-all", "--no-new-privs", "--", copy, "/proc/self/status"], cancellationToken: Token);

        string status = result.EnsureSucceeded().Output;
        Assert.Contains("Uid:\t65534\t65534\t65534", status, StringComparison.Ordinal);
        Assert.Contains("CapEff:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_more_rights_than_needed_the_status_says_so()
    {
        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);
        EngineClient client = await engine.ConnectAsync();

        PrivilegeStatus privileges = (await client.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token)).Privileges;

        Assert.Contains("CAP_SYS_ADMIN", privileges.EffectiveCapabilities);
        Assert.Contains("netmod engine run", privileges.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_rights_the_engine_serves_and_says_what_is_missing()
    {
        TestHost.CopyForEverybody(_folder.Root);
        await TestHost.RunAsync("chown", "-R", "65534:65534", _folder.Root);
        string[] through = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--"];
        await using EngineProcess engine = EngineProcess.Launch(Node, _folder, through: through, engine: Path.Combine(_folder.Root, "bin", "netmod-engine.dll"));
        await engine.Process.WaitForLineAsync("EngineStarted", Wait.Patience, Token);
        EngineClient client = await engine.ConnectAsync();

        EngineStatus status = await client.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token);
        Assert.Empty(status.Privileges.EffectiveCapabilities);
        Assert.Contains("CAP_NET_ADMIN", status.Privileges.Remark, StringComparison.Ordinal);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => client.CallAsync(
            EngineApi.FirewallCreateRules, new CreateFirewallRules([Rules.BlockTcp("a", 1001)]), Token));
        Assert.Equal(ErrorCatalogue.FirewallApplyFailed.Id, refused.ErrorId);
        Assert.Empty(await client.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(), Token));
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _folder.Dispose();
    }

    // What `netmod engine run` passes to setpriv.
    private static string[] Least(string user)
    {
        string[] sets = ["--no-new-privs", $"--bounding-set={OnlyNet}", $"--inh-caps={OnlyNet}", $"--ambient-caps={OnlyNet}"];
        return user == "root" ? [.. sets, "--clear-groups"] : [.. sets, "--reuid=65534", "--regid=65534", "--clear-groups"];
    }

    private static void AssertThreadsHold(int processId)
    {
        // CAP_KILL is bit 5, CAP_SETGID 6, CAP_SETUID 7, CAP_NET_ADMIN 12, CAP_NET_RAW 13, CAP_PERFMON 38, CAP_BPF 39 (linux/capability.h).
        const string all = "000000c0000030e0";
        string[] threads = Directory.GetDirectories($"/proc/{processId}/task");
        Assert.True(threads.Length > 1);
        foreach (string thread in threads)
        {
            string[] lines;
            try
            {
                lines = File.ReadAllLines(Path.Combine(thread, "status"));
            }
            catch (IOException)
            {
                // It ended while we looked.
                continue;
            }

            Assert.Contains($"CapEff:\t{all}", lines);
            Assert.Contains($"CapBnd:\t{all}", lines);
            Assert.Contains($"CapPrm:\t{all}", lines);
            Assert.Contains("NoNewPrivs:\t1", lines);
        }
    }

    private async Task<EngineProcess> StartWithLeastAsync(string user)
    {
        string program = TestHost.Engine;
        if (user != "root")
        {
            string copy = Path.Combine(_folder.Root, "bin");
            program = Path.Combine(Directory.Exists(copy) ? copy : TestHost.CopyForEverybody(_folder.Root), "netmod-engine.dll");
            await TestHost.RunAsync("chown", "-R", "65534:65534", _folder.Root);
        }

        EngineProcess engine = EngineProcess.Launch(Node, _folder, through: ["setpriv", .. Least(user), "--"], engine: program);
        await engine.Process.WaitForLineAsync("EngineStarted", Wait.Patience, Token);
        return engine;
    }

    private async Task AssertWorksAsync(EngineProcess engine, EngineClient client)
    {
        await client.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules([Rules.BlockTcp("a", 1001)]), Token);
        await client.CallAsync(EngineApi.PathsCreateRoutes, new CreatePathRoutes([Rules.Route("out", "0.0.0.0/0", "10.1.0.2"), Rules.Route("six", "::/0", "2001:db8:1::2")]), Token);
        Assert.Contains("\"r1\"", await Kernel.TableAsync(Node), StringComparison.Ordinal);
        Assert.Equal(2, (await Kernel.RoutesAsync(Node)).Length);
        await Wait.UntilAsync("all paths validated by probes", async () =>
        {
            NetPath[] paths = await client.CallAsync(EngineApi.PathsList, new ListPaths(), Token);
            bool isSo = paths.Length == 2 && paths.All(path => path.State == PathState.Validated && path.RoundTripTime > TimeSpan.Zero);
            return (isSo, string.Join("; ", paths.Select(path => $"{path.PathId} {path.State}: {path.StateReason}")));
        });
        await Kernel.NftAsync(Node, "delete table inet netmod");
        EngineEvent said = await EngineProcess.EventAsync(client, "FirewallDriftRepaired");
        Assert.Contains("nft (process ", said.Message, StringComparison.Ordinal);
        Assert.False(engine.Process.HasExited);
    }
}
