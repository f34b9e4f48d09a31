using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Net.Engine.Relay.Membership;
using Net.Platform.Linux;
using Net.Relay.Membership;

namespace Net.Engine.Tests.Relay.Membership;

/// <summary>The service on real kernels: a router and hosts in namespaces, whose joins are those of the kernel's own IGMP and MLD.</summary>
[SupportedOSPlatform("linux")]
public sealed class MembershipKernelTests
{
    // Short intervals, so that a test takes seconds: general queries every 2 s, answers within 0.5 s, leaves noticed after 2 times 0.2 s.
    private static readonly QuerierOptions Quick = new()
    {
        QueryInterval = TimeSpan.FromSeconds(2),
        QueryResponseInterval = TimeSpan.FromSeconds(0.5),
        LastMemberQueryInterval = TimeSpan.FromSeconds(0.2),
    };

    public static TheoryData<string> Groups => ["239.7.0.1", "ff0e::7:1"];

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task A_host_that_joins_is_seen_and_one_that_leaves_is_forgotten(string text)
    {
        using var net = new MembershipNet();
        using MembershipManager manager = net.Start();
        IPAddress group = IPAddress.Parse(text);

        // Receivers are remembered for two minutes: what is noticed sooner is the leave.
        manager.SetQueriers([new QuerierSettings { InterfaceIndex = net.RouterLink, Options = Quick with { QueryInterval = TimeSpan.FromMinutes(1) } }]);
        await Until.TrueAsync(() => !manager.HasReceivers(net.RouterLink, group));
        using GroupMembership host = net.Join(group);

        await Until.TrueAsync(() => Has(manager, group));
        GroupStatus status = manager.Groups.Single(one => one.Group.Equals(group));
        host.Dispose();
        TimeSpan noticed = await Until.TrueAsync(() => !manager.HasReceivers(net.RouterLink, group));

        Assert.Equal(GroupRole.Receiver, status.Role);
        Assert.Equal(group.AddressFamily == AddressFamily.InterNetwork ? "10.7.1.2" : "fe80::", status.Reporter!.ToString()[..(group.AddressFamily == AddressFamily.InterNetwork ? 8 : 6)]);
        Assert.InRange(noticed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("239.7.0.1", 1, 2)]
    [InlineData("239.7.0.1", 2, 3)]
    [InlineData("ff0e::7:1", 1, 2)]
    public async Task Hosts_of_older_versions_are_seen(string text, int hostVersion, int routerVersion)
    {
        using var net = new MembershipNet();
        IPAddress group = IPAddress.Parse(text);
        bool isV4 = group.AddressFamily == AddressFamily.InterNetwork;
        net.Host.Run(isV4 ? $"echo {hostVersion} > /proc/sys/net/ipv4/conf/vb/force_igmp_version" : $"echo {hostVersion} > /proc/sys/net/ipv6/conf/vb/force_mld_version");
        using MembershipManager manager = net.Start();
        QuerierOptions options = isV4 ? Quick with { IgmpVersion = routerVersion } : Quick with { MldVersion = routerVersion };
        manager.SetQueriers([new QuerierSettings { InterfaceIndex = net.RouterLink, Options = options }]);
        await Until.TrueAsync(() => !manager.HasReceivers(net.RouterLink, group));

        using GroupMembership host = net.Join(group);
        await Until.TrueAsync(() => Has(manager, group));
        host.Dispose();
        await Until.TrueAsync(() => !manager.HasReceivers(net.RouterLink, group));
    }

    [Theory]
    [InlineData("232.7.0.1", "10.9.0.1", "10.9.0.2")]
    [InlineData("ff3e::7:1", "2001:db8::1", "2001:db8::2")]
    public async Task Sources_that_a_host_names_are_seen(string group, string first, string second)
    {
        using var net = new MembershipNet();
        using MembershipManager manager = net.Start();
        manager.SetQueriers([new QuerierSettings { InterfaceIndex = net.RouterLink, Options = Quick }]);
        using GroupMembership host = net.Join(IPAddress.Parse(group), IPAddress.Parse(first));
        Assert.Null(host.Join(net.HostLink, IPAddress.Parse(group), IPAddress.Parse(second)));

        await Until.TrueAsync(() => Sources() == $"{first} {second}");
        host.Leave(net.HostLink, IPAddress.Parse(group), IPAddress.Parse(second));
        await Until.TrueAsync(() => Sources() == first);

        string Sources() => string.Join(' ', manager.Groups.Where(one => one.Group.Equals(IPAddress.Parse(group))).SelectMany(one => one.Sources).Select(source => source.ToString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(500)]
    public async Task Receivers_of_many_groups_are_seen_and_kept_by_queries(int count)
    {
        using var net = new MembershipNet();
        using MembershipManager manager = net.Start();
        manager.SetQueriers([new QuerierSettings { InterfaceIndex = net.RouterLink, Options = Quick }]);
        IPAddress[] groups = [.. Enumerable.Range(1, count).Select(number => number % 2 == 0 ? new IPAddress([239, 8, (byte)(number >> 8), (byte)number]) : IPAddress.Parse($"ff0e::8:{number:x}"))];
        using GroupMembership host = net.Join(groups[0]);
        Assert.All(groups, group => Assert.Null(host.Join(net.HostLink, group)));

        await Until.TrueAsync(() => groups.All(group => Has(manager, group)));
        DateTimeOffset first = manager.Groups.Max(one => one.Expires)!.Value;

        // Each was reported again, in answer to a query.
        await Until.TrueAsync(() => manager.Groups.Count(one => groups.Contains(one.Group) && one.Expires > first) == count);
    }

    [Fact]
    public async Task Joins_are_in_the_kernel_and_live_through_flap_loss_and_re_creation()
    {
        using var net = new MembershipNet();
        using MembershipManager manager = net.Start();
        IPAddress[] groups = [.. Enumerable.Range(1, 100).Select(number => number % 2 == 0 ? new IPAddress([239, 9, 0, (byte)number]) : IPAddress.Parse($"ff0e::9:{number:x}"))];

        manager.SetJoins([.. groups.Select(group => new GroupJoin(net.RouterLink, group))]);
        Assert.Equal(100, net.Router.CountGroups());
        Assert.All(manager.Groups, status => Assert.Null(status.Reason));

        net.Router.Ip("link set va down");
        net.Router.Ip("link set va up");
        await Until.TrueAsync(() => net.Router.CountGroups() == 100);

        // Too small for IPv6: the kernel forgets half of them.
        net.Router.Ip("link set va mtu 1000");
        await Until.TrueAsync(() => manager.Groups.Any(status => status.Reason is not null) || net.Router.CountGroups() == 50);
        net.Router.Ip("link set va mtu 1500");
        await Until.TrueAsync(() => net.Router.CountGroups() == 100);

        // Deleted, and made anew under its name: with another index, as the rules then say.
        net.Router.Ip("link delete va");
        await Until.TrueAsync(() => manager.Groups.All(status => status.Reason is not null));
        net.Connect();
        manager.SetJoins([.. groups.Select(group => new GroupJoin(net.RouterLink, group))]);
        await Until.TrueAsync(() => net.Router.CountGroups() == 100 && manager.Groups.All(status => status.Reason is null));
        manager.SetJoins([]);
        Assert.Equal(0, net.Router.CountGroups());
    }

    [Fact]
    public async Task Receivers_are_seen_again_after_the_link_was_down()
    {
        using var net = new MembershipNet();
        using MembershipManager manager = net.Start();
        IPAddress group = IPAddress.Parse("239.7.0.1");
        manager.SetQueriers([new QuerierSettings { InterfaceIndex = net.RouterLink, Options = Quick }]);
        using GroupMembership host = net.Join(group);
        await Until.TrueAsync(() => Has(manager, group));

        net.Router.Ip("link set va down");
        await Until.TrueAsync(() => !Has(manager, group));
        bool unknown = manager.HasReceivers(net.RouterLink, group);
        net.Router.Ip("link set va up");
        await Until.TrueAsync(() => Has(manager, group));

        Assert.True(unknown, "while nobody can be asked, nobody is stopped");
    }

    [Fact]
    public async Task Of_two_services_on_one_link_the_lower_address_asks_and_the_other_takes_over()
    {
        using var net = new MembershipNet();
        using MembershipManager router = net.Start();
        MembershipManager host = net.StartOnHost();
        router.SetQueriers([new QuerierSettings { InterfaceIndex = net.RouterLink, Options = Quick }]);
        host.SetQueriers([new QuerierSettings { InterfaceIndex = net.HostLink, Options = Quick }]);

        await Until.TrueAsync(() => Role(router) == QuerierRole.Querier && Role(host) == QuerierRole.NonQuerier);
        router.SetQueriers([]);
        await Until.TrueAsync(() => Role(host) == QuerierRole.Querier);
        host.Dispose();

        static QuerierRole? Role(MembershipManager manager) => manager.Queriers.FirstOrDefault(one => one.Family == AddressFamily.InterNetwork)?.Role;
    }

    [Fact]
    public async Task Hosts_behind_a_bridge_that_snoops_are_seen()
    {
        using var net = new MembershipNet(isBridged: true);
        using MembershipManager manager = net.Start();
        IPAddress group = IPAddress.Parse("239.7.0.1");
        manager.SetQueriers([new QuerierSettings { InterfaceIndex = net.RouterLink, Options = Quick }]);
        await Until.TrueAsync(() => !manager.HasReceivers(net.RouterLink, group));

        using GroupMembership host = net.Join(group);

        await Until.TrueAsync(() => Has(manager, group));
        host.Dispose();
        await Until.TrueAsync(() => !Has(manager, group));
    }

    private static bool Has(MembershipManager manager, IPAddress group) => manager.Groups.Any(one => one.Role == GroupRole.Receiver && one.Group.Equals(group));
}
