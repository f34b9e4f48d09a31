using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux;

public sealed class GroupMembershipTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(AddressFamily.InterNetwork, 50, 3)]
    [InlineData(AddressFamily.InterNetwork, 500, 25)]
    [InlineData(AddressFamily.InterNetworkV6, 50, 3)]
    [InlineData(AddressFamily.InterNetworkV6, 500, 25)]
    public void Many_groups_are_spread_over_sockets_and_the_kernel_has_them_all(AddressFamily family, int count, int sockets)
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        int link = AddLink(place);
        using GroupMembership membership = place.In(() => new GroupMembership());

        string?[] reasons = [.. Groups(family, count).Select(group => membership.Join(link, group))];

        Assert.All(reasons, Assert.Null);
        Assert.Equal((count, sockets), (membership.Count, membership.SocketCount));
        Assert.Equal(count, CountOf(place, membership, link, family));
        membership.Dispose();
        Assert.Equal(0, InKernel(place, link, family));
    }

    [Fact]
    public void Ten_thousand_groups_are_joined()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        int link = AddLink(place);
        using GroupMembership membership = place.In(() => new GroupMembership());
        var watch = Stopwatch.StartNew();

        Join(membership, link, AddressFamily.InterNetwork, 10_000);

        output.WriteLine($"10,000 joins on {membership.SocketCount} sockets in {watch.ElapsedMilliseconds} ms");
        watch.Restart();
        Assert.Equal(10_000, CountOf(place, membership, link, AddressFamily.InterNetwork));
        output.WriteLine($"read back twice in {watch.ElapsedMilliseconds} ms");
        Assert.Equal(500, membership.SocketCount);
    }

    [Fact]
    public void A_socket_that_the_kernel_allows_less_than_we_thought_is_followed_by_another()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        int link = AddLink(place);
        place.Exec("sh", "-s", "echo 7 > /proc/sys/net/ipv4/igmp_max_memberships");
        using GroupMembership membership = place.In(() => new GroupMembership(maximumPerSocket: 20));

        string?[] reasons = [.. Groups(AddressFamily.InterNetwork, 50).Select(group => membership.Join(link, group))];

        // ENOBUFS at the eighth of each: 7 sockets of 7, and one.
        Assert.All(reasons, Assert.Null);
        Assert.Equal(8, membership.SocketCount);
        Assert.Equal(50, CountOf(place, membership, link, AddressFamily.InterNetwork));
    }

    [Fact]
    public void What_the_kernel_allows_is_asked_for_in_the_namespace()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        int link = AddLink(place);
        place.Exec("sh", "-s", "echo 100 > /proc/sys/net/ipv4/igmp_max_memberships");
        using GroupMembership membership = place.In(() => new GroupMembership());

        string?[] reasons = [.. Groups(AddressFamily.InterNetwork, 150).Select(group => membership.Join(link, group))];

        Assert.All(reasons, Assert.Null);
        Assert.Equal(2, membership.SocketCount);
    }

    [Fact]
    public void A_kernel_that_allows_none_is_told_with_the_setting_to_change()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        int link = AddLink(place);
        place.Exec("sh", "-s", "echo 0 > /proc/sys/net/ipv4/igmp_max_memberships");
        using GroupMembership membership = place.In(() => new GroupMembership());

        string? reason = membership.Join(link, IPAddress.Parse("239.1.1.1"));

        Assert.Contains("net.ipv4.igmp_max_memberships", reason, StringComparison.Ordinal);
        Assert.Equal((0, 0), (membership.Count, membership.SocketCount));
    }

    [Theory]
    [InlineData("232.1.1.1", "10.0.1.", 25, 3)]
    [InlineData("ff3e::1", "2001:db8::", 150, 3)]
    public void Sources_of_one_group_are_spread_as_well(string group, string prefix, int count, int sockets)
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        int link = AddLink(place);
        using GroupMembership membership = place.In(() => new GroupMembership());

        // The kernel takes 10 sources of a group per socket (igmp_max_msf), and 64 of IPv6 (mld_max_msf).
        string?[] reasons = [.. Enumerable.Range(1, count).Select(number => membership.Join(link, IPAddress.Parse(group), IPAddress.Parse(prefix + number)))];

        Assert.All(reasons, Assert.Null);
        Assert.Equal((count, sockets), (membership.Count, membership.SocketCount));
        string filter = place.Exec("cat", group.Contains(':') ? "/proc/net/mcfilter6" : "/proc/net/mcfilter");
        Assert.Equal(count, filter.Split('\n').Count(line => line.Contains(" d0 ", StringComparison.Ordinal)));
    }

    [Fact]
    public void One_source_and_all_sources_of_a_group_stand_beside_each_other()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        int link = AddLink(place);
        using GroupMembership membership = place.In(() => new GroupMembership());
        IPAddress group = IPAddress.Parse("239.1.1.1");

        Assert.Null(membership.Join(link, group, IPAddress.Parse("10.0.0.1")));
        Assert.Null(membership.Join(link, group));
        membership.Leave(link, group, IPAddress.Parse("10.0.0.1"));

        Assert.Equal(1, CountOf(place, membership, link, AddressFamily.InterNetwork));
        membership.Leave(link, group);
        Assert.Equal(0, CountOf(place, membership, link, AddressFamily.InterNetwork));
        Assert.Equal(0, membership.SocketCount);
    }

    [Fact]
    public void Memberships_live_through_down_and_up()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        int link = AddLink(place);
        using GroupMembership membership = place.In(() => new GroupMembership());
        Join(membership, link, AddressFamily.InterNetwork, 30);
        Join(membership, link, AddressFamily.InterNetworkV6, 30);

        place.Ip("link set d0 down");
        place.Ip("link set d0 up");

        Assert.Equal(30, CountOf(place, membership, link, AddressFamily.InterNetwork));
        Assert.Equal(30, CountOf(place, membership, link, AddressFamily.InterNetworkV6));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_interface_made_anew_with_the_same_index_is_joined_again(bool withSource)
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        const int index = 77;
        AddLink(place, index);
        using GroupMembership membership = place.In(() => new GroupMembership());
        (IPAddress Group, IPAddress? Source)[] joins =
        [
            (IPAddress.Parse("232.1.1.1"), withSource ? IPAddress.Parse("10.0.0.1") : null),
            (IPAddress.Parse("ff3e::5"), withSource ? IPAddress.Parse("2001:db8::1") : null),
        ];
        Assert.All(joins, join => Assert.Null(membership.Join(index, join.Group, join.Source)));

        place.Ip("link delete d0");
        Assert.All(joins, join => membership.Leave(index, join.Group, join.Source));
        string? meanwhile = membership.Join(index, joins[0].Group, joins[0].Source);
        AddLink(place, index);
        string?[] reasons = [.. joins.Select(join => membership.Join(index, join.Group, join.Source))];

        Assert.Contains("does not exist", meanwhile, StringComparison.Ordinal);
        Assert.All(reasons, Assert.Null);
        Assert.Superset(joins.Select(join => (index, join.Group)).ToHashSet(), membership.ReadKernelGroups().ToHashSet());
    }

    [Fact]
    public void A_membership_the_kernel_lost_can_be_joined_anew()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        int link = AddLink(place);
        using GroupMembership membership = place.In(() => new GroupMembership());
        Join(membership, link, AddressFamily.InterNetworkV6, 1);

        // Below 1280 there is no IPv6 on the link, and the kernel forgets its groups; the socket keeps believing in them.
        place.Ip("link set d0 mtu 1000");
        place.Ip("link set d0 mtu 1500");
        int lost = CountOf(place, membership, link, AddressFamily.InterNetworkV6);
        IPAddress group = Groups(AddressFamily.InterNetworkV6, 1).Single();
        membership.Leave(link, group);
        string? reason = membership.Join(link, group);

        Assert.Equal((0, null), (lost, reason));
        Assert.Equal(1, CountOf(place, membership, link, AddressFamily.InterNetworkV6));
    }

    [Fact]
    public void What_cannot_be_joined_says_why()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = new TestNamespace();
        int link = AddLink(place);
        place.Exec("sh", "-s", "echo 1 > /proc/sys/net/ipv6/conf/d0/disable_ipv6");
        using GroupMembership membership = place.In(() => new GroupMembership());

        Assert.Contains("does not exist", membership.Join(4711, IPAddress.Parse("239.1.1.1")), StringComparison.Ordinal);
        Assert.Contains("refused", membership.Join(link, IPAddress.Parse("10.0.0.1")), StringComparison.Ordinal);
        Assert.Contains("not of one family", membership.Join(link, IPAddress.Parse("239.1.1.1"), IPAddress.Parse("fd00::1")), StringComparison.Ordinal);
        Assert.Equal(0, membership.SocketCount);
    }

    [Fact]
    public void Tables_of_the_kernel_are_read()
    {
        HashSet<(int, IPAddress)> groups = [];

        GroupMembershipReader.ReadIPv4(["Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter", "1\tlo        :     1      V3", "\t\t\t\t010000E0     1 0:00000000\t\t0", "4\teth0      :     1      V3", "\t\t\t\t030201EF     1 0:00000000\t\t1", "garbage", "\t\t\t\t020201EF     1"], groups);
        GroupMembershipReader.ReadIPv6(["1    lo              ff020000000000000000000000000001     1 0000000C 0", "2 eth0 ff0e", "x", "7 eth1 ff0e0000000000000000000000001234 1 0 0"], groups);

        Assert.Equal(
            [(1, IPAddress.Parse("224.0.0.1")), (4, IPAddress.Parse("239.1.2.3")), (1, IPAddress.Parse("ff02::1")), (7, IPAddress.Parse("ff0e::1234"))],
            groups);
    }

    [Fact]
    public void Random_tables_do_no_harm()
    {
        var random = new Random(4);
        HashSet<(int, IPAddress)> groups = [];
        for (int i = 0; i < 20_000; i++)
        {
            string line = new([.. Enumerable.Range(0, random.Next(60)).Select(_ => "0123456789abcdefEF \t:xV"[random.Next(23)])]);
            GroupMembershipReader.ReadIPv4([line, "\t\t" + line], groups);
            GroupMembershipReader.ReadIPv6([line, "3 d0 " + line], groups);
        }

        Assert.All(groups, group => Assert.True(group.Item1 > 0));
    }

    private static int AddLink(TestNamespace place, int? index = null)
    {
        place.Ip($"link add d0 {(index is null ? "" : $"index {index}")} type veth peer name peer0");
        place.Ip("link set d0 up");
        place.Ip("link set peer0 up");
        return place.In(() =>
        {
            using var netlink = new RouteNetlink();
            return netlink.GetSnapshot().FindLink("d0")!.Index;
        });
    }

    private static IEnumerable<IPAddress> Groups(AddressFamily family, int count) => Enumerable.Range(1, count)
        .Select(number => family == AddressFamily.InterNetwork ? new IPAddress([239, 7, (byte)(number >> 8), (byte)number]) : IPAddress.Parse($"ff0e::7:{number:x}"));

    private static void Join(GroupMembership membership, int link, AddressFamily family, int count) =>
        Assert.All(Groups(family, count), group => Assert.Null(membership.Join(link, group)));

    // Our reader and the raw text of the kernel must agree.
    private static int CountOf(TestNamespace place, GroupMembership membership, int link, AddressFamily family)
    {
        int read = membership.ReadKernelGroups().Count(one => one.InterfaceIndex == link && IsOurs(one.Group, family));
        Assert.Equal(InKernel(place, link, family), read);
        return read;
    }

    private static bool IsOurs(IPAddress group, AddressFamily family) => group.AddressFamily == family && (family == AddressFamily.InterNetwork ? group.GetAddressBytes()[0] != 224 : group.GetAddressBytes()[1] == 0x0e);

    private static int InKernel(TestNamespace place, int link, AddressFamily family) => family == AddressFamily.InterNetwork
        ? place.Exec("cat", "/proc/net/igmp").Split('\n').Count(line => line.StartsWith('\t') && line.TrimStart()[6..8] == "EF")
        : place.Exec("cat", "/proc/net/igmp6").Split('\n').Count(line => line.StartsWith($"{link} ", StringComparison.Ordinal) && line.Contains(" ff0e", StringComparison.Ordinal));
}
