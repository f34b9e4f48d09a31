using Net.Client;
using Net.Contracts;
using Net.Lab;
using Net.Service.Tests.Agent;

namespace Net.Service.Tests;

/// <summary>A lab with an engine and an agent at each end, shared by the tests of a class: each puts its own rules in force.</summary>
public abstract class VerdictLab(LabTopology topology, string engineNode, string leftV4, string leftV6, string rightV4, string rightV6) : IAsyncLifetime
{
    public const int Port = 7001;

    private readonly EngineFolder _folder = new();
    private Lab.Lab? _lab;
    private EngineProcess? _engine;
    private EngineClient? _client;
    private LabAgent? _left;
    private LabAgent? _right;

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        _lab = await TestHost.UpAsync(topology);
        _engine = await EngineProcess.StartAsync(_lab.Node(engineNode), _folder);
        _client = await _engine.ConnectAsync();
        _left = await LabAgent.StartAsync(_lab.Node("left"));
        _right = await LabAgent.StartAsync(_lab.Node("right"));
        foreach (LabAgent agent in new[] { _left, _right })
        {
            foreach (int port in new[] { Port, Port + 1, Port + 2, Port + 9 })
            {
                await agent.ListenAsync("tcp", $"0.0.0.0:{port}", $"[::]:{port}");
                await agent.ListenAsync("udp", $"0.0.0.0:{port}", $"[::]:{port}");
            }
        }
    }

    /// <summary>Puts these rules in force and nothing else.</summary>
    internal async Task UseAsync(params FirewallRule[] rules)
    {
        TestHost.RequireRoot();
        await _client!.CallAsync(
            EngineApi.ConfigurationApply,
            new ApplyConfiguration(new NetConfiguration { Firewall = new FirewallSection { Rules = rules }, Paths = new PathsSection { Probe = new ProbeSettings { Enabled = false } } }),
            TestContext.Current.CancellationToken);
    }

    internal async Task<long> CountAsync(string rule) =>
        (await _client!.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules([rule]), TestContext.Current.CancellationToken))[0].PacketCount ?? -1;

    /// <summary>The generation in force.</summary>
    internal async Task<long> GenerationAsync() =>
        (await _client!.CallAsync(EngineApi.EngineStatus, new GetStatus(), TestContext.Current.CancellationToken)).Generation;

    /// <summary>What becomes of a probe from one end to the other.</summary>
    internal Task<string> TryAsync(bool fromLeft, string protocol, bool isV6, int port = Port, string? source = null)
    {
        string target = (fromLeft, isV6) switch
        {
            (true, true) => rightV6,
            (true, false) => rightV4,
            (false, true) => leftV6,
            _ => leftV4,
        };
        string endPoint = protocol == "ping" ? target : isV6 ? $"[{target}]:{port}" : $"{target}:{port}";
        return (fromLeft ? _left! : _right!).TryAsync(protocol, endPoint, source);
    }

    internal static IpProtocol ProtocolOf(string probe) => probe switch
    {
        "tcp" => IpProtocol.Tcp,
        "udp" => IpProtocol.Udp,
        _ => IpProtocol.Icmp,
    };

    internal static PortRange[] PortsOf(string probe, string ports = "7001") =>
        probe == "ping" ? [] : [.. ports.Split(',').Select(port => PortRange.Parse(port, null))];

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
