using Net.Cli.Engine;
using Net.Cli.Tests.Support;
using Net.Contracts;

namespace Net.Cli.Tests;

public sealed class EngineCommandTests
{
    [Fact]
    public void As_root_the_engine_gets_two_capabilities_in_every_set_and_nothing_else()
    {
        EngineLaunch launch = EngineLaunch.Plan("/e", ["--socket", "/s"], isRoot: true, user: null, group: null, "/usr/bin/setpriv");

        Assert.Equal("/usr/bin/setpriv", launch.Program);
        Assert.Equal(
            "--pdeathsig TERM --no-new-privs --bounding-set=-all,+net_admin,+net_raw,+setuid,+setgid,+kill,+bpf,+perfmon --inh-caps=-all,+net_admin,+net_raw,+setuid,+setgid,+kill,+bpf,+perfmon --ambient-caps=-all,+net_admin,+net_raw,+setuid,+setgid,+kill,+bpf,+perfmon --clear-groups -- /e --socket /s",
            string.Join(' ', launch.Arguments));
        Assert.Empty(launch.Remarks);
    }

    [Fact]
    public void With_a_user_it_changes_to_it_and_with_only_the_group_it_joins_that()
    {
        Assert.Contains("--reuid=105 --regid=110 --init-groups -- /e", string.Join(' ', EngineLaunch.Plan("/e", [], true, new EngineUser("netmod", 105, 110), "netmod", "/s").Arguments), StringComparison.Ordinal);
        Assert.Contains("--groups=netmod -- /e", string.Join(' ', EngineLaunch.Plan("/e", [], true, null, "netmod", "/s").Arguments), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_root_it_says_what_will_not_work()
    {
        EngineLaunch launch = EngineLaunch.Plan("/e", [], isRoot: false, null, null, "/s");

        Assert.Equal("--pdeathsig TERM --no-new-privs -- /e", string.Join(' ', launch.Arguments));
        Assert.Contains("firewall rules, routes", Assert.Single(launch.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_kernel_agrees_that_no_other_capability_is_left()
    {
        var host = new HostPrograms();
        Assert.SkipUnless(host.IsRoot && host.Find("setpriv") is not null, "needs root and setpriv (util-linux)");
        EngineLaunch launch = EngineLaunch.Plan("/bin/cat", ["/proc/self/status"], true, new EngineUser("nobody", 65534, 65534), null, host.Find("setpriv"));

        ProgramResult result = await host.RunAsync(launch.Program, launch.Arguments, TestContext.Current.CancellationToken);

        // CAP_KILL is bit 5, CAP_SETGID 6, CAP_SETUID 7, CAP_NET_ADMIN 12, CAP_NET_RAW 13, CAP_PERFMON 38, CAP_BPF 39 (capability.h).
        Assert.All(new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" }, set => Assert.Contains($"{set}:\t000000c0000030e0\n", result.Output, StringComparison.Ordinal));
        Assert.Contains("NoNewPrivs:\t1\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_engine_is_looked_for_beside_this_program_then_in_the_build_then_in_the_system()
    {
        Assert.Equal(
            ["/r/artifacts/bin/Net.Cli/debug/netmod-engine", "/r/artifacts/bin/Net.Cli/netmod-engine/netmod-engine", "/r/artifacts/bin/Net.Service/debug/netmod-engine", "/usr/lib/netmod/netmod-engine/netmod-engine"],
            EngineLocator.Candidates("/r/artifacts/bin/Net.Cli/debug/"));
        Assert.Equal("/usr/lib/netmod/netmod-engine/netmod-engine", EngineLocator.Find("/usr/lib/netmod/netmod/", path => path.StartsWith("/usr/lib/netmod/netmod-engine/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_hands_the_host_options_to_the_engine_and_ends_with_its_code()
    {
        using var folder = new TemporaryFolder();
        string engine = folder.Write("netmod-engine", "");
        var cli = new CliRun();
        string? started = null;
        cli.Host.Starter = (program, arguments) =>
        {
            started = string.Join(' ', arguments.Prepend(program));
            var process = new FakeProcess(99);
            process.End(0);
            return process;
        };

        Assert.Equal(0, await cli.RunAsync("engine", "run", "--engine", engine, "--socket", "/t/s", "--state", "/t/d", "--config", "/t/c", "--log-format", "json", "--log-level", "debug"));

        Assert.EndsWith($"-- {engine} --socket /t/s --state /t/d --config /t/c --log-format json --log-level debug", started, StringComparison.Ordinal);
        Assert.Equal("netmod: engine started, process 99\nnetmod: engine (process 99) ended with exit code 0\n", cli.Error);
    }

    [Fact]
    public async Task Run_prepares_the_folders_of_the_engines_user()
    {
        using var folder = new TemporaryFolder();
        string engine = folder.Write("netmod-engine", "");
        var cli = new CliRun();
        cli.Host.Results["getent passwd netmod"] = new ProgramResult(0, "netmod:x:105:110::/var/lib/netmod:/usr/sbin/nologin\n", "");
        cli.Host.Starter = (_, _) =>
        {
            var process = new FakeProcess(1);
            process.End(0);
            return process;
        };

        Assert.Equal(0, await cli.RunAsync("engine", "run", "--engine", engine, "--socket", $"{folder.Path}/run/s", "--state", $"{folder.Path}/state"));

        Assert.Contains($"install -d -m 0750 -o 105 -g 110 {folder.Path}/run", cli.Host.Runs);
        Assert.Contains($"install -d -m 0700 -o 105 -g 110 {folder.Path}/state", cli.Host.Runs);
    }

    [Theory]
    [InlineData("engine install")]
    [InlineData("engine start")]
    public async Task Without_systemd_it_says_so_in_one_line_and_names_the_supervisor(string line)
    {
        var cli = new CliRun { Connect = (_, _) => throw new EngineException(ErrorCatalogue.EngineNotReachable, "absent") };

        Assert.Equal(1, await cli.LineAsync(line));

        Assert.Equal("netmod: systemd does not run here; 'netmod engine run' starts and supervises the engine. (SystemdNotRunning)\n", cli.Error);
    }

    [Theory]
    [InlineData("engine stop", """{"remove":false}""")]
    [InlineData("engine stop --remove", """{"remove":true}""")]
    public async Task Stop_asks_the_engine_itself_where_systemd_does_not_run(string line, string request)
    {
        var cli = new CliRun();

        Assert.Equal(0, await cli.LineAsync(line));

        Assert.Equal(("engine.stop", request), cli.Engine.Requests[^1]);
    }

    [Fact]
    public async Task Restart_asks_the_supervisor_and_waits_for_a_new_process()
    {
        var cli = new CliRun { Host = { Supervisor = 77 } };
        var statuses = new Queue<EngineStatus>([Samples.Status, Samples.Status with { ProcessId = 4343 }]);
        cli.Connect = (_, _) =>
        {
            cli.Engine.Answer(EngineApi.EngineStatus, statuses.Dequeue());
            return Task.FromResult<Hosting.IEngineConnection>(cli.Engine);
        };

        Assert.Equal(0, await cli.LineAsync("engine restart"));

        Assert.Contains("signal HUP 77", cli.Host.Runs);
        Assert.Equal("Restarted, process 4343.\n", cli.Out);
    }

    [Fact]
    public async Task Restart_is_refused_when_nobody_would_start_the_engine_again()
    {
        var cli = new CliRun();

        Assert.Equal(1, await cli.LineAsync("engine restart"));

        Assert.Contains("(SupervisorNotFound)", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_is_3_when_nothing_runs()
    {
        var cli = new CliRun { Connect = (_, _) => throw new EngineException(ErrorCatalogue.EngineNotReachable, "absent") };

        Assert.Equal(3, await cli.LineAsync("engine status"));

        Assert.StartsWith("State       stopped\nStarted by  none\n", cli.Out, StringComparison.Ordinal);
    }
}
