using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Net.Platform.Linux;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Tests.Linux;

public sealed class RawGroupSocketTests
{
    // Of linux/mroute.h, which cannot be included beside netinet/in.h.
    private const int MRT_INIT = 200;
    private const int MRT_ADD_VIF = 202;
    private const int IPPROTO_IGMP = 2;

    private static readonly IPAddress Group = IPAddress.Parse("239.9.9.9");
    private static readonly IPAddress GroupV6 = IPAddress.Parse("ff0e::9:9");

    [Theory]
    [InlineData(0, 0x22)]
    [InlineData(3, 0x22)]
    [InlineData(2, 0x16)]
    [InlineData(1, 0x12)]
    public void Reports_of_each_version_are_heard_for_groups_this_host_has_not_joined(int version, int type)
    {
        TestNamespace.SkipUnlessPossible();
        using var pair = new Pair();
        pair.Host.Exec("sh", "-s", $"echo {version} > /proc/sys/net/ipv4/conf/vb/force_igmp_version");
        // Made first, so that it ends last: after the thread that fills it.
        using var heard = new BlockingCollection<byte[]>();
        using RawGroupSockets sockets = pair.Router.In(() => new RawGroupSockets());
        using RawGroupSocket socket = sockets.Open(pair.RouterLink, AddressFamily.InterNetwork, packet => heard.Add(packet.ToArray()));

        using GroupMembership membership = pair.JoinAsHost(Group);

        byte[] report = Await(heard, packet => packet[(packet[0] & 0xf) * 4] == type && packet.AsSpan().IndexOf(Group.GetAddressBytes()) > 0);
        Assert.Equal(IPAddress.Parse("10.8.1.2"), new IPAddress(report.AsSpan(12, 4)));
    }

    [Theory]
    [InlineData(1, 131)]
    [InlineData(2, 143)]
    public void Reports_of_both_versions_of_mld_are_heard(int version, int type)
    {
        TestNamespace.SkipUnlessPossible();
        using var pair = new Pair();
        pair.Host.Exec("sh", "-s", $"echo {version} > /proc/sys/net/ipv6/conf/vb/force_mld_version");
        // Made first, so that it ends last: after the thread that fills it.
        using var heard = new BlockingCollection<byte[]>();
        using RawGroupSockets sockets = pair.Router.In(() => new RawGroupSockets());
        using RawGroupSocket socket = sockets.Open(pair.RouterLink, AddressFamily.InterNetworkV6, packet => heard.Add(packet.ToArray()));

        using GroupMembership membership = pair.JoinAsHost(GroupV6);

        byte[] report = Await(heard, packet => packet[48] == type && packet.AsSpan(48).IndexOf(GroupV6.GetAddressBytes()) > 0);
        Assert.True(new IPAddress(report.AsSpan(8, 16)).IsIPv6LinkLocal);
    }

    [Fact]
    public void What_is_sent_arrives_as_it_was_written()
    {
        TestNamespace.SkipUnlessPossible();
        using var pair = new Pair();
        // Made first, so that it ends last: after the thread that fills it.
        using var heard = new BlockingCollection<byte[]>();
        using RawGroupSockets there = pair.Host.In(() => new RawGroupSockets());
        using RawGroupSockets here = pair.Router.In(() => new RawGroupSockets());
        using RawGroupSocket receiver = there.Open(pair.HostLink, AddressFamily.InterNetwork, packet => heard.Add(packet.ToArray()));
        using RawGroupSocket sender = here.Open(pair.RouterLink, AddressFamily.InterNetwork, _ => { });
        byte[] query = Convert.FromHexString("46c00020000000000102f9cb0a080101e0000001940400001101eefe00000000");

        string? reason = sender.Send(IPAddress.Parse("224.0.0.1"), query);

        Assert.Null(reason);
        Assert.Equal(query, Await(heard, packet => packet[24] == 0x11));
    }

    [Fact]
    public void It_hears_again_after_its_interface_was_down()
    {
        TestNamespace.SkipUnlessPossible();
        using var pair = new Pair();
        // Made first, so that it ends last: after the thread that fills it.
        using var heard = new BlockingCollection<byte[]>();
        using RawGroupSockets sockets = pair.Router.In(() => new RawGroupSockets());
        using RawGroupSocket socket = sockets.Open(pair.RouterLink, AddressFamily.InterNetwork, packet => heard.Add(packet.ToArray()));

        pair.Router.Ip("link set va down");
        string? reason = socket.Send(IPAddress.Parse("224.0.0.1"), new byte[32]);
        pair.Router.Ip("link set va up");
        using GroupMembership membership = pair.JoinAsHost(Group);

        Assert.NotNull(reason);
        Await(heard, packet => packet.AsSpan().IndexOf(Group.GetAddressBytes()) > 0);
    }

    [Fact]
    public void Where_there_is_no_interface_the_reason_is_told()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        using RawGroupSockets sockets = place.In(() => new RawGroupSockets());

        NetlinkException exception = Assert.Throws<NetlinkException>(() => sockets.Open(4711, AddressFamily.InterNetwork, _ => { }));

        Assert.Contains("4711", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_multicast_router_in_the_same_namespace_neither_disturbs_it_nor_is_disturbed()
    {
        TestNamespace.SkipUnlessPossible();
        using var pair = new Pair();

        // What smcroute, pimd and mrouted do at their start: take the kernel's multicast routing, and give it the interface.
        using SafeDescriptor router = pair.Router.In(() => OpenMulticastRouter(pair.RouterLink));
        // Made first, so that it ends last: after the thread that fills it.
        using var heard = new BlockingCollection<byte[]>();
        using RawGroupSockets sockets = pair.Router.In(() => new RawGroupSockets());
        using GroupMembership own = pair.Router.In(() => new GroupMembership());
        using RawGroupSocket socket = sockets.Open(pair.RouterLink, AddressFamily.InterNetwork, packet => heard.Add(packet.ToArray()));
        string? joined = own.Join(pair.RouterLink, IPAddress.Parse("239.8.8.8"));

        using GroupMembership membership = pair.JoinAsHost(Group);

        Assert.Null(joined);
        Await(heard, packet => packet.AsSpan().IndexOf(Group.GetAddressBytes()) > 0);
        Assert.True(RouterHears(router, Group), "the other multicast router hears the same reports");
        SocketException refused = Assert.Throws<SocketException>(() => pair.Router.In(() => OpenMulticastRouter(pair.RouterLink)));
        Assert.Equal(SocketError.AddressAlreadyInUse, refused.SocketErrorCode);
    }

    private static byte[] Await(BlockingCollection<byte[]> heard, Func<byte[], bool> isIt)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        foreach (byte[] packet in heard.GetConsumingEnumerable(limit.Token))
        {
            if (isIt(packet))
            {
                return packet;
            }
        }

        throw new InvalidOperationException("nothing was heard");
    }

    private static unsafe SafeDescriptor OpenMulticastRouter(int link)
    {
        SafeDescriptor fd = Libc.socket(Libc.AF_INET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, IPPROTO_IGMP);
        int one = 1;
        if (Libc.setsockopt(fd, Libc.IPPROTO_IP, MRT_INIT, &one, sizeof(int)) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            fd.Dispose();
            throw new SocketException(error == GroupApi.EADDRINUSE ? (int)SocketError.AddressAlreadyInUse : error);
        }

        // struct vifctl: number, flags (8: the next field is an interface index), threshold, rate limit, interface, tunnel's far end.
        byte* vif = stackalloc byte[16];
        new Span<byte>(vif, 16).Clear();
        vif[2] = 8;
        vif[3] = 1;
        *(int*)(vif + 8) = link;
        Assert.Equal(0, Libc.setsockopt(fd, Libc.IPPROTO_IP, MRT_ADD_VIF, vif, 16));

        // Reports of version 3 go to 224.0.0.22, which such a router joins.
        var request = new GroupApi.group_req { gr_interface = (uint)link };
        *(ushort*)request.gr_group = Libc.AF_INET;
        IPAddress.Parse("224.0.0.22").TryWriteBytes(new Span<byte>(request.gr_group + 4, 4), out _);
        Assert.Equal(0, Libc.setsockopt(fd, Libc.IPPROTO_IP, GroupApi.MCAST_JOIN_GROUP, &request, (uint)sizeof(GroupApi.group_req)));
        return fd;
    }

    private static unsafe bool RouterHears(SafeDescriptor fd, IPAddress group)
    {
        byte* buffer = stackalloc byte[2048];
        var wait = new Libc.pollfd { fd = fd.Number, events = Libc.POLLIN };
        for (int i = 0; i < 50; i++)
        {
            if (Libc.poll(&wait, 1, 10_000) <= 0)
            {
                return false;
            }

            nint length = Libc.recvfrom(fd, buffer, 2048, 0, null, null);
            if (length > 0 && new Span<byte>(buffer, (int)length).IndexOf(group.GetAddressBytes()) > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A router and a host on one link.</summary>
    private sealed class Pair : IDisposable
    {
        public Pair()
        {
            Router = new TestNamespace();
            Host = new TestNamespace();
            Router.Exec("sh", "-s", "echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad");
            Host.Exec("sh", "-s", "echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad");
            Router.Connect("va", Host, "vb");
            Router.Ip("address add 10.8.1.1/24 dev va");
            Host.Ip("address add 10.8.1.2/24 dev vb");
            RouterLink = IndexOf(Router, "va");
            HostLink = IndexOf(Host, "vb");
        }

        public TestNamespace Router { get; }

        public TestNamespace Host { get; }

        public int RouterLink { get; }

        public int HostLink { get; }

        public GroupMembership JoinAsHost(IPAddress group)
        {
            GroupMembership membership = Host.In(() => new GroupMembership());
            Assert.Null(membership.Join(HostLink, group));
            return membership;
        }

        public void Dispose()
        {
            Router.Dispose();
            Host.Dispose();
        }

        private static int IndexOf(TestNamespace place, string name) => place.In(() =>
        {
            using var netlink = new RouteNetlink();
            return netlink.GetSnapshot().FindLink(name)!.Index;
        });
    }
}
