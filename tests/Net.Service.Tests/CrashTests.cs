using Net.Client;
using Net.Contracts;
using Net.Engine.State;

namespace Net.Service.Tests;

/// <summary>SIGKILL of a real engine between the steps of a transaction: after the restart all of the old state is there, or all of the new.</summary>
public sealed class CrashTests(CrashStates states) : IClassFixture<CrashStates>
{
    // 128 + SIGKILL.
    private const int Killed = 137;

    public static TheoryData<TransactionStep> Steps => [.. Enum.GetValues<TransactionStep>()];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_kill_after_a_step_leaves_the_old_or_the_new_state_whole(TransactionStep step)
    {
        using EngineFolder folder = await states.BeginAsync();

        await DieInChangeAsync(folder, step, new ChangeOptions());

        await using EngineProcess after = await RestartAsync(folder);
        EngineClient client = await after.ConnectAsync();
        ConfigurationSnapshot now = await client.CallAsync(EngineApi.ConfigurationGet, new GetConfiguration(), TestContext.Current.CancellationToken);
        await AssertAgreesAsync(step, folder, now);
        Assert.Null(now.Info.ConfirmBy);
        await AssertStillTakesChangesAsync(client);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_kill_while_a_change_to_be_confirmed_is_made_can_still_be_taken_back(TransactionStep step)
    {
        using EngineFolder folder = await states.BeginAsync();

        await DieInChangeAsync(folder, step, new ChangeOptions(ConfirmWithin: TimeSpan.FromMinutes(10)));

        await using EngineProcess after = await RestartAsync(folder);
        EngineClient client = await after.ConnectAsync();
        ConfigurationSnapshot now = await client.CallAsync(EngineApi.ConfigurationGet, new GetConfiguration(), TestContext.Current.CancellationToken);
        await AssertAgreesAsync(step, folder, now);
        if (step >= TransactionStep.Committed)
        {
            Assert.NotNull(now.Info.ConfirmBy);
            await client.CallAsync(EngineApi.ConfigurationRestore, new RestoreConfiguration(), TestContext.Current.CancellationToken);
            await states.AssertIsOldAsync();
        }
        else
        {
            Assert.Null(now.Info.ConfirmBy);
        }
    }

    [Fact]
    public async Task A_kill_during_a_rollback_only_delays_it()
    {
        using EngineFolder folder = await states.BeginAsync();
        await using (EngineProcess first = await EngineProcess.StartAsync(states.Node, folder))
        {
            EngineClient client = await first.ConnectAsync();
            var change = new ChangeOptions(ConfirmWithin: TimeSpan.FromSeconds(1));
            await client.CallAsync(EngineApi.ConfigurationApply, new ApplyConfiguration(states.New, change), TestContext.Current.CancellationToken);
            await Wait.UntilAsync("the rollback begins", async () => await Kernel.TableAsync(states.Node) != states.NewTable);
            await first.KillAsync();
        }

        await using EngineProcess after = await RestartAsync(folder);
        EngineClient watching = await after.ConnectAsync();
        await Wait.UntilAsync("nothing waits for a confirmation", async () =>
            (await watching.CallAsync(EngineApi.EngineStatus, new GetStatus(), TestContext.Current.CancellationToken)).ConfirmBy is null);
        await states.AssertIsOldAsync();
        Assert.True(folder.CurrentGeneration() > states.OldGeneration + 1);
    }

    [Fact]
    public async Task A_change_whose_time_ran_out_while_the_engine_was_dead_is_rolled_back_at_the_start()
    {
        DateTimeOffset confirmBy;
        using EngineFolder folder = await states.BeginAsync();
        await using (EngineProcess first = await EngineProcess.StartAsync(states.Node, folder))
        {
            EngineClient client = await first.ConnectAsync();
            var change = new ChangeOptions(ConfirmWithin: TimeSpan.FromSeconds(2));
            ChangeOutcome outcome = await client.CallAsync(EngineApi.ConfigurationApply, new ApplyConfiguration(states.New, change), TestContext.Current.CancellationToken);
            confirmBy = outcome.ConfirmBy!.Value;
            await first.KillAsync();
        }

        await states.AssertIsNewAsync();
        await Wait.UntilAsync("the time to confirm is over", () => Task.FromResult(DateTimeOffset.UtcNow > confirmBy));
        await using EngineProcess after = await RestartAsync(folder);
        EngineClient watching = await after.ConnectAsync();
        await EngineProcess.EventAsync(watching, "ConfigurationRolledBack");
        await states.AssertIsOldAsync();
    }

    [Fact]
    public async Task A_kill_of_an_idle_engine_changes_nothing()
    {
        using EngineFolder folder = await states.BeginAsync();
        await using (EngineProcess first = await EngineProcess.StartAsync(states.Node, folder))
        {
            await first.KillAsync();
        }

        await states.AssertIsOldAsync();
        await using EngineProcess after = await RestartAsync(folder);
        await states.AssertIsOldAsync();
        Assert.Equal(states.OldGeneration, folder.CurrentGeneration());
    }

    [Theory]
    [InlineData(TransactionStep.GenerationWritten)]
    [InlineData(TransactionStep.Applied)]
    public async Task A_kill_in_the_very_first_change_leaves_nothing_configured_and_no_talk_of_damage(TransactionStep step)
    {
        using EngineFolder old = await states.BeginAsync();
        using var folder = new EngineFolder();

        await DieInChangeAsync(folder, step, new ChangeOptions());

        await using EngineProcess after = await RestartAsync(folder);
        EngineClient client = await after.ConnectAsync();
        EngineEvent[] events = await client.CallAsync(EngineApi.EventsList, new ListEvents(), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(events, item => item.EventId is "StateRecovered" or "StateNotLoaded");
        ConfigurationSnapshot now = await client.CallAsync(EngineApi.ConfigurationGet, new GetConfiguration(), TestContext.Current.CancellationToken);
        Assert.Empty(now.Document.Firewall.Rules);
        Assert.Equal(string.Empty, await Kernel.TableAsync(states.Node));
        Assert.Empty(await Kernel.RoutesAsync(states.Node));
    }

    private async Task DieInChangeAsync(EngineFolder folder, TransactionStep step, ChangeOptions change)
    {
        await using EngineProcess engine = await EngineProcess.StartAsync(states.Node, folder, EngineProcess.KillAt(step.ToString()));
        EngineClient client = await engine.ConnectAsync();
        EngineException lost = await Assert.ThrowsAsync<EngineException>(
            () => client.CallAsync(EngineApi.ConfigurationApply, new ApplyConfiguration(states.New, change), TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCatalogue.ConnectionLost.Id, lost.ErrorId);
        Assert.Equal(Killed, await engine.Process.WaitForExitAsync(Wait.Patience, TestContext.Current.CancellationToken));
    }

    private async Task<EngineProcess> RestartAsync(EngineFolder folder)
    {
        var time = System.Diagnostics.Stopwatch.StartNew();
        EngineProcess engine = await EngineProcess.StartAsync(states.Node, folder);
        TestContext.Current.TestOutputHelper?.WriteLine($"serving again {time.ElapsedMilliseconds} ms after the restart");
        return engine;
    }

    private async Task AssertAgreesAsync(TransactionStep step, EngineFolder folder, ConfigurationSnapshot now)
    {
        bool isNew = step >= TransactionStep.Committed;
        Assert.Equal(states.OldGeneration + (isNew ? 1 : 0), now.Info.Generation);
        Assert.Equal(now.Info.Generation, folder.CurrentGeneration());
        if (isNew)
        {
            await states.AssertIsNewAsync();
        }
        else
        {
            await states.AssertIsOldAsync();
            Assert.False(File.Exists(folder.GenerationFile(states.OldGeneration + 1)), "A generation nobody was told about was kept.");
        }

        Assert.Empty(Directory.EnumerateFiles(folder.State, "*.tmp", SearchOption.AllDirectories));
    }

    private static async Task AssertStillTakesChangesAsync(EngineClient client)
    {
        FirewallRulesChanged changed = await client.CallAsync(
            EngineApi.FirewallCreateRules, new CreateFirewallRules([Rules.BlockTcp("later", 1003)]), TestContext.Current.CancellationToken);
        Assert.True(changed.Outcome.Applied);
    }
}
