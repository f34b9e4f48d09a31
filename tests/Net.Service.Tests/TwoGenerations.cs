using Net.Client;
using Net.Contracts;
using Net.Lab;

namespace Net.Service.Tests;

/// <summary>The state folder of an engine that made two generations: rule a in the first, rules a and b in the second. And the lab that tests start engines in.</summary>
public sealed class TwoGenerations : IAsyncLifetime
{
    private readonly EngineFolder _template = new();
    private Lab.Lab? _lab;

    public LabNode Node => _lab!.Node("left");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            // The tests say so themselves.
            return;
        }

        _lab = await TestHost.PairAsync();
        await MakeAsync(Node, _template);
    }

    public async ValueTask DisposeAsync()
    {
        _template.Dispose();
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    /// <summary>Has an engine make the two generations, and leave them in the kernel.</summary>
    internal static async Task MakeAsync(LabNode node, EngineFolder folder)
    {
        await using EngineProcess engine = await EngineProcess.StartAsync(node, folder);
        EngineClient client = await engine.ConnectAsync();
        await CreateAsync(client, "a", 1001);
        await CreateAsync(client, "b", 1002);
        Assert.Equal(0, await engine.StopAsync());
        Assert.Equal(2, folder.CurrentGeneration());
    }

    internal static Task<FirewallRulesChanged> CreateAsync(EngineClient client, string name, ushort port) =>
        client.CallAsync(EngineApi.FirewallCreateRules, new CreateFirewallRules([Rules.BlockTcp(name, port)]), Token);

    /// <summary>Gives a folder both generations; the kernel holds nothing of them.</summary>
    internal void CopyTo(EngineFolder folder)
    {
        Directory.CreateDirectory(Path.Combine(folder.State, "generations"));
        File.Copy(_template.CurrentFile, folder.CurrentFile);
        foreach (long number in (long[])[1, 2])
        {
            File.Copy(_template.GenerationFile(number), folder.GenerationFile(number));
        }
    }
}
