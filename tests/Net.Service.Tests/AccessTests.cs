using Net.Client;
using Net.Contracts;
using Net.Lab;

namespace Net.Service.Tests;

/// <summary>Who may reach the engine and what they may do there, with real users.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    // nobody and nogroup of Debian.
    private const string Nobody = "65534";

    private const int NotPermitted = 4;

    private readonly EngineFolder _folder = new();
    private Lab.Lab? _lab;

    private LabNode Node => _lab!.Node("left");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _lab = await TestHost.PairAsync();

    [Fact]
    public async Task Another_user_cannot_open_the_socket()
    {
        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);

        Assert.Equal(UnixFileMode.None, FileMode(_folder.Socket) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite));
        Assert.Contains(ErrorCatalogue.SocketNotPermitted.Id, await CallAsNobodyAsync("status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_without_the_role_is_refused_and_the_refusal_is_on_record()
    {
        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);
        EngineClient admin = await engine.ConnectAsync();
        OpenSocketToAll();

        Assert.Contains("RoleRequired PermissionDenied", await CallAsNobodyAsync("status"), StringComparison.Ordinal);

        EngineEvent said = await EngineProcess.EventAsync(admin, "PermissionDenied");
        Assert.Equal("nobody", said.Actor);
        Assert.Equal("engine.status", said.Target);
        Assert.Equal("access", said.Area);
    }

    [Fact]
    public async Task Roles_come_from_the_document_and_end_with_it()
    {
        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);
        EngineClient admin = await engine.ConnectAsync();
        OpenSocketToAll();

        await GrantAsync(admin, new AccessSection { Readers = ["user:nobody"] });
        Assert.Contains("role Reader\ndone", await CallAsNobodyAsync("status"), StringComparison.Ordinal);
        Assert.Contains("RoleRequired", await CallAsNobodyAsync("create-rule"), StringComparison.Ordinal);

        await GrantAsync(admin, new AccessSection { Operators = ["group:nogroup"] });
        Assert.Contains("role Operator\ndone", await CallAsNobodyAsync("create-rule"), StringComparison.Ordinal);
        Assert.Contains("RoleRequired", await CallAsNobodyAsync("stop"), StringComparison.Ordinal);
        GenerationInfo[] generations = await admin.CallAsync(EngineApi.ConfigurationGenerations, new ListGenerations(), Token);
        Assert.Equal("nobody", generations[0].Author);

        await GrantAsync(admin, new AccessSection());
        Assert.Contains("role None\nRoleRequired", await CallAsNobodyAsync("status"), StringComparison.Ordinal);
        Assert.False(engine.Process.HasExited);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task An_engine_does_not_serve_in_a_folder_others_may_write_to(UnixFileMode writable)
    {
        SetMode(_folder.SocketFolder, FileMode(_folder.SocketFolder) | writable);
        await using EngineProcess engine = EngineProcess.Launch(Node, _folder);

        Assert.Equal(NotPermitted, await engine.Process.WaitForExitAsync(Wait.Patience, Token));
        Assert.Contains(ErrorCatalogue.PermissionsTooWide.Id, engine.Log, StringComparison.Ordinal);
        Assert.Contains(_folder.SocketFolder, engine.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_does_not_serve_in_a_folder_that_belongs_to_another_user()
    {
        await TestHost.RunAsync("chown", Nobody, _folder.SocketFolder);
        await using EngineProcess engine = EngineProcess.Launch(Node, _folder);

        Assert.Equal(NotPermitted, await engine.Process.WaitForExitAsync(Wait.Patience, Token));
        Assert.Contains(ErrorCatalogue.PermissionsTooWide.Id, engine.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_engine_on_the_same_state_or_socket_is_refused_and_the_first_goes_on()
    {
        await using EngineProcess first = await EngineProcess.StartAsync(Node, _folder);
        EngineClient client = await first.ConnectAsync();

        await using (EngineProcess same = EngineProcess.Launch(Node, _folder))
        {
            Assert.NotEqual(0, await same.Process.WaitForExitAsync(Wait.Patience, Token));
            Assert.Contains(ErrorCatalogue.EngineAlreadyRuns.Id, same.Log, StringComparison.Ordinal);
        }

        using var other = new EngineFolder();
        LabProcess process = Node.Start(TestHost.Dotnet, [TestHost.Engine, "--socket", _folder.Socket, "--state", other.State, "--config", other.Configuration]);
        Assert.NotEqual(0, await process.WaitForExitAsync(Wait.Patience, Token));
        Assert.Contains(process.Lines, line => line.Text.Contains(ErrorCatalogue.EngineAlreadyRuns.Id, StringComparison.Ordinal));
        Assert.Equal(EngineState.Ready, (await client.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token)).State);
    }

    [Fact]
    public async Task The_state_is_readable_by_nobody_else()
    {
        await using EngineProcess engine = await EngineProcess.StartAsync(Node, _folder);
        EngineClient client = await engine.ConnectAsync();
        await client.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules([Rules.BlockTcp("a", 1)]), Token);
        await client.CallAsync(EngineApi.SecretsSet, new SetSecret("token", "correct horse"), Token);

        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        Assert.Equal(UnixFileMode.None, FileMode(_folder.State) & others);
        string[] all = [.. Directory.EnumerateFileSystemEntries(_folder.State, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "lock")];
        Assert.True(all.Length >= 4);
        Assert.All(all, path => Assert.Equal(UnixFileMode.None, FileMode(path) & others));
        Assert.DoesNotContain("correct horse", engine.Log, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static UnixFileMode FileMode(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static Task<ChangeOutcome> GrantAsync(EngineClient admin, AccessSection access) => admin.CallAsync(
        EngineApi.ConfigurationApply, new ApplyConfiguration(new NetConfiguration { Access = access }), Token);

    private void OpenSocketToAll() => SetMode(_folder.Socket, FileMode(_folder.Socket) | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);

    private async Task<string> CallAsNobodyAsync(string method)
    {
        string program = Path.Combine(_folder.Root, "bin");
        if (!Directory.Exists(program))
        {
            TestHost.CopyForEverybody(_folder.Root);
        }

        (_, string output) = await TestHost.RunAsync(
            "setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", TestHost.Dotnet, Path.Combine(program, Path.GetFileName(TestHost.Self)), "call", _folder.Socket, method);
        return output;
    }
}
