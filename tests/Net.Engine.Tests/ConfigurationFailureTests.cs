using Net.Contracts;
using Net.Engine.State;

namespace Net.Engine.Tests;

public sealed class ConfigurationFailureTests
{
    [Fact]
    public async Task A_refusing_datapath_leaves_disk_and_kernel_as_they_were()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        string kernel = rig.Firewall.Content;
        string[] files = Directory.GetFiles(rig.Generations);
        byte[] current = File.ReadAllBytes(rig.CurrentFile);
        rig.Firewall.Refusal = "Operation not supported";
        rig.Firewall.RefusalsLeft = 1;
        EngineException exception = await EngineRig.Refused(ErrorCatalogue.FirewallApplyFailed, () => rig.AddRuleAsync("mail"));
        Assert.Contains("Operation not supported", exception.Message, StringComparison.Ordinal);
        Assert.Equal(kernel, rig.Firewall.Content);
        Assert.Equal(files, Directory.GetFiles(rig.Generations));
        Assert.Equal(current, File.ReadAllBytes(rig.CurrentFile));
        Assert.Equal(["web"], rig.RuleNames());
        Assert.True(rig.FirewallSection.Status.InDesiredState);
        Assert.Equal(2, (await rig.AddRuleAsync("mail")).Generation);
    }

    [Fact]
    public async Task A_section_that_fails_takes_the_ones_before_it_back()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        rig.Network.AddLink(2, "eth0");
        await rig.AddRuleAsync("web");
        rig.Network.Unreachable.Add("10.0.0.9");
        await EngineRig.Refused(ErrorCatalogue.PathRouteApplyFailed, () => rig.ChangeAsync(document => document with
        {
            Firewall = document.Firewall with { Rules = [.. document.Firewall.Rules, EngineRig.Rule("mail", "25")] },
            Paths = document.Paths with { Routes = [EngineRig.Route("good", "10.1.0.0/16"), EngineRig.Route("bad", "10.2.0.0/16", "10.0.0.9")] },
        }));
        Assert.Empty(rig.Network.Ours);
        Assert.DoesNotContain("dport 25", rig.Firewall.Applied[^1], StringComparison.Ordinal);
        Assert.Contains("delete counter inet netmod r2", rig.Firewall.Applied[^1], StringComparison.Ordinal);
        Assert.Equal(1, rig.Manager.Info.Generation);
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Empty(rig.EventsOf("FirewallDriftRepaired"));
    }

    [Fact]
    public async Task A_port_the_metrics_cannot_have_takes_firewall_and_routes_back()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        rig.Network.AddLink(2, "eth0");
        await EngineRig.Refused(ErrorCatalogue.PlatformLacksSupport, () => rig.ChangeAsync(document => document with
        {
            Firewall = document.Firewall with { Rules = [EngineRig.Rule("web")] },
            Paths = document.Paths with { Routes = [EngineRig.Route("lab", "10.1.0.0/16")] },
            Metrics = new MetricsSection { Listen = taken.LocalEndpoint.ToString() },
        }));
        Assert.False(rig.Firewall.HasTable);
        Assert.Empty(rig.Network.Ours);
        Assert.Equal(0, rig.Manager.Info.Generation);
    }

    [Theory]
    [InlineData(TransactionStep.Planned)]
    [InlineData(TransactionStep.RoutesApplied)]
    [InlineData(TransactionStep.Applied)]
    public async Task State_that_cannot_be_written_leaves_the_old_state_in_force(TransactionStep when)
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        rig.Host.Step = step =>
        {
            if (step == when)
            {
                // A folder where the temporary file goes cannot be written as a file, whoever asks.
                string blocked = step == TransactionStep.Planned ? Path.Combine(rig.Generations, "00000002.json.tmp") : rig.CurrentFile + ".tmp";
                Directory.CreateDirectory(Path.Combine(blocked, "x"));
            }
        };
        await EngineRig.Refused(ErrorCatalogue.StateNotWritable, () => rig.AddRuleAsync("mail"));
        rig.Host.Step = _ => { };
        Assert.Equal(["web"], rig.RuleNames());
        Assert.Equal(1, rig.Manager.Info.Generation);
        Assert.DoesNotContain("name \"r2\"", rig.Firewall.Applied[^1], StringComparison.Ordinal);
        await rig.RestartAsync();
        Assert.Equal(["web"], rig.RuleNames());
    }

    [Fact]
    public async Task A_full_disk_is_said_and_changes_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "needs root to mount a small file system");
        await using var rig = new EngineRig();
        await rig.LoadedAsync();
        await rig.AddRuleAsync("web");
        string script = $"mount -t tmpfs -o size=64k netmod-test {rig.Generations} && dd if=/dev/zero of={rig.Generations}/fill bs=4k count=16 2>/dev/null; true";
        await RunAsync("/bin/sh", "-c", script);
        try
        {
            EngineException exception = await EngineRig.Refused(ErrorCatalogue.StateNotWritable, () => rig.AddRuleAsync("mail"));
            Assert.Contains("could not be written", exception.Message, StringComparison.Ordinal);
            Assert.Equal(["web"], rig.RuleNames());
            File.Delete(Path.Combine(rig.Generations, "fill"));
            Assert.True((await rig.AddRuleAsync("mail")).Applied);
        }
        finally
        {
            await RunAsync("/bin/umount", "-l", rig.Generations);
        }
    }

    [Fact]
    public async Task A_crash_before_the_commit_leaves_a_file_that_the_next_start_removes()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        string copy = string.Empty;
        rig.Host.Step = step =>
        {
            if (step == TransactionStep.GenerationWritten)
            {
                copy = File.ReadAllText(Path.Combine(rig.Generations, "00000001.json"));
                throw new IOException("crash");
            }
        };
        await Assert.ThrowsAsync<IOException>(() => rig.AddRuleAsync("web"));
        rig.Host.Step = _ => { };
        File.WriteAllText(Path.Combine(rig.Generations, "00000001.json"), copy);
        File.WriteAllText(Path.Combine(rig.Generations, "00000002.json.tmp"), "half");
        await rig.RestartAsync();
        Assert.Empty(Directory.GetFiles(rig.Generations));
        Assert.Equal(0, rig.Manager.Info.Generation);
        Assert.Empty(rig.EventsOf("StateRecovered"));
    }

    [Fact]
    public async Task A_pending_change_survives_a_restart_and_is_rolled_back_in_its_time()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        await rig.AddRuleAsync("lockout", new ChangeOptions(ConfirmWithin: TimeSpan.FromMinutes(2)));
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await rig.RestartAsync();
        Assert.Equal(["web", "lockout"], rig.RuleNames());
        Assert.NotNull(rig.Manager.Info.ConfirmBy);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await rig.EventAsync("ConfigurationRolledBack");
        Assert.Equal(["web"], rig.RuleNames());
    }

    [Fact]
    public async Task A_deadline_that_passed_while_the_engine_was_down_is_rolled_back_before_anything_is_applied()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("lockout", new ChangeOptions(ConfirmWithin: TimeSpan.FromMinutes(2)), port: "22");
        await rig.Manager.DisposeAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        rig.Firewall.Applied.Clear();
        await rig.RestartAsync();
        Assert.Empty(rig.RuleNames());
        Assert.Single(rig.EventsOf("ConfigurationRolledBack"));
        Assert.DoesNotContain(rig.Firewall.Applied, text => text.Contains("22", StringComparison.Ordinal));
        Assert.False(rig.Firewall.HasTable);
        Assert.Equal(2, rig.Manager.Info.Generation);
    }

    [Fact]
    public async Task What_cannot_be_applied_at_start_is_said_and_the_engine_serves()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("web");
        rig.Firewall.Refusal = "nft is missing";
        await rig.RestartAsync();
        Assert.Contains("nft is missing", Assert.Single(rig.EventsOf("ConfigurationNotInForce")).Message, StringComparison.Ordinal);
        Assert.Equal(["web"], rig.RuleNames());
        Assert.False(rig.FirewallSection.Status.InDesiredState);
        rig.Firewall.Refusal = null;
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.True(rig.FirewallSection.Status.InDesiredState);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        await process.WaitForExitAsync(EngineRig.Token);
    }
}
