using Net.Contracts;
using Net.PowerShell.Requests;

namespace Net.PowerShell.Tests.Requests;

public sealed class PatchTests
{
    [Fact]
    public void A_route_keeps_what_was_not_given_and_loses_its_state()
    {
        var route = new NetPathRoute
        {
            Name = "lab",
            DestinationPrefix = AddressRange.Parse("10.0.0.0/8"),
            NextHop = "192.0.2.1",
            RouteMetric = 5,
            State = RouteState.Installed,
        };

        NetPathRoute changed = new NetPathRoutePatch { NextHop = string.Empty, InterfaceAlias = "eth0" }.ApplyTo(route);

        Assert.Equal(route with { NextHop = null, InterfaceAlias = "eth0", State = null }, changed);
    }
}
