using System.Text.Json;
using Net.Contracts;
using Net.Contracts.Json;
using Net.Engine.State;

namespace Net.Engine.Tests;

/// <summary>Generations that lie on disk as what is different from the one before.</summary>
public sealed class GenerationPatchTests
{
    private const int Many = 600;

    [Fact]
    public async Task A_small_change_of_a_large_document_is_written_as_what_is_different()
    {
        await using EngineRig rig = await Large();

        await rig.AddRuleAsync("one more", port: "25");

        string patch = Assert.Single(Directory.GetFiles(rig.Generations, "*.patch"));
        Assert.EndsWith("00000002.00000001.patch", patch, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(patch).Length, 100, 2000);
        Assert.Equal(rig.Manager.Info.Hash, HashOf(rig.Manager.Document));
        await rig.RestartAsync();
        Assert.Equal(Many + 1, rig.Manager.Document.Firewall.Rules.Length);
        Assert.Equal("one more", rig.RuleNames()[^1]);
        Assert.Empty(rig.EventsOf("StateRecovered"));
    }

    [Fact]
    public async Task It_is_written_whole_when_there_is_time_and_says_the_same()
    {
        await using EngineRig rig = await Large();
        await rig.AddRuleAsync("one more", port: "25");
        string before = Text(rig);

        rig.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Empty(Directory.GetFiles(rig.Generations, "*.patch"));
        Assert.Equal(["00000001.json", "00000002.json"], Directory.GetFiles(rig.Generations).Select(Path.GetFileName).Order());
        Assert.Equal(rig.Manager.Info.Hash, new GenerationStore(rig.Options.StateFolder).Read(2).File.Hash);
        await rig.AddRuleAsync("another", port: "26");
        Assert.Single(Directory.GetFiles(rig.Generations, "00000003.00000002.patch"));
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        await rig.RestartAsync();
        Assert.NotEqual(before, Text(rig));
        Assert.Equal(Many + 2, rig.Manager.Document.Firewall.Rules.Length);
    }

    [Fact]
    public async Task A_patch_that_was_cut_is_noticed_and_the_one_before_is_in_force()
    {
        using var folder = new TemporaryFolder();
        var store = new GenerationStore(folder.Sub("state"));
        NetConfiguration one = Document(Many);
        store.Write(1, one, DateTimeOffset.UnixEpoch, "a", null, []);
        NetConfiguration two = With(one, [.. one.Firewall.Rules, EngineRig.Rule("x") with { Id = 9000 }]);
        store.Write(2, two, DateTimeOffset.UnixEpoch, "a", "why", ["what"]);
        string path = Assert.Single(Directory.GetFiles(folder.Sub("state/generations"), "*.patch"));
        byte[] whole = await File.ReadAllBytesAsync(path, EngineRig.Token);
        Assert.Equal(Text(two), Text(store.Read(2).Document));

        // Every byte of its ends, where lengths and checksums are, and some of what is between.
        for (int length = 0; length < whole.Length; length += length < 30 || length > whole.Length - 30 ? 1 : 11)
        {
            await File.WriteAllBytesAsync(path, whole[..length], EngineRig.Token);
            Assert.Throws<StateDamagedException>(() => store.Read(2));
        }

        await File.WriteAllBytesAsync(path, whole[..^1], EngineRig.Token);
        Assert.Null(store.TryReadInfo(2));
        Assert.Equal(Text(one), Text(store.Read(1).Document));
    }

    [Fact]
    public async Task No_flipped_bit_of_a_patch_or_of_what_it_stands_on_changes_what_is_read_in_silence()
    {
        using var folder = new TemporaryFolder();
        var store = new GenerationStore(folder.Sub("state"));
        NetConfiguration one = Document(Many);
        store.Write(1, one, DateTimeOffset.UnixEpoch, "a", null, []);
        NetConfiguration two = With(one, [.. one.Firewall.Rules[..300], EngineRig.Rule("x") with { Id = 9000 }, .. one.Firewall.Rules[301..]]);
        store.Write(2, two, DateTimeOffset.UnixEpoch, "a", "why", ["what"]);
        string good = Text(two);
        foreach (string path in Directory.GetFiles(folder.Sub("state/generations")))
        {
            byte[] whole = await File.ReadAllBytesAsync(path, EngineRig.Token);
            int step = whole.Length > 10_000 ? whole.Length / 40 : 11;
            for (int index = 0; index < whole.Length; index += step)
            {
                byte[] flipped = [.. whole];
                flipped[index] ^= (byte)(1 << (index % 7));
                await File.WriteAllBytesAsync(path, flipped, EngineRig.Token);
                try
                {
                    Assert.Equal(good, Text(store.Read(2).Document));
                }
                catch (StateDamagedException)
                {
                    // Noticed.
                }
            }

            await File.WriteAllBytesAsync(path, whole, EngineRig.Token);
        }
    }

    [Fact]
    public async Task A_damaged_patch_falls_back_to_the_one_before_and_says_so()
    {
        await using EngineRig rig = await Large();
        await rig.AddRuleAsync("one more", port: "25");
        string patch = Assert.Single(Directory.GetFiles(rig.Generations, "*.patch"));
        byte[] whole = await File.ReadAllBytesAsync(patch, EngineRig.Token);
        await File.WriteAllBytesAsync(patch, whole[..(whole.Length / 2)], EngineRig.Token);

        await rig.RestartAsync();

        Assert.Single(rig.EventsOf("StateRecovered"));
        Assert.Equal(Many, rig.Manager.Document.Firewall.Rules.Length);
        Assert.True(File.Exists(patch + ".damaged"));
        Assert.Equal(3, (await rig.AddRuleAsync("next")).Generation);
    }

    [Fact]
    public async Task A_kill_while_it_is_written_whole_leaves_one_form_or_both()
    {
        await using EngineRig rig = await Large();
        await rig.AddRuleAsync("one more", port: "25");
        string patch = Assert.Single(Directory.GetFiles(rig.Generations, "*.patch"));
        byte[] bytes = await File.ReadAllBytesAsync(patch, EngineRig.Token);
        string good = Text(rig);
        await File.WriteAllTextAsync(Path.Combine(rig.Generations, "00000002.json.tmp"), "half", EngineRig.Token);
        await rig.RestartAsync();
        Assert.Equal(good, Text(rig));

        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        var store = new GenerationStore(rig.Options.StateFolder);
        await File.WriteAllBytesAsync(patch, bytes, EngineRig.Token);
        Assert.Equal(good, Text(store.Read(2).Document));
        Assert.Equal([1, 2], store.List());
        store.Delete(2);
        Assert.Equal([1], store.List());
    }

    [Fact]
    public async Task A_kill_after_any_step_of_a_small_change_leaves_the_old_or_the_new_document()
    {
        using var folder = new TemporaryFolder();
        await using EngineRig rig = await Large();
        string old = Text(rig);
        var copies = new Dictionary<TransactionStep, string>();
        rig.Host.Step = step => copies[step] = Copy(rig.Options.StateFolder, folder.Sub(step.ToString()));

        await rig.AddRuleAsync("one more", port: "25");

        rig.Host.Step = _ => { };
        Assert.Equal(Enum.GetValues<TransactionStep>(), copies.Keys.Order());
        Assert.Single(Directory.GetFiles(Path.Combine(copies[TransactionStep.GenerationWritten], "generations"), "*.patch"));
        foreach ((TransactionStep step, string copy) in copies)
        {
            var store = new GenerationStore(copy);
            Assert.Equal(step >= TransactionStep.Committed ? Text(rig) : old, Text(store.Read(store.ReadCurrent()!.Generation).Document));
        }
    }

    [Fact]
    public async Task Many_changes_in_a_row_keep_the_latest_and_every_kept_one_can_be_read_and_restored()
    {
        await using EngineRig rig = await Large(kept: 10);
        for (int number = 0; number < 55; number++)
        {
            await rig.AddRuleAsync($"more {number}", port: "25");
            if (number % 40 == 39)
            {
                rig.Clock.Advance(TimeSpan.FromMilliseconds(1));
            }
        }

        GenerationInfo[] kept = rig.Manager.ListGenerations();
        Assert.InRange(kept.Length, rig.Options.KeptGenerations, rig.Options.KeptGenerations + 40);
        foreach (GenerationInfo info in kept)
        {
            ConfigurationSnapshot snapshot = rig.Manager.GetSnapshot(info.Generation);
            Assert.Equal(Many + info.Generation - 1, snapshot.Document.Firewall.Rules.Length);
            Assert.Equal(info.Hash, HashOf(snapshot.Document));
        }

        Assert.True((await rig.Manager.RestoreAsync(EngineRig.Admin, kept[^1].Generation, null, EngineRig.Token)).Applied);
        await rig.RestartAsync();
        Assert.Equal(Many + kept[^1].Generation - 1, rig.Manager.Document.Firewall.Rules.Length);
    }

    [Fact]
    public async Task A_refused_change_takes_its_patch_away_and_the_next_one_stands_on_what_is_in_force()
    {
        await using EngineRig rig = await Large();
        await rig.AddRuleAsync("good", port: "25");
        rig.Firewall.Refusal = "no";
        rig.Firewall.RefusalsLeft = 1;
        await EngineRig.Refused(ErrorCatalogue.FirewallApplyFailed, () => rig.AddRuleAsync("bad", port: "26"));
        await rig.AddRuleAsync("next", port: "27");
        await rig.RestartAsync();
        Assert.Equal(["good", "next"], rig.RuleNames()[^2..]);
        Assert.Empty(rig.EventsOf("StateRecovered"));
    }

    [Fact]
    public async Task An_unconfirmed_change_of_a_large_document_is_rolled_back_after_a_restart()
    {
        await using EngineRig rig = await Large();
        await rig.AddRuleAsync("lockout", new ChangeOptions(ConfirmWithin: TimeSpan.FromMinutes(2)));
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await rig.RestartAsync();
        Assert.NotNull(rig.Manager.Info.ConfirmBy);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await rig.EventAsync("ConfigurationRolledBack");
        Assert.Equal(Many, rig.Manager.Document.Firewall.Rules.Length);
    }

    [Fact]
    public void Random_edits_of_every_kind_read_back_as_they_were()
    {
        var random = new Random(20_268);
        using var folder = new TemporaryFolder();
        var store = new GenerationStore(folder.Sub("state"));
        NetConfiguration document = Document(Many);
        for (long generation = 1; generation <= 40; generation++)
        {
            store.Write(generation, document, DateTimeOffset.UnixEpoch, "a", null, []);
            if (random.Next(10) == 0)
            {
                store.Consolidate();
            }

            StoredGeneration read = new GenerationStore(folder.Sub("state")).Read(generation);
            Assert.Equal(Text(document), Text(read.Document));
            Assert.Equal(HashOf(document), read.File.Hash);
            document = Edited(document, random, generation);
        }

        Assert.NotEmpty(Directory.GetFiles(folder.Sub("state/generations"), "*.patch"));
    }

    [Fact]
    public void A_document_written_by_its_parts_is_the_document_and_equal_ones_have_equal_checksums()
    {
        NetConfiguration document = Document(3) with
        {
            Paths = new PathsSection { Routes = [EngineRig.Route("r", "10.0.0.0/8")] },
            Metrics = new MetricsSection { Listen = "127.0.0.1:9" },
        };
        Assert.Equal(Text(document), ByParts(document, out string hash));
        NetConfiguration same = JsonSerializer.Deserialize(Text(document), ContractsJsonContext.Default.NetConfiguration)!;
        Assert.Equal(hash, HashOf(same));
        Assert.NotEqual(hash, HashOf(document with { Paths = new PathsSection() }));
        using JsonDocument json = JsonDocument.Parse(Text(document));
        Assert.Equal(hash, DocumentHash.Of(json.RootElement));
        Assert.Equal(Text(new NetConfiguration()), ByParts(new NetConfiguration(), out _));
    }

    [Fact]
    public void Generations_of_earlier_releases_are_read()
    {
        using var folder = new TemporaryFolder();
        var store = new GenerationStore(folder.Sub("state"));
        string document = Text(Document(2));
        byte[] hash = new byte[16];
        DocumentHash.Compute(System.Text.Encoding.UTF8.GetBytes(document), hash);
        string file = $$"""{"generation":7,"createdAt":"2026-01-01T00:00:00+00:00","author":"a","summary":[],"hash":"{{Convert.ToHexStringLower(hash)}}","document":{{document}}}""";
        File.WriteAllText(folder.Sub("state/generations/00000007.json"), file);
        Assert.Equal(document, Text(store.Read(7).Document));
        File.WriteAllText(folder.Sub("state/generations/00000007.json"), file.Replace("rule 1", "rule 9", StringComparison.Ordinal));
        Assert.Throws<StateDamagedException>(() => store.Read(7));
    }

    private static NetConfiguration Edited(NetConfiguration document, Random random, long number)
    {
        FirewallRule[] rules = document.Firewall.Rules;
        int at = rules.Length == 0 ? 0 : random.Next(rules.Length);
        FirewallRule added = EngineRig.Rule($"edit \"{number}\" ä€", "443") with { Id = 100_000 + number };
        return random.Next(8) switch
        {
            0 => With(document, [.. rules[..at], added, .. rules[at..]]),
            1 => With(document, [.. rules[..at], .. rules[Math.Min(rules.Length, at + random.Next(4))..]]),
            2 => With(document, [.. rules[at..], .. rules[..at]]),
            3 => With(document, [.. rules.Select((rule, index) => index == at ? rule with { Description = $"d{number}" } : rule)]),
            4 => With(document, [.. rules.OrderBy(_ => random.Next(50))]),
            5 => document with { Metrics = document.Metrics with { Listen = random.Next(2) == 0 ? null : $"127.0.0.1:{number}" } },
            6 => document with { Paths = document.Paths with { Routes = random.Next(2) == 0 ? [] : [EngineRig.Route($"r{number}", "10.0.0.0/8")] } },
            _ => document with { Access = new AccessSection { Readers = [$"user:u{number}"] }, Firewall = document.Firewall with { NextRuleId = 200_000 + number } },
        };
    }

    private static async Task<EngineRig> Large(int? kept = null)
    {
        EngineRig rig = new();
        rig.Options = rig.Options with { KeptGenerations = kept ?? rig.Options.KeptGenerations };
        await rig.RestartAsync();
        await rig.ChangeAsync(_ => Document(Many));
        return rig;
    }

    private static NetConfiguration Document(int rules) => With(
        new NetConfiguration(), [.. Enumerable.Range(1, rules).Select(number => EngineRig.Rule($"rule {number}") with { Id = number, Description = "to have a document of some size" })]);

    private static NetConfiguration With(NetConfiguration document, FirewallRule[] rules) => document with { Firewall = document.Firewall with { Rules = rules } };

    private static string Text(EngineRig rig) => Text(rig.Manager.Document);

    private static string Text(NetConfiguration document) => JsonSerializer.Serialize(document, ContractsJsonContext.Wire.NetConfiguration);

    private static string HashOf(NetConfiguration document)
    {
        ByParts(document, out string hash);
        return hash;
    }

    private static string Copy(string from, string to)
    {
        foreach (string path in Directory.GetFiles(from, "*.*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }

        return to;
    }

    private static string ByParts(NetConfiguration document, out string hash)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            hash = DocumentImage.Write(writer, document).Hash;
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
