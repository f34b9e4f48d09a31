using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;

namespace Net.Lab.Tests;

public sealed class LabLifetimeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lab_whose_owner_was_killed_is_removed_by_the_next_one()
    {
        TestLab.Require();
        string instance = TestLab.NewInstance("killed");
        int sleeper = await AbandonAsync(instance, () => Assert.Equal(2, TestLab.NamespacesOf(instance).Length));

        await using Lab next = await TestLab.UpAsync(LabTopologies.Pair());

        Assert.Empty(TestLab.NamespacesOf(instance));
        Assert.False(File.Exists(TestLab.StateFile(instance)));
        Assert.False(TestLab.IsRunning(sleeper), "The process in the abandoned lab still runs.");
    }

    [Fact]
    public async Task A_lab_abandoned_half_built_is_removed_too()
    {
        TestLab.Require();
        string instance = TestLab.NewInstance("half");
        await AbandonAsync(instance, () =>
        {
            using Process ip = Process.Start("/usr/sbin/ip", ["netns", "del", $"nm-{instance}-right"]);
            ip.WaitForExit();
        });

        await Lab.CleanUpAbandonedAsync(Stop);

        Assert.Empty(TestLab.NamespacesOf(instance));
        Assert.DoesNotContain(await Lab.ListAsync(Stop), lab => lab.Instance == instance);
    }

    [Fact]
    public async Task Labs_of_one_topology_stand_side_by_side()
    {
        TestLab.Require();
        Lab[] labs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TestLab.UpAsync(LabTopologies.Chain())));

        await Task.WhenAll(labs.Select(lab => TestLab.AssertReachesAsync(lab.Node("left"), "10.2.0.2")));
        await labs[0].DisposeAsync();
        await TestLab.AssertReachesAsync(labs[1].Node("left"), "10.2.0.2");

        Assert.Equal(3, labs.Select(lab => lab.Instance).Distinct().Count());
        await labs[1].DisposeAsync();
        await labs[2].DisposeAsync();
    }

    [Fact]
    public async Task Down_leaves_no_namespace_interface_process_or_file()
    {
        TestLab.Require();
        string instance = TestLab.NewInstance("clean");
        string @interface = $"l{Guid.NewGuid():N}"[..12];
        LabTopology topology = LabTopologies.Pair() with
        {
            Links = [new LabLink { A = new LabLinkEnd { Node = "left", Interface = @interface }, B = new LabLinkEnd { Node = "right", Interface = "eth0" } }],
        };
        Lab lab = await TestLab.UpAsync(topology, new LabOptions { Instance = instance });
        LabProcess tracked = lab.Node("left").Start("sleep", ["1000"]);
        LabProcess parent = lab.Node("right").Start("bash", ["-c", "setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo child $!"]);
        int child = int.Parse((await parent.WaitForLineAsync("child", TestLab.Patience, Stop)).Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.Equal(0, await parent.WaitForExitAsync(TestLab.Patience, Stop));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(TestLab.StateFile(instance)));

        await lab.DisposeAsync();

        Assert.Empty(TestLab.NamespacesOf(instance));
        Assert.Empty(Directory.EnumerateFiles("/run/netmod-lab", instance + "*"));
        Assert.DoesNotContain(NetworkInterface.GetAllNetworkInterfaces(), found => found.Name == @interface);
        Assert.True(tracked.HasExited);
        Assert.False(TestLab.IsRunning(child), "A detached process outlived its lab.");
        await lab.DisposeAsync();
    }

    [Fact]
    public async Task A_kept_lab_belongs_to_nobody_until_it_is_taken_down()
    {
        TestLab.Require();
        string instance = TestLab.NewInstance("kept");
        await (await TestLab.UpAsync(LabTopologies.Pair(), new LabOptions { Instance = instance, Keep = true })).DisposeAsync();
        try
        {
            await Lab.CleanUpAbandonedAsync(Stop);
            LabInfo info = Assert.Single(await Lab.ListAsync(Stop), lab => lab.Instance == instance);
            Assert.True(info is { Kept: true, Abandoned: false, OwnerProcessId: 0 });
            Assert.Equal($"nm-{instance}-left", info.Namespaces["left"]);

            await using Lab opened = await Lab.OpenAsync(instance, Stop);
            await TestLab.AssertReachesAsync(opened.Node("left"), "10.1.0.2");
        }
        finally
        {
            await Lab.DownAsync(instance, Stop);
        }

        Assert.Empty(TestLab.NamespacesOf(instance));
        LabException gone = await Assert.ThrowsAsync<LabException>(() => Lab.DownAsync(instance, Stop));
        Assert.Contains(instance, gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_name_is_taken_once()
    {
        TestLab.Require();
        string instance = TestLab.NewInstance("once");
        await using Lab lab = await TestLab.UpAsync(LabTopologies.Pair(), new LabOptions { Instance = instance });

        LabException refused = await Assert.ThrowsAsync<LabException>(() => TestLab.UpAsync(LabTopologies.Pair(), new LabOptions { Instance = instance }));

        Assert.Contains("already", refused.Message, StringComparison.Ordinal);
        await TestLab.AssertReachesAsync(lab.Node("left"), "10.1.0.2");
    }

    [Fact]
    public async Task What_the_kernel_refuses_is_named_and_nothing_stays_behind()
    {
        TestLab.Require();
        string instance = TestLab.NewInstance("refused");
        LabTopology topology = LabTopologies.Pair();
        topology = topology with { Nodes = [topology.Nodes[0] with { Sysctls = new Dictionary<string, string> { ["net.ipv4.no_such_setting"] = "1" } }, topology.Nodes[1]] };

        LabException refused = await Assert.ThrowsAsync<LabException>(() => TestLab.UpAsync(topology, new LabOptions { Instance = instance }));

        Assert.Contains("'left'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("no_such_setting", refused.Message, StringComparison.Ordinal);
        Assert.Empty(TestLab.NamespacesOf(instance));
        Assert.False(File.Exists(TestLab.StateFile(instance)));
    }

    [Fact]
    public async Task Bringing_up_can_be_cancelled_at_any_time_and_leaves_nothing()
    {
        TestLab.Require();
        foreach (int milliseconds in (int[])[1, 20, 40, 80, 160])
        {
            string instance = TestLab.NewInstance("cancelled");
            using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(milliseconds));
            try
            {
                await (await Lab.UpAsync(LabTopologies.TwoUplinks(), new LabOptions { Instance = instance }, cancel.Token)).DisposeAsync();
            }
            catch (OperationCanceledException)
            {
                // As asked; or it was faster.
            }

            Assert.Empty(TestLab.NamespacesOf(instance));
            Assert.False(File.Exists(TestLab.StateFile(instance)));
        }
    }

    [Fact]
    public async Task An_unreadable_state_file_is_named_and_left_alone()
    {
        TestLab.Require();
        string instance = TestLab.NewInstance("broken");
        await Lab.CleanUpAbandonedAsync(Stop);
        await File.WriteAllTextAsync(TestLab.StateFile(instance), """{"version":1,"inst""", Stop);
        try
        {
            await Lab.CleanUpAbandonedAsync(Stop);
            Assert.True(File.Exists(TestLab.StateFile(instance)));
            Assert.DoesNotContain(await Lab.ListAsync(Stop), lab => lab.Instance == instance);
            LabException broken = await Assert.ThrowsAsync<LabException>(() => Lab.DownAsync(instance, Stop));
            Assert.Contains(TestLab.StateFile(instance), broken.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(TestLab.StateFile(instance));
        }
    }

    [Fact]
    public async Task A_detached_program_outlives_its_starter_and_ends_with_the_lab()
    {
        TestLab.Require();
        string log = Path.Combine(Path.GetTempPath(), $"{TestLab.NewInstance("log")}.txt");
        try
        {
            Lab lab = await TestLab.UpAsync(LabTopologies.Pair());
            int id = await lab.Node("left").StartDetachedAsync("sh", ["-c", "echo $PLACE; exec sleep 1000"], log, new LabProcessOptions { Environment = new Dictionary<string, string?> { ["PLACE"] = "here" } }, Stop);
            LabCommandResult inside = await lab.Node("right").ExecAsync("ip", ["netns", "identify", id.ToString(CultureInfo.InvariantCulture)], cancellationToken: Stop);
            Assert.Equal(lab.Node("left").NamespaceName, inside.Output.Trim());
            Assert.True(TestLab.IsRunning(id));
            (await lab.Node("left").ExecAsync("sh", ["-c", $"until grep -qx here '{log}'; do sleep 0.02; done"], cancellationToken: Stop)).EnsureSucceeded();

            await lab.DisposeAsync();

            Assert.False(TestLab.IsRunning(id));
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static UnixFileMode ModeOf(string path) =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);

    /// <summary>Lets another process bring up a lab, kills that process, and returns the id of the process left in the lab.</summary>
    private static async Task<int> AbandonAsync(string instance, Action whileUp)
    {
        var start = new ProcessStartInfo(TestLab.Host, TestLab.Self("own-lab", instance)) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using Process owner = Process.Start(start)!;
        string? line = await owner.StandardOutput.ReadLineAsync(Stop);
        Assert.StartsWith("up ", line, StringComparison.Ordinal);
        whileUp();

        owner.Kill(entireProcessTree: false);
        await owner.WaitForExitAsync(Stop);
        return int.Parse(line!.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
