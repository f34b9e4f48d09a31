using Net.Client;
using Net.Lab;
using Net.Service.Tests.Agent;

namespace Net.Service.Tests;

/// <summary>The engine that the tests of the metrics endpoint scrape one after the other, and an agent beside it that does so.</summary>
public sealed class MetricsEngine : IAsyncLifetime
{
    private readonly EngineFolder _folder = new();
    private Lab.Lab? _lab;
    private EngineProcess? _engine;
    private EngineClient? _client;
    private LabAgent? _agent;

    public LabNode Node => _lab!.Node("left");

    internal EngineFolder Folder => _folder;

    internal EngineProcess Process => _engine!;

    internal EngineClient Client => _client!;

    internal LabAgent Agent => _agent!;

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            // The tests say so themselves.
            return;
        }

        _lab = await TestHost.PairAsync();
        _engine = await EngineProcess.StartAsync(Node, _folder);
        _client = await _engine.ConnectAsync();
        _agent = await LabAgent.StartAsync(Node);
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _folder.Dispose();
    }
}
