using System.Net;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using Net.Engine.Relay.Membership;
using Net.Platform.Linux;

namespace Net.Engine.Tests.Relay.Membership;

/// <summary>A router with interface va (or bridge br0 over it) and a host with interface vb, connected; gone with the test.</summary>
[SupportedOSPlatform("linux")]
internal sealed class MembershipNet : IDisposable
{
    private readonly bool _isBridged;
    private readonly List<IDisposable> _monitors = [];

    public MembershipNet(bool isBridged = false)
    {
        Assert.SkipUnless(UnixAccounts.IsRoot, "needs root to make network namespaces");
        _isBridged = isBridged;
        Router = new MembershipNode("router");
        Host = new MembershipNode("host");
        Connect();
    }

    public MembershipNode Router { get; }

    public MembershipNode Host { get; }

    public int RouterLink { get; private set; }

    public int HostLink { get; private set; }

    public void Connect()
    {
        Router.Ip($"link add va type veth peer name vb netns {Host.Name}");
        if (_isBridged)
        {
            Router.Ip("link add br0 type bridge mcast_snooping 1");
            Router.Ip("link set va master br0");
            Router.Ip("link set br0 up");
        }

        string link = _isBridged ? "br0" : "va";
        Router.Ip($"address add 10.7.1.1/24 dev {link}");
        Host.Ip("address add 10.7.1.2/24 dev vb");
        Router.Ip("link set va up");
        Host.Ip("link set vb up");
        RouterLink = Router.IndexOf(link);
        HostLink = Host.IndexOf("vb");
    }

    public MembershipManager Start() => StartIn(Router);

    public MembershipManager StartOnHost() => StartIn(Host);

    public GroupMembership Join(IPAddress group, IPAddress? source = null)
    {
        GroupMembership membership = Host.Namespace.Run(() => new GroupMembership());
        Assert.Null(membership.Join(HostLink, group, source));
        return membership;
    }

    public void Dispose()
    {
        _monitors.ForEach(monitor => monitor.Dispose());
        Router.Dispose();
        Host.Dispose();
    }

    private MembershipManager StartIn(MembershipNode node)
    {
        (NetworkMonitor monitor, LinuxMulticastSockets sockets) = node.Namespace.Run(() => (new NetworkMonitor(), new LinuxMulticastSockets()));
        _monitors.Add(monitor);
        return new MembershipManager(sockets, monitor, TimeProvider.System, NullLogger.Instance);
    }
}
