using System.Text;
using Net.Contracts;
using Net.Engine.State;

namespace Net.Engine.Tests;

public sealed class StateDamageTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(100)]
    [InlineData(-1)]
    public async Task A_truncated_generation_falls_back_to_the_last_good_one_and_says_so(int length)
    {
        await using EngineRig rig = await TwoGenerations();
        string path = Path.Combine(rig.Generations, "00000002.json");
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(length < 0 ? whole.Length + length : length)]);
        await rig.RestartAsync();
        Assert.Contains("last good generation, 1,", Assert.Single(rig.EventsOf("StateRecovered")).Message, StringComparison.Ordinal);
        Assert.Equal(["one"], rig.RuleNames());
        Assert.True(File.Exists(path + ".damaged"));
        Assert.Equal(3, (await rig.AddRuleAsync("three")).Generation);
        await rig.RestartAsync();
        Assert.Equal(["one", "three"], rig.RuleNames());
        Assert.Empty(rig.EventsOf("StateRecovered"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(-1)]
    public async Task A_truncated_current_file_falls_back_to_the_newest_generation_and_says_so(int length)
    {
        await using EngineRig rig = await TwoGenerations();
        byte[] whole = File.ReadAllBytes(rig.CurrentFile);
        File.WriteAllBytes(rig.CurrentFile, whole[..(length < 0 ? whole.Length + length : length)]);
        await rig.RestartAsync();
        Assert.Single(rig.EventsOf("StateRecovered"));
        Assert.Equal(["one", "two"], rig.RuleNames());
        Assert.Equal(2, rig.Manager.Info.Generation);
    }

    [Fact]
    public async Task Times_and_signs_of_every_kind_are_read_as_they_were_written()
    {
        await using EngineRig rig = await TwoGenerations();
        FirewallRule odd = EngineRig.Rule("a+b <c> & \"d\" 'e' \u00e9\u4e2d\ud83d\ude00 \\ /", "81");
        odd.ExpiresAt = rig.Clock.GetUtcNow().AddHours(2).ToOffset(TimeSpan.FromHours(-5.5));
        await rig.Rules.CreateAsync(EngineRig.Admin, new CreateFirewallRules([odd]), EngineRig.Token);

        await rig.RestartAsync();

        Assert.Empty(rig.EventsOf("StateRecovered"));
        Assert.Equal(3, rig.Manager.Info.Generation);
    }

    [Fact]
    public async Task A_missing_current_file_falls_back_to_the_newest_generation_and_says_so()
    {
        await using EngineRig rig = await TwoGenerations();
        File.Delete(rig.CurrentFile);
        await rig.RestartAsync();
        Assert.Single(rig.EventsOf("StateRecovered"));
        Assert.Equal(["one", "two"], rig.RuleNames());
    }

    [Fact]
    public async Task No_flipped_bit_of_a_state_file_changes_what_is_read_in_silence()
    {
        await using EngineRig rig = await TwoGenerations();
        var store = new GenerationStore(rig.Options.StateFolder);
        string good = Encoding.UTF8.GetString(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(store.Read(2).Document, Net.Contracts.Json.ContractsJsonContext.Default.NetConfiguration));
        foreach (string path in (string[])[rig.CurrentFile, Path.Combine(rig.Generations, "00000002.json")])
        {
            byte[] whole = File.ReadAllBytes(path);
            for (int index = 0; index < whole.Length; index++)
            {
                byte[] flipped = [.. whole];
                flipped[index] ^= (byte)(1 << (index % 7));
                File.WriteAllBytes(path, flipped);
                try
                {
                    CurrentFile current = store.ReadCurrent()!;
                    Assert.Equal((2, null), (current.Generation, current.ConfirmBy));
                    NetConfiguration read = store.Read(current.Generation).Document;
                    Assert.Equal(good, System.Text.Json.JsonSerializer.Serialize(read, Net.Contracts.Json.ContractsJsonContext.Default.NetConfiguration));
                }
                catch (StateDamagedException)
                {
                    // Noticed.
                }
            }

            File.WriteAllBytes(path, whole);
        }
    }

    [Fact]
    public async Task Without_any_good_generation_the_engine_only_reads_and_leaves_the_kernel_alone()
    {
        await using EngineRig rig = await TwoGenerations();
        foreach (string path in Directory.GetFiles(rig.Generations))
        {
            File.WriteAllText(path, "{");
        }

        string kernel = rig.Firewall.Content;
        await rig.RestartAsync();
        Assert.Contains("no good generation is left", rig.Manager.ReadOnlyReason, StringComparison.Ordinal);
        await EngineRig.Refused(ErrorCatalogue.EngineReadOnly, () => rig.AddRuleAsync("three"));
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Equal(kernel, rig.Firewall.Content);
        Assert.Equal(2, Directory.GetFiles(rig.Generations, "*.json").Length);
    }

    [Fact]
    public async Task An_unconfirmed_generation_does_not_become_permanent_by_a_damaged_disk()
    {
        await using EngineRig rig = await TwoGenerations();
        await rig.AddRuleAsync("lockout", new ChangeOptions(ConfirmWithin: TimeSpan.FromMinutes(2)));
        File.WriteAllText(Path.Combine(rig.Generations, "00000003.json"), "{}");
        await rig.RestartAsync();
        Assert.Equal(["one", "two"], rig.RuleNames());
        Assert.Null(rig.Manager.Info.ConfirmBy);
        Assert.Equal(4, (await rig.AddRuleAsync("next")).Generation);
    }

    [Fact]
    public async Task A_state_of_a_newer_release_is_refused_and_stays_byte_for_byte()
    {
        await using EngineRig rig = await TwoGenerations();
        var store = new GenerationStore(rig.Options.StateFolder);
        store.Write(3, new NetConfiguration { SchemaVersion = 99 }, rig.Clock.GetUtcNow(), "later", null, []);
        store.WriteCurrent(new CurrentFile(3));
        Dictionary<string, byte[]> before = Files(rig);
        string kernel = rig.Firewall.Content;
        await rig.RestartAsync();
        Assert.Contains("schema version 99", rig.Manager.ReadOnlyReason, StringComparison.Ordinal);
        await EngineRig.Refused(ErrorCatalogue.EngineReadOnly, () => rig.AddRuleAsync("three"));
        await EngineRig.Refused(ErrorCatalogue.ConfigurationFromFuture, () => Task.FromResult(rig.Manager.GetSnapshot(3)));
        Assert.Equal(before, Files(rig));
        Assert.Equal(kernel, rig.Firewall.Content);
    }

    [Fact]
    public async Task Samples_of_every_older_schema_migrate()
    {
        foreach (string path in Directory.GetFiles(TestData.Path("configuration"), "schema-*.*"))
        {
            await using EngineRig rig = await new EngineRig().LoadedAsync();
            ChangeOutcome outcome = await rig.Service.ImportAsync(EngineRig.Admin, new ImportConfiguration(File.ReadAllText(path)), EngineRig.Token);
            Assert.True(outcome.Applied, path);
            Assert.Equal(NetConfiguration.CurrentSchemaVersion, rig.Manager.Document.SchemaVersion);
            Assert.Equal(["block-telnet", "allow-web"], rig.RuleNames());
            Assert.Equal([new PortRange(80), new PortRange(443)], rig.Manager.Document.Firewall.Rules[1].LocalPort);
        }
    }

    [Fact]
    public void State_folders_and_files_belong_to_the_engine_alone()
    {
        using var folder = new TemporaryFolder();
        string state = folder.Sub("state");
        Directory.CreateDirectory(state, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        new GenerationStore(state).WriteCurrent(new CurrentFile(0));
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(state));
        Assert.Equal(owner, File.GetUnixFileMode(Path.Combine(state, "current.json")));
    }

    [Fact]
    public void A_second_engine_is_kept_away_from_the_state()
    {
        using var folder = new TemporaryFolder();
        using (StateLock.Take(folder.Sub("state")))
        {
            Assert.Equal(ErrorCatalogue.EngineAlreadyRuns.Id, Assert.Throws<EngineException>(() => StateLock.Take(folder.Sub("state"))).ErrorId);
        }

        StateLock.Take(folder.Sub("state")).Dispose();
        File.WriteAllText(folder.Sub("file"), string.Empty);
        Assert.Equal(ErrorCatalogue.StateNotWritable.Id, Assert.Throws<EngineException>(() => StateLock.Take(folder.Sub("file"))).ErrorId);
    }

    private static async Task<EngineRig> TwoGenerations()
    {
        EngineRig rig = await new EngineRig().LoadedAsync();
        await rig.AddRuleAsync("one");
        await rig.AddRuleAsync("two");
        return rig;
    }

    private static Dictionary<string, byte[]> Files(EngineRig rig) =>
        Directory.GetFiles(rig.Options.StateFolder, "*.json", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);
}
