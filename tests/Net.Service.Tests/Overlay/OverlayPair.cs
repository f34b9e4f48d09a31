using Net.Contracts;
using Net.Service.Tests.Agent;

namespace Net.Service.Tests.Overlay;

/// <summary>Two engines that are peers, shared by the tests of a class.</summary>
public sealed class OverlayPair : IAsyncLifetime
{
    /// <summary>A port the policy of the right node allows; the one above it is denied.</summary>
    public const int AllowedPort = 7001;

    private Lab.Lab? _lab;

    internal OverlayNode Left { get; private set; } = null!;

    internal OverlayNode Right { get; private set; } = null!;

    internal LabAgent LeftAgent { get; private set; } = null!;

    /// <summary>What creating the right node's overlay came to.</summary>
    internal ChangeOutcome Created { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/dev/net/tun"))
        {
            return;
        }

        _lab = await TestHost.PairAsync();
        Left = await OverlayNode.StartAsync(_lab.Node("left"));
        Right = await OverlayNode.StartAsync(_lab.Node("right"));
        Created = await Right.CreateAsync(new Contracts.Overlay { Name = OverlayNode.Net, Peers = [OverlayNode.Peer("left", Left, "10.1.0.1:47900")] });
        await Left.CreateAsync(new Contracts.Overlay { Name = OverlayNode.Net, Peers = [OverlayNode.Peer("right", Right, "10.1.0.2:47900")] });
        await Right.Client.CallAsync(EngineApi.OverlayCreatePolicy, new CreateOverlayPolicy(
        [
            new OverlayPolicyRule { Overlay = OverlayNode.Net, Name = "ping", Protocol = IpProtocol.Icmp, From = ["left"], To = ["self"] },
            new OverlayPolicyRule { Overlay = OverlayNode.Net, Name = "web", Protocol = IpProtocol.Tcp, Port = [PortRange.Parse("7001", null)], From = ["left"], To = ["self"] },
        ]));
        LeftAgent = await LabAgent.StartAsync(_lab.Node("left"));
        LabAgent right = await LabAgent.StartAsync(_lab.Node("right"));
        await right.ListenAsync("tcp", "0.0.0.0:7001", "0.0.0.0:7002");
    }

    /// <summary>Both sessions up, and the left node reaches the right one.</summary>
    internal async Task<TimeSpan> MeetAsync()
    {
        TestHost.RequireRoot();
        Assert.SkipUnless(_lab is not null, "needs /dev/net/tun");
        TimeSpan took = await OverlayNode.ReachesAsync(Left.Node, Right.Address);
        await Left.PeerAsync("right");
        await Right.PeerAsync("left");
        return took;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (OverlayNode? node in new[] { Left, Right })
        {
            if (node is not null)
            {
                await node.DisposeAsync();
            }
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }
}
