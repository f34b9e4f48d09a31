using Net.Contracts;
using Net.Lab;

namespace Net.Service.Tests;

/// <summary>The two states a crash test goes between: the lab they are in, the state folder of the old one, and what the kernel shows of each.</summary>
public sealed class CrashStates : IAsyncLifetime
{
    private readonly EngineFolder _template = new();
    private Lab.Lab? _lab;

    public LabNode Node => _lab!.Node("left");

    internal NetConfiguration New { get; private set; } = new();

    internal string OldTable { get; private set; } = string.Empty;

    internal string NewTable { get; private set; } = string.Empty;

    internal string[] OldRoutes { get; private set; } = [];

    internal string[] NewRoutes { get; private set; } = [];

    internal long OldGeneration { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        _lab = await TestHost.PairAsync();
        await using (EngineProcess engine = await EngineProcess.StartAsync(Node, _template))
        {
            Client.EngineClient client = await engine.ConnectAsync();
            var document = new NetConfiguration
            {
                Firewall = new FirewallSection { Rules = [Rules.BlockTcp("a", 1001)] },
                Paths = new PathsSection { Routes = [Rules.Route("r", "192.0.2.0/24", "10.1.0.2"), Rules.Route("six", "2001:db8:77::/48", "2001:db8:1::2")] },
            };
            await client.CallAsync(EngineApi.ConfigurationApply, new ApplyConfiguration(document));
            ConfigurationSnapshot old = await client.CallAsync(EngineApi.ConfigurationGet, new GetConfiguration());
            OldGeneration = old.Info.Generation;
            New = old.Document with
            {
                Firewall = old.Document.Firewall with { Rules = [.. old.Document.Firewall.Rules, Rules.BlockTcp("b", 1002)] },
                Paths = new PathsSection { Routes = [Rules.Route("r", "198.51.100.0/24", "10.1.0.2"), Rules.Route("six", "2001:db8:78::/48", "2001:db8:1::2")] },
            };
            await engine.StopAsync();
        }

        // What a fresh start makes of each state is what a restart after a crash must make of it.
        using EngineFolder folder = CopyOfOld();
        await using (EngineProcess engine = await EngineProcess.StartAsync(Node, folder))
        {
            (OldTable, OldRoutes) = await SeeAsync();
            Client.EngineClient client = await engine.ConnectAsync();
            await client.CallAsync(EngineApi.ConfigurationApply, new ApplyConfiguration(New));
            await engine.StopAsync();
        }

        await using (EngineProcess engine = await EngineProcess.StartAsync(Node, folder))
        {
            (NewTable, NewRoutes) = await SeeAsync();
        }

        Assert.NotEqual(OldTable, NewTable);
        Assert.Equal(2, OldRoutes.Length);
        Assert.Equal(2, NewRoutes.Length);
    }

    /// <summary>A folder whose engine is at the old state, and a kernel that knows of nothing.</summary>
    internal async Task<EngineFolder> BeginAsync()
    {
        TestHost.RequireRoot();
        await Kernel.NftAsync(Node, "flush ruleset");
        await Kernel.IpAsync(Node, "-4 route flush proto 201");
        await Kernel.IpAsync(Node, "-6 route flush proto 201");
        return CopyOfOld();
    }

    internal async Task<(string Table, string[] Routes)> SeeAsync() => (await Kernel.TableAsync(Node), await Kernel.RoutesAsync(Node));

    internal async Task AssertIsOldAsync()
    {
        (string table, string[] routes) = await SeeAsync();
        Assert.Equal(OldTable, table);
        Assert.Equal(OldRoutes, routes);
    }

    internal async Task AssertIsNewAsync()
    {
        (string table, string[] routes) = await SeeAsync();
        Assert.Equal(NewTable, table);
        Assert.Equal(NewRoutes, routes);
    }

    public async ValueTask DisposeAsync()
    {
        _template.Dispose();
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    private EngineFolder CopyOfOld()
    {
        var folder = new EngineFolder();
        Directory.CreateDirectory(Path.Combine(folder.State, "generations"));
        File.Copy(_template.CurrentFile, folder.CurrentFile);
        File.Copy(_template.GenerationFile(OldGeneration), folder.GenerationFile(OldGeneration));
        return folder;
    }
}
