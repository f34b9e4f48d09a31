using System.Text.Json;
using System.Text.Json.Nodes;
using Net.Client;
using Net.Contracts;
using Net.Lab;
using Net.Packets;

namespace Net.Service.Tests;

/// <summary>Full disks, damaged files and documents of a newer release.</summary>
public sealed class StateTests(TwoGenerations template) : IClassFixture<TwoGenerations>, IAsyncLifetime
{
    private readonly EngineFolder _folder = new();
    private string? _mounted;

    private LabNode Node => template.Node;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        TestHost.RequireRoot();
        await Kernel.NftAsync(Node, "flush ruleset");
    }

    [Fact]
    public async Task A_full_disk_refuses_the_change_keeps_the_old_state_and_is_over_when_there_is_room_again()
    {
        await MountSmallDiskAsync(_folder.State);
        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);
        EngineClient client = await engine.ConnectAsync();
        await CreateAsync(client, "a", 1001);
        string table = await Kernel.TableAsync(Node);
        string filler = Path.Combine(_folder.State, "filler");
        Fill(filler);

        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => CreateAsync(client, "b", 1002));

        Assert.Equal(ErrorCatalogue.StateNotWritable.Id, refused.ErrorId);
        Assert.Contains("space", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(table, await Kernel.TableAsync(Node));
        Assert.Equal(["a"], await NamesAsync(client));
        EngineStatus status = await client.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token);
        Assert.Equal(EngineState.Ready, status.State);

        File.Delete(filler);
        await CreateAsync(client, "b", 1002);
        Assert.Equal(["a", "b"], await NamesAsync(client));
        Assert.Equal(status.Generation + 1, _folder.CurrentGeneration());
    }

    [Fact]
    public async Task An_engine_starts_on_a_full_disk_with_the_state_it_had()
    {
        await MountSmallDiskAsync(_folder.State);
        template.CopyTo(_folder);
        Fill(Path.Combine(_folder.State, "filler"));

        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);

        EngineClient client = await engine.ConnectAsync();
        Assert.Equal(["a", "b"], await NamesAsync(client));
        Assert.Contains("\"r2\"", await Kernel.TableAsync(Node), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("empty")]
    [InlineData("changed")]
    [InlineData("missing")]
    [InlineData("noise")]
    public async Task A_damaged_generation_falls_back_to_the_last_good_one_and_says_so(string damage)
    {
        template.CopyTo(_folder);
        Damage(_folder.GenerationFile(2), damage);

        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);

        EngineClient client = await engine.ConnectAsync();
        EngineEvent said = await EngineProcess.EventAsync(client, "StateRecovered");
        Assert.Equal(EventSeverity.Error, said.Severity);
        Assert.Contains("generation 2", said.Message, StringComparison.Ordinal);
        Assert.Equal(["a"], await NamesAsync(client));
        Assert.DoesNotContain("\"r2\"", await Kernel.TableAsync(Node), StringComparison.Ordinal);
        await CreateAsync(client, "c", 1003);
        Assert.Equal(["a", "c"], await NamesAsync(client));
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("empty")]
    [InlineData("missing")]
    [InlineData("noise")]
    public async Task A_damaged_current_file_falls_back_to_the_newest_generation_and_says_so(string damage)
    {
        template.CopyTo(_folder);
        Damage(_folder.CurrentFile, damage);

        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);

        EngineClient client = await engine.ConnectAsync();
        EngineEvent said = await EngineProcess.EventAsync(client, "StateRecovered");
        Assert.Contains("current.json", said.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], await NamesAsync(client));
        Assert.Equal(2, _folder.CurrentGeneration());
    }

    [Fact]
    public async Task With_no_good_generation_left_the_engine_serves_reads_and_leaves_the_kernel_as_it_is()
    {
        await TwoGenerations.MakeAsync(Node, _folder);
        string table = await Kernel.TableAsync(Node);
        Damage(_folder.GenerationFile(1), "truncated");
        Damage(_folder.GenerationFile(2), "changed");

        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);

        await AssertIsReadOnlyAsync(await engine.ConnectAsync(), "damaged", table);
    }

    [Fact]
    public async Task A_document_of_a_newer_release_is_refused_untouched_and_the_kernel_keeps_its_rules()
    {
        await TwoGenerations.MakeAsync(Node, _folder);
        string table = await Kernel.TableAsync(Node);
        MakeFuture(_folder.GenerationFile(2));
        byte[] before = await File.ReadAllBytesAsync(_folder.GenerationFile(2), Token);
        byte[] currentBefore = await File.ReadAllBytesAsync(_folder.CurrentFile, Token);

        await using (EngineProcess engine = await EngineProcess.StartAsync(Node, _folder))
        {
            await AssertIsReadOnlyAsync(await engine.ConnectAsync(), "schema version 99", table);
            await Kernel.NftAsync(Node, "add chain inet netmod somebodys");
            Assert.Equal(0, await engine.StopAsync());
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.GenerationFile(2), Token));
        Assert.Equal(currentBefore, await File.ReadAllBytesAsync(_folder.CurrentFile, Token));
        Assert.Contains("somebodys", await Kernel.TableAsync(Node), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_mounted is not null)
        {
            await TestHost.RunAsync("umount", "--lazy", _mounted);
        }

        _folder.Dispose();
    }

    private static Task<FirewallRulesChanged> CreateAsync(EngineClient client, string name, ushort port) => TwoGenerations.CreateAsync(client, name, port);

    private static async Task<string[]> NamesAsync(EngineClient client) =>
        [.. (await client.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(), Token)).Select(rule => rule.Name)];

    private static void Fill(string path)
    {
        byte[] block = new byte[4096];
        using FileStream file = File.OpenWrite(path);
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static void Damage(string path, string how)
    {
        byte[] content = File.ReadAllBytes(path);
        switch (how)
        {
            case "truncated":
                File.WriteAllBytes(path, content[..(content.Length / 2)]);
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            case "missing":
                File.Delete(path);
                break;
            case "noise":
                new Random(7).NextBytes(content);
                File.WriteAllBytes(path, content);
                break;
            default:
                // Still JSON, still a valid document: only the hash can tell.
                File.WriteAllText(path, File.ReadAllText(path).Replace("\"a\"", "\"x\"", StringComparison.Ordinal));
                break;
        }
    }

    private static void MakeFuture(string path)
    {
        JsonObject file = JsonNode.Parse(File.ReadAllText(path))!.AsObject();

        // Without it the hash is one over the document's bytes.
        file.Remove("format");
        file["document"]!["schemaVersion"] = 99;
        file["document"]!["firewall"]!["zones"] = new JsonArray("trusted");
        using JsonDocument document = JsonDocument.Parse(file["document"]!.ToJsonString());
        byte[] hash = new byte[SipHash.HashBytes];
        SipHash.Compute(new byte[SipHash.KeyBytes], JsonSerializer.SerializeToUtf8Bytes(document.RootElement), hash);
        file["hash"] = Convert.ToHexStringLower(hash);
        File.WriteAllText(path, file.ToJsonString());
    }

    private async Task AssertIsReadOnlyAsync(EngineClient client, string reason, string table)
    {
        EngineStatus status = await client.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token);
        Assert.Equal(EngineState.ReadOnly, status.State);
        Assert.Contains(reason, status.StateReason, StringComparison.Ordinal);
        await EngineProcess.EventAsync(client, "StateNotLoaded");
        EngineException refused = await Assert.ThrowsAsync<EngineException>(() => CreateAsync(client, "c", 1003));
        Assert.Equal(ErrorCatalogue.EngineReadOnly.Id, refused.ErrorId);
        Assert.NotNull(await client.CallAsync(EngineApi.ConfigurationGet, new GetConfiguration(), Token));
        GenerationInfo[] kept = await client.CallAsync(EngineApi.ConfigurationGenerations, new ListGenerations(), Token);
        Assert.NotNull(kept);
        Assert.Equal(table, await Kernel.TableAsync(Node));
    }

    private async Task MountSmallDiskAsync(string path)
    {
        Directory.CreateDirectory(path);
        (int exitCode, string output) = await TestHost.RunAsync("mount", "-t", "tmpfs", "-o", "size=128k,mode=0700", "svctests", path);
        Assert.True(exitCode == 0, output);
        _mounted = path;
    }
}
