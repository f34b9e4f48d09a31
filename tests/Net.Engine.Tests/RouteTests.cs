using Net.Contracts;
using Net.Platform;

namespace Net.Engine.Tests;

public sealed class RouteTests
{
    [Fact]
    public async Task Routes_are_installed_listed_changed_and_removed()
    {
        await using EngineRig rig = await WithLink();
        PathRoutesChanged created = await Create(rig, EngineRig.Route("lab", "10.1.0.0/16", by: "eth0"), EngineRig.Route("host6", "2001:db8::1", null, "eth0"));
        Assert.All(created.Routes, route => Assert.Equal(RouteState.Installed, route.State));
        Assert.Equal(["10.1.0.0/16", "2001:db8::1/128"], rig.Network.Ours.Select(route => route.Destination.ToString()).Order());
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Empty(rig.EventsOf("Route*"));

        PathRoutesChanged changed = await rig.RouteService.SetAsync(EngineRig.Admin, new SetPathRoutes([EngineRig.Route("LAB", "10.1.0.0/16", "10.0.0.2", "eth0")]), EngineRig.Token);
        Assert.Contains("via 10.0.0.1 by eth0 -> 10.1.0.0/16 via 10.0.0.2 by eth0", changed.Outcome.Plan.Changes[0].ToString(), StringComparison.Ordinal);
        Assert.Equal("replace 10.1.0.0/16", rig.Network.Edits[^1]);
        await rig.RouteService.RemoveAsync(EngineRig.Admin, new RemovePathRoutes(["lab", "Lab"]), EngineRig.Token);
        Assert.Equal("2001:db8::1/128", Assert.Single(rig.Network.Ours).Destination.ToString());
        await EngineRig.Refused(ErrorCatalogue.PathRouteNotFound, () => rig.RouteService.RemoveAsync(EngineRig.Admin, new RemovePathRoutes(["lab"]), EngineRig.Token));
        await EngineRig.Refused(ErrorCatalogue.PathRouteNotFound, () => rig.RouteService.SetAsync(EngineRig.Admin, new SetPathRoutes([EngineRig.Route("lab", "10.1.0.0/16")]), EngineRig.Token));
        await EngineRig.Refused(ErrorCatalogue.PathRouteExists, () => Create(rig, EngineRig.Route("HOST6", "10.7.0.0/16")));
    }

    [Fact]
    public async Task A_route_waits_for_its_interface_and_is_installed_when_it_appears()
    {
        await using EngineRig rig = await WithLink();
        rig.Reconciler.Start(rig.Network, rig.Firewall);
        PathRoutesChanged created = await Create(rig, EngineRig.Route("lab", "10.1.0.0/16", by: "eth7"));
        Assert.Equal((RouteState.Waiting, "there is no interface eth7"), (created.Routes[0].State, created.Routes[0].StateReason));
        Assert.False(rig.RouteSection.Status.InDesiredState);
        rig.Network.AddLink(7, "eth7", isUp: false);
        await rig.EventAsync("RouteNotInForce");
        rig.Network.SetLinkUp(7, isUp: true);
        EngineEvent said = await rig.EventAsync("RouteDriftRepaired");
        Assert.Contains("can be installed now", said.Message, StringComparison.Ordinal);
        Assert.Equal(RouteState.Installed, rig.RouteService.List(new ListPathRoutes())[0].State);
        Assert.True(rig.RouteSection.Status.InDesiredState);
    }

    [Fact]
    public async Task A_deleted_route_comes_back_and_the_event_says_so()
    {
        await using EngineRig rig = await WithLink();
        await Create(rig, EngineRig.Route("lab", "10.1.0.0/16"));
        rig.Reconciler.Start(rig.Network, rig.Firewall);
        rig.Network.Delete(rig.Network.Ours[0]);
        Assert.Contains("'lab' to 10.1.0.0/16 was missing", (await rig.EventAsync("RouteDriftRepaired")).Message, StringComparison.Ordinal);
        Assert.Single(rig.Network.Ours);
    }

    [Fact]
    public async Task A_renamed_interface_is_reported_with_who_still_names_it()
    {
        await using EngineRig rig = await WithLink();
        await Create(rig, EngineRig.Route("lab", "10.1.0.0/16", by: "eth0"));
        rig.Reconciler.Start(rig.Network, rig.Firewall);
        rig.Network.RenameLink(2, "wan0");
        EngineEvent said = await rig.EventAsync("InterfaceRenamed");
        Assert.Contains("eth0 is called wan0 now; the configuration still says eth0 in route 'lab'", said.Message, StringComparison.Ordinal);
        await rig.EventAsync("RouteNotInForce");
        Assert.Single(rig.Network.Ours);
    }

    [Fact]
    public async Task Routes_of_others_are_never_touched()
    {
        await using EngineRig rig = await WithLink();
        RouteInfo theirs = rig.Network.AddForeign("0.0.0.0/0", "10.0.0.254", 2);
        EngineException exception = await EngineRig.Refused(ErrorCatalogue.PathRouteApplyFailed, () => Create(rig, EngineRig.Route("default", "0.0.0.0/0")));
        Assert.Contains("another program", exception.Message, StringComparison.Ordinal);
        Assert.Equal([theirs], rig.Network.Routes);
        await Create(rig, EngineRig.Route("default", "0.0.0.0/0") with { RouteMetric = 50 });
        await rig.RouteSection.RemoveAsync(EngineRig.Token);
        Assert.Equal([theirs], rig.Network.Routes);
    }

    [Fact]
    public async Task A_route_of_ours_the_document_does_not_have_is_removed()
    {
        await using EngineRig rig = await WithLink();
        rig.Network.Insert(new RouteInfo { Destination = System.Net.IPNetwork.Parse("10.99.0.0/16"), InterfaceIndex = 2 });
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Empty(rig.Network.Ours);
        Assert.Contains("that the configuration does not have", rig.EventsOf("RouteDriftRepaired")[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_refused_route_brings_everything_back_as_it_was()
    {
        await using EngineRig rig = await WithLink();
        await Create(rig, EngineRig.Route("keep", "10.1.0.0/16"), EngineRig.Route("change", "10.2.0.0/16"), EngineRig.Route("drop", "10.3.0.0/16"));
        string[] before = Shown(rig);
        rig.Network.Unreachable.Add("10.0.0.9");
        await EngineRig.Refused(ErrorCatalogue.PathRouteApplyFailed, () => rig.ChangeAsync(document => document with
        {
            Paths = document.Paths with { Routes = [EngineRig.Route("keep", "10.1.0.0/16"), EngineRig.Route("change", "10.20.0.0/16"), EngineRig.Route("new", "10.4.0.0/16"), EngineRig.Route("bad", "10.5.0.0/16", "10.0.0.9")] },
        }));
        Assert.Equal(before, Shown(rig));
        await rig.Reconciler.CompareAllAsync(EngineRig.Token);
        Assert.Empty(rig.EventsOf("Route*"));
    }

    [Theory]
    [InlineData("", "10.0.0.0/8", "10.0.0.1", "paths.routes[0].name")]
    [InlineData("a*", "10.0.0.0/8", "10.0.0.1", "paths.routes[0].name")]
    [InlineData("a", "10.0.0.1-10.0.0.9", "10.0.0.1", "paths.routes[0].destinationPrefix")]
    [InlineData("a", "10.0.0.0/8", "fe80::1", "paths.routes[0].nextHop")]
    [InlineData("a", "::/0", "fe80::1%eth0", "paths.routes[0].nextHop")]
    [InlineData("a", "10.0.0.0/8", "1", "paths.routes[0].nextHop")]
    [InlineData("a", "10.0.0.0/8", "10.0.0.0/8", "paths.routes[0].nextHop")]
    [InlineData("a", "10.0.0.0/8", null, "paths.routes[0]")]
    public async Task Routes_that_make_no_sense_are_refused_with_their_place(string name, string prefix, string? hop, string place)
    {
        await using EngineRig rig = await WithLink();
        EngineException exception = await EngineRig.Refused(ErrorCatalogue.PathRouteInvalid, () => Create(rig, EngineRig.Route(name, prefix, hop)));
        Assert.Equal(place, exception.Target);
    }

    [Theory]
    [InlineData("10.0.0.1", null, "10.0.0.1/32", null)]
    [InlineData("10.0.0.0/8", null, "10.0.0.0/8", 254)]
    public async Task Two_routes_to_one_place_are_refused_however_it_is_written(string first, int? firstTable, string second, int? secondTable)
    {
        await using EngineRig rig = await WithLink();
        await EngineRig.Refused(ErrorCatalogue.PathRouteExists, () => Create(rig, EngineRig.Route("a", first) with { Table = firstTable }, EngineRig.Route("b", second) with { Table = secondTable }));
        await EngineRig.Refused(ErrorCatalogue.PathRouteExists, () => Create(rig, EngineRig.Route("a", "::/0", "fe80::1"), EngineRig.Route("b", "::/0", "fe80::2") with { RouteMetric = 1024 }));
    }

    [Fact]
    public async Task A_restart_finds_its_routes_in_the_kernel_and_leaves_them()
    {
        await using EngineRig rig = await WithLink();
        await Create(rig, EngineRig.Route("lab", "10.1.0.0/16", by: "eth0"), EngineRig.Route("v6", "2001:db8::/32", "fe80::1", "eth0"));
        rig.Network.Edits.Clear();
        await rig.RestartAsync();
        Assert.Empty(rig.Network.Edits);
        Assert.True(rig.RouteSection.Status.InDesiredState);
    }

    private static Task<PathRoutesChanged> Create(EngineRig rig, params NetPathRoute[] routes) => rig.RouteService.CreateAsync(EngineRig.Admin, new CreatePathRoutes(routes), EngineRig.Token);

    private static string[] Shown(EngineRig rig) => [.. rig.Network.Ours.Select(route => $"{route.Destination} {route.Gateway}").Order()];

    private static async Task<EngineRig> WithLink()
    {
        var rig = new EngineRig();
        rig.Network.AddLink(2, "eth0");
        return await rig.LoadedAsync();
    }
}
