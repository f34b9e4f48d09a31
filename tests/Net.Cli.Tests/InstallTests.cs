using Net.Cli.Engine;
using Net.Cli.Tests.Support;

namespace Net.Cli.Tests;

public sealed class InstallTests
{
    [Fact]
    public async Task Installing_and_uninstalling_leave_a_system_as_it_was()
    {
        using var system = new TemporaryFolder();
        using var build = new TemporaryFolder();
        string[] before = Skeleton(system);
        CliRun cli = Prepare(build);

        Assert.Equal(0, await cli.RunAsync("engine", "install", "--root", system.Path));
        Assert.Equal(InstallLayout.LinkTarget, new FileInfo(Path.Combine(system.Path, "usr/bin/netmod")).LinkTarget);
        Assert.True(File.Exists(Path.Combine(system.Path, "usr/lib/netmod/netmod-engine/netmod-engine")));
        Assert.True(File.Exists(Path.Combine(system.Path, "usr/lib/netmod/netmod-worker/netmod-worker")));
        Assert.True(File.Exists(Path.Combine(system.Path, "usr/lib/netmod/netmod/runtimes/x/lib.so")));
        Assert.False(File.Exists(Path.Combine(system.Path, "usr/lib/netmod/netmod/netmod.pdb")));
        Assert.Contains("ExecStart=/usr/lib/netmod/netmod-engine/netmod-engine\n", await File.ReadAllTextAsync(Path.Combine(system.Path, "etc/systemd/system/netmod.service"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        Assert.Equal(0, await cli.RunAsync("engine", "install", "--root", system.Path));
        Assert.Equal(0, await cli.RunAsync("engine", "uninstall", "--root", system.Path));
        Assert.Equal(before, system.Tree());
        Assert.Empty(cli.Host.Runs);
    }

    [Fact]
    public async Task State_and_host_options_stay_unless_purged()
    {
        using var system = new TemporaryFolder();
        using var build = new TemporaryFolder();
        string[] before = Skeleton(system);
        CliRun cli = Prepare(build);
        Assert.Equal(0, await cli.RunAsync("engine", "install", "--root", system.Path));
        system.Write("var/lib/netmod/generation", "1");
        system.Write("etc/netmod/netmod.conf", "");

        Assert.Equal(0, await cli.RunAsync("engine", "uninstall", "--root", system.Path));
        Assert.Contains($"kept {system.Path}/var/lib/netmod; --purge removes it\n", cli.Out, StringComparison.Ordinal);

        Assert.Equal(0, await cli.RunAsync("engine", "uninstall", "--root", system.Path, "--purge"));
        Assert.Equal(before, system.Tree());
    }

    [Fact]
    public async Task A_folder_in_place_of_the_program_is_refused_before_anything_is_copied()
    {
        using var system = new TemporaryFolder();
        using var build = new TemporaryFolder();
        string[] before = Skeleton(system);
        CliRun cli = Prepare(build);

        Assert.Equal(2, await cli.RunAsync("engine", "install", "--root", system.Path, "--engine", build.Path));
        Assert.Equal(before, system.Tree());
    }

    [Fact]
    public async Task Another_programs_link_of_that_name_is_left_alone()
    {
        using var system = new TemporaryFolder();
        Skeleton(system);
        string link = Path.Combine(system.Path, "usr/bin/netmod");
        File.CreateSymbolicLink(link, "/opt/other/netmod");

        Assert.Equal(0, await new CliRun().RunAsync("engine", "uninstall", "--root", system.Path));

        Assert.Equal("/opt/other/netmod", new FileInfo(link).LinkTarget);
    }

    [Fact]
    public void The_unit_holds_what_keeps_the_engine_small_and_early()
    {
        string[] lines = EngineInstaller.UnitText("/e").Split('\n');

        Assert.All(
            new[]
            {
                "Type=notify", "User=netmod", "NoNewPrivileges=yes", "CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW CAP_SETUID CAP_SETGID CAP_KILL CAP_BPF CAP_PERFMON", "AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW CAP_SETUID CAP_SETGID CAP_KILL CAP_BPF CAP_PERFMON",
                "Wants=network-pre.target", "ProtectSystem=strict", "StateDirectoryMode=0700", "RuntimeDirectoryMode=0750", "SystemCallArchitectures=native", "ExecStart=/e",
            },
            line => Assert.Contains(line, lines));
        Assert.DoesNotContain(lines, line => line.StartsWith("MemoryDenyWriteExecute", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Before=network-pre.target", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("After=", StringComparison.Ordinal) && line.Contains("nftables.service", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Systemd_accepts_the_unit()
    {
        var host = new HostPrograms();
        Assert.SkipUnless(host.Find("systemd-analyze") is not null, "systemd-analyze is not installed (package systemd)");
        using var folder = new TemporaryFolder();
        string unit = folder.Write("netmod.service", EngineInstaller.UnitText("/bin/true"));

        ProgramResult result = await host.RunAsync("systemd-analyze", ["verify", "--man=no", unit], TestContext.Current.CancellationToken);

        Assert.Equal(string.Empty, result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Systemd_accepts_the_definition_of_user_and_group()
    {
        var host = new HostPrograms();
        Assert.SkipUnless(host.Find("systemd-sysusers") is not null, "systemd-sysusers is not installed (package systemd)");
        using var folder = new TemporaryFolder();
        using var build = new TemporaryFolder();
        Skeleton(folder);
        folder.Write("etc/passwd", "root:x:0:0::/root:/bin/sh\n");
        folder.Write("etc/group", "root:x:0:\n");
        Assert.Equal(0, await Prepare(build).RunAsync("engine", "install", "--root", folder.Path));

        ProgramResult result = await host.RunAsync(
            "systemd-sysusers", ["--root", folder.Path, Path.Combine(folder.Path, "etc/sysusers.d/netmod.conf")], TestContext.Current.CancellationToken);

        Assert.True(result.Succeeded, result.Error);
        Assert.Contains("netmod:x:", await File.ReadAllTextAsync(Path.Combine(folder.Path, "etc/passwd"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static CliRun Prepare(TemporaryFolder build)
    {
        build.Write("netmod/netmod", "cli");
        build.Write("netmod/netmod.pdb", "symbols");
        build.Write("netmod/runtimes/x/lib.so", "library");
        build.Write("netmod-engine/netmod-engine", "engine");
        build.Write("netmod-worker/netmod-worker", "worker");
        return new CliRun { Host = { BaseDirectory = Path.Combine(build.Path, "netmod") } };
    }

    private static string[] Skeleton(TemporaryFolder system)
    {
        foreach (string folder in new[] { "usr/bin", "usr/lib", "etc/systemd/system", "etc/sysusers.d", "var/lib", "run" })
        {
            Directory.CreateDirectory(Path.Combine(system.Path, folder));
        }

        return system.Tree();
    }
}
