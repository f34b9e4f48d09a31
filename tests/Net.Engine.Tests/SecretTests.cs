using System.Text;
using Net.Contracts;
using Net.Engine.Secrets;

namespace Net.Engine.Tests;

public sealed class SecretTests
{
    private const string Value = "kU7-very-secret-9x";
    private const string Passphrase = "correct horse battery";

    [Theory]
    [InlineData("metrics", true)]
    [InlineData("a.b-c_D9", true)]
    [InlineData("", false)]
    [InlineData(".hidden", false)]
    [InlineData("a/b", false)]
    [InlineData("..", false)]
    [InlineData("a.tmp", false)]
    [InlineData("ä", false)]
    public async Task Names_are_letters_digits_and_three_signs(string name, bool isTaken)
    {
        await using var rig = new EngineRig();
        if (isTaken)
        {
            rig.Secrets.Write(name, Value);
            Assert.Equal(Value, Encoding.UTF8.GetString(rig.Secrets.Read(name)!));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(rig.Options.StateFolder, "secrets", name)));
        }
        else
        {
            Assert.Equal(ErrorCatalogue.SecretInvalid.Id, Assert.Throws<EngineException>(() => rig.Secrets.Write(name, Value)).ErrorId);
        }
    }

    [Fact]
    public async Task Values_have_bounds_and_missing_ones_are_said()
    {
        await using var rig = new EngineRig();
        Assert.Equal(ErrorCatalogue.SecretInvalid.Id, Assert.Throws<EngineException>(() => rig.Secrets.Write("a", "")).ErrorId);
        Assert.Equal(ErrorCatalogue.SecretInvalid.Id, Assert.Throws<EngineException>(() => rig.Secrets.Write("a", new byte[65537])).ErrorId);
        Assert.Equal(ErrorCatalogue.SecretInvalid.Id, Assert.Throws<EngineException>(() => rig.Secrets.Write(new string('a', 65), Value)).ErrorId);
        await EngineRig.Refused(ErrorCatalogue.SecretNotFound, () => rig.SecretService.RemoveAsync(EngineRig.Admin, new RemoveSecret("nobody"), EngineRig.Token));
    }

    [Fact]
    public async Task Writers_of_one_name_do_not_disturb_each_other()
    {
        await using var rig = new EngineRig();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() =>
        {
            for (int round = 0; round < 20; round++)
            {
                rig.Secrets.Write("shared", new string((char)('a' + writer), 1000));
            }
        }, EngineRig.Token)));
        Assert.Single(Encoding.UTF8.GetString(rig.Secrets.Read("shared")!).Distinct());
        Assert.Single(Directory.GetFiles(Path.Combine(rig.Options.StateFolder, "secrets")));
    }

    [Fact]
    public async Task A_secret_in_use_stays_even_when_only_a_rollback_would_need_it()
    {
        await using EngineRig rig = await WithToken();
        Assert.Equal(["metrics.bearerToken"], Assert.Single(rig.SecretService.List()).UsedBy);
        await EngineRig.Refused(ErrorCatalogue.SecretInUse, Remove);
        await rig.ChangeAsync(document => document with { Metrics = new MetricsSection() }, new ChangeOptions(ConfirmWithin: TimeSpan.FromMinutes(1)));
        await EngineRig.Refused(ErrorCatalogue.SecretInUse, Remove);
        await rig.Manager.ConfirmAsync(EngineRig.Admin, null, EngineRig.Token);
        await Remove();
        Assert.Empty(rig.SecretService.List());

        Task Remove() => rig.SecretService.RemoveAsync(EngineRig.Admin, new RemoveSecret("metrics"), EngineRig.Token);
    }

    [Fact]
    public async Task No_secret_is_in_clear_anywhere_but_in_its_file()
    {
        await using EngineRig rig = await WithToken();
        BackupArchive backup = rig.Service.Backup(new CreateBackup(Passphrase));
        string shown = string.Concat(
            rig.Service.Export(new ExportConfiguration(ConfigurationFormat.Json)).Text,
            rig.Service.Export(new ExportConfiguration(ConfigurationFormat.Yaml)).Text,
            string.Join('\n', rig.Events.List(new ListEvents()).Select(item => item.ToString())),
            string.Join('\n', rig.Manager.ListGenerations().SelectMany(info => info.Summary)),
            string.Join('\n', rig.SecretService.List().Select(info => info.ToString())));
        Assert.DoesNotContain(Value, shown, StringComparison.Ordinal);
        byte[] needle = Encoding.UTF8.GetBytes(Value);
        string base64 = Convert.ToBase64String(needle);
        Assert.Equal(-1, backup.Content.AsSpan().IndexOf(needle));
        foreach (string path in Directory.GetFiles(rig.Options.StateFolder, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "metrics"))
        {
            Assert.Equal(-1, File.ReadAllBytes(path).AsSpan().IndexOf(needle));
            Assert.DoesNotContain(base64, File.ReadAllText(path), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_in_place_of_a_reference_is_refused_without_being_repeated()
    {
        await using EngineRig rig = await new EngineRig().LoadedAsync();
        EngineException exception = await EngineRig.Refused(ErrorCatalogue.ConfigurationInvalid, () =>
            rig.ChangeAsync(document => document with { Metrics = new MetricsSection { Listen = "127.0.0.1:9464", BearerToken = Value } }));
        Assert.DoesNotContain(Value, exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Events.List(new ListEvents()), item => item.Message.Contains(Value, StringComparison.Ordinal));
        await EngineRig.Refused(ErrorCatalogue.SecretNotFound, () => rig.ChangeAsync(document => document with { Metrics = new MetricsSection { BearerToken = "secret:none" } }));
    }

    [Fact]
    public async Task A_backup_brings_document_and_secrets_to_another_engine()
    {
        await using EngineRig rig = await WithToken();
        await rig.AddRuleAsync("web");
        BackupArchive backup = rig.Service.Backup(new CreateBackup(Passphrase));
        await using EngineRig other = await new EngineRig().LoadedAsync();
        ChangeOutcome planned = await other.Service.RestoreBackupAsync(EngineRig.Admin, new RestoreBackup(backup.Content, Passphrase, new ChangeOptions(WhatIf: true)), EngineRig.Token);
        Assert.Equal((false, 3), (planned.Applied, planned.Plan.Changes.Length));
        Assert.Empty(other.Secrets.List());
        await rig.ChangeAsync(document => document with { Metrics = new MetricsSection() });
        Assert.True((await other.Service.RestoreBackupAsync(EngineRig.Admin, new RestoreBackup(backup.Content, Passphrase), EngineRig.Token)).Applied);
        Assert.Equal(["web"], other.RuleNames());
        Assert.Equal(Value, Encoding.UTF8.GetString(other.Secrets.Read("metrics")!));
    }

    [Fact]
    public async Task A_wrong_passphrase_or_a_damaged_archive_changes_nothing()
    {
        await using EngineRig rig = await WithToken();
        Assert.Equal(ErrorCatalogue.ArgumentInvalid.Id, Assert.Throws<EngineException>(() => rig.Service.Backup(new CreateBackup("short"))).ErrorId);
        byte[] made = rig.Service.Backup(new CreateBackup(Passphrase)).Content;
        Assert.Equal(BackupCodec.Iterations, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(made.AsSpan(4)));

        // What is tried many times is made with one round: how long a guess takes is not what this proves.
        byte[] archive = BackupCodec.Seal(BackupCodec.Open(made, Passphrase), Passphrase, iterations: 1);
        Assert.Equal(ErrorCatalogue.BackupUnreadable.Id, Assert.Throws<EngineException>(() => BackupCodec.Open(archive, Passphrase + "!")).ErrorId);
        var random = new Random(20261121);
        for (int round = 0; round < 12; round++)
        {
            byte[] damaged = [.. archive];
            if (round % 3 == 0)
            {
                damaged = damaged[..random.Next(damaged.Length)];
            }
            else
            {
                // Not the count of rounds: a large one only makes the refusal slow.
                int at = random.Next(8, damaged.Length);
                damaged[at] ^= (byte)random.Next(1, 256);
            }

            Assert.Equal(ErrorCatalogue.BackupUnreadable.Id, Assert.Throws<EngineException>(() => BackupCodec.Open(damaged, Passphrase)).ErrorId);
        }

        foreach (int rounds in new[] { 0, -1, int.MaxValue })
        {
            byte[] damaged = [.. archive];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(damaged.AsSpan(4), rounds);
            Assert.Equal(ErrorCatalogue.BackupUnreadable.Id, Assert.Throws<EngineException>(() => BackupCodec.Open(damaged, Passphrase)).ErrorId);
        }
    }

    [Fact]
    public async Task Metrics_let_nobody_in_without_the_token_of_the_moment()
    {
        await using EngineRig rig = await WithToken();
        Assert.Contains(" 401 ", await Scrape(rig, null), StringComparison.Ordinal);
        Assert.Contains(" 401 ", await Scrape(rig, "wrong"), StringComparison.Ordinal);
        Assert.Contains(" 200 ", await Scrape(rig, Value), StringComparison.Ordinal);
        rig.Secrets.Write("metrics", "rotated");
        Assert.Contains(" 401 ", await Scrape(rig, Value), StringComparison.Ordinal);
        Assert.Contains(" 200 ", await Scrape(rig, "rotated"), StringComparison.Ordinal);
        rig.Secrets.Remove("metrics");
        Assert.Contains(" 401 ", await Scrape(rig, "rotated"), StringComparison.Ordinal);
        await EngineRig.Refused(ErrorCatalogue.ConfigurationInvalid, () => rig.ChangeAsync(document => document with { Metrics = new MetricsSection { Listen = "unix:engine.sock" } }));
        await EngineRig.Refused(ErrorCatalogue.ConfigurationInvalid, () => rig.ChangeAsync(document => document with { Metrics = new MetricsSection { Listen = "0.0.0.0:9464" } }));
    }

    private static async Task<EngineRig> WithToken()
    {
        EngineRig rig = await new EngineRig().LoadedAsync();
        rig.SecretService.Set(EngineRig.Admin, new SetSecret("metrics", Value));
        await rig.ChangeAsync(document => document with { Metrics = new MetricsSection { Listen = "unix:m.sock", BearerToken = "secret:metrics" } });
        return rig;
    }

    private static async Task<string> Scrape(EngineRig rig, string? token)
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(Path.GetDirectoryName(rig.Options.SocketPath)!, "m.sock")), EngineRig.Token);
        await using var stream = new System.Net.Sockets.NetworkStream(socket);
        string header = token is null ? string.Empty : $"Authorization: Bearer {token}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /metrics HTTP/1.1\r\nHost: x\r\n{header}\r\n"), EngineRig.Token);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(EngineRig.Token);
    }
}
