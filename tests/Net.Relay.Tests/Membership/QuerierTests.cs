using System.Net;
using System.Net.Sockets;
using Net.Relay.Membership;

namespace Net.Relay.Tests.Membership;

public sealed class QuerierTests
{
    private static readonly IPAddress Own = IPAddress.Parse("10.0.0.5");
    private static readonly IPAddress Lower = IPAddress.Parse("10.0.0.2");
    private static readonly IPAddress Higher = IPAddress.Parse("10.0.0.9");
    private static readonly MembershipQuery General = new() { MaxResponseTime = Seconds(10), Robustness = 2, QueryInterval = Seconds(125) };

    [Fact]
    public void At_the_start_it_asks_at_once_and_again_after_a_quarter_of_the_interval()
    {
        Querier querier = Make();

        List<double> asked = Run(querier, until: 300);

        // Robustness 2: two startup queries 31.25 s apart, then one every 125 s.
        Assert.Equal([0, 31.25, 156.25, 281.25], asked);
    }

    [Fact]
    public void A_general_query_carries_the_intervals()
    {
        Querier querier = Make();

        Assert.True(querier.TryTakeQuery(Seconds(0), out MembershipQuery? query));

        Assert.Null(query!.Group);
        Assert.Equal((Seconds(10), 2, Seconds(125)), (query.MaxResponseTime, query.Robustness, query.QueryInterval));
    }

    [Fact]
    public void The_router_with_the_lower_address_asks()
    {
        Querier querier = Make();
        Run(querier, until: 1);

        querier.HeardQuery(Higher, 3, General, Seconds(1));
        QuerierRole before = querier.Role;
        querier.HeardQuery(Lower, 3, General, Seconds(2));

        Assert.Equal(QuerierRole.Querier, before);
        Assert.Equal((QuerierRole.NonQuerier, Lower), (querier.Role, querier.Elected));
        Assert.Empty(Run(querier, until: 256, from: 2));
    }

    [Fact]
    public void When_the_other_router_falls_silent_it_takes_over()
    {
        Querier querier = Make();
        querier.HeardQuery(Lower, 3, General, Seconds(0));

        // Robustness times interval plus half the response interval: 2 * 125 + 5.
        Assert.Equal(Seconds(255), querier.NextDue);
        Assert.False(querier.TryTakeQuery(Seconds(254.9), out _));
        Assert.True(querier.TryTakeQuery(Seconds(255), out _));
        Assert.Equal((QuerierRole.Querier, Own), (querier.Role, querier.Elected));
    }

    [Fact]
    public void Of_two_others_the_lowest_counts()
    {
        Querier querier = Make(address: IPAddress.Parse("10.0.0.100"));
        querier.HeardQuery(Higher, 3, General, Seconds(0));
        querier.HeardQuery(Lower, 3, General, Seconds(1));
        querier.HeardQuery(Higher, 3, General, Seconds(2));

        Assert.Equal(Lower, querier.Elected);
        Assert.Equal(Seconds(256), querier.NextDue);
    }

    [Fact]
    public void A_router_without_an_address_takes_no_part_in_the_election()
    {
        Querier querier = Make();

        querier.HeardQuery(IPAddress.Any, 3, General, Seconds(1));

        Assert.Equal(QuerierRole.Querier, querier.Role);
        Assert.Equal(Seconds(1), querier.LastGeneralQuery);
    }

    [Fact]
    public void Addresses_are_compared_as_numbers()
    {
        Querier querier = Make(address: IPAddress.Parse("10.0.0.200"));

        querier.HeardQuery(IPAddress.Parse("9.255.255.255"), 3, General, Seconds(0));

        Assert.Equal(QuerierRole.NonQuerier, querier.Role);
    }

    [Fact]
    public void The_intervals_of_the_router_that_asks_count()
    {
        Querier querier = Make();

        querier.HeardQuery(Lower, 3, new MembershipQuery { MaxResponseTime = Seconds(4), Robustness = 3, QueryInterval = Seconds(60) }, Seconds(0));

        Assert.Equal(Seconds((3 * 60) + 4), querier.Timers.GroupMembership);
        Assert.Equal(3, querier.Timers.LastMemberQueryCount);
        Assert.Equal(Seconds((3 * 60) + 2), querier.NextDue);
    }

    [Fact]
    public void A_query_of_an_older_version_keeps_our_own_intervals_and_is_told()
    {
        Querier querier = Make();

        querier.HeardQuery(Lower, 2, new MembershipQuery { MaxResponseTime = Seconds(10) }, Seconds(0));

        Assert.Equal(2, querier.OlderVersionHeard);
        Assert.Equal(Seconds(260), querier.Timers.GroupMembership);
    }

    [Fact]
    public void Without_an_address_it_waits_and_begins_when_there_is_one()
    {
        Querier querier = Make(hasAddress: false);
        QuerierRole before = querier.Role;
        List<double> early = Run(querier, until: 500);

        querier.SetAddress(Own, Seconds(500));

        Assert.Equal(QuerierRole.NoAddress, before);
        Assert.Empty(early);
        Assert.Equal([500, 531.25], Run(querier, until: 540, from: 500));
    }

    [Fact]
    public void One_that_may_not_ask_follows_whoever_does()
    {
        var querier = new Querier(AddressFamily.InterNetwork, new QuerierOptions(), isEnabled: false, Own, Seconds(0));
        QuerierRole before = querier.Role;

        querier.HeardQuery(Higher, 3, General, Seconds(0));
        QuerierRole while_ = querier.Role;
        List<double> asked = Run(querier, until: 1000);

        Assert.Equal((QuerierRole.Disabled, QuerierRole.NonQuerier, QuerierRole.Disabled), (before, while_, querier.Role));
        Assert.Empty(asked);
        Assert.Null(querier.Elected);
    }

    [Fact]
    public void A_new_address_that_is_lower_than_the_other_routers_wins()
    {
        Querier querier = Make(address: Higher);
        querier.HeardQuery(Own, 3, General, Seconds(0));

        querier.SetAddress(Lower, Seconds(10));

        Assert.Equal(QuerierRole.Querier, querier.Role);
        Assert.Equal([10], Run(querier, until: 11, from: 10));
    }

    [Fact]
    public void The_same_address_again_changes_nothing()
    {
        Querier querier = Make();
        Run(querier, until: 200);

        querier.SetAddress(Own, Seconds(200));

        Assert.Equal(Seconds(281.25), querier.NextDue);
    }

    [Theory]
    [InlineData(1, 2, 125, 10, 1)]
    [InlineData(3, 1, 125, 10, 1)]
    [InlineData(3, 8, 125, 10, 1)]
    [InlineData(3, 2, 10, 10, 1)]
    [InlineData(3, 2, 40_000, 10, 1)]
    [InlineData(3, 2, 125, 0, 1)]
    [InlineData(3, 2, 125, 10, 60)]
    public void Options_out_of_bounds_are_refused(int version, int robustness, int interval, int response, int last)
    {
        var options = new QuerierOptions
        {
            IgmpVersion = version,
            Robustness = robustness,
            QueryInterval = Seconds(interval),
            QueryResponseInterval = Seconds(response),
            LastMemberQueryInterval = Seconds(last),
        };

        Assert.NotNull(options.FindProblem());
        Assert.Throws<ArgumentException>(() => new Querier(AddressFamily.InterNetwork, options, isEnabled: true, Own, Seconds(0)));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static Querier Make(IPAddress? address = null, bool hasAddress = true) =>
        new(AddressFamily.InterNetwork, new QuerierOptions(), isEnabled: true, hasAddress ? address ?? Own : null, Seconds(0));

    // Moves from due time to due time, as the owner's timer does.
    private static List<double> Run(Querier querier, double until, double from = 0)
    {
        List<double> asked = [];
        TimeSpan now = Seconds(from);
        while (now <= Seconds(until))
        {
            if (querier.TryTakeQuery(now, out _))
            {
                asked.Add(now.TotalSeconds);
            }

            if (querier.NextDue == TimeSpan.MaxValue)
            {
                break;
            }

            now = querier.NextDue > now ? querier.NextDue : now;
        }

        return asked;
    }
}
