using System.Runtime.Versioning;
using Net.Contracts;
using Net.Engine.Overlay.Kernel;
using Net.Engine.Overlay.Model;
using Net.Engine.Overlay.Stores;
using Net.Platform;
using Net.Platform.Linux;

namespace Net.Engine.Tests.Overlay;

[SupportedOSPlatform("linux")]
public sealed class OverlayKernelTests : IDisposable
{
    private readonly string _name = $"nmk{Random.Shared.Next(100000)}";
    private readonly FakeOverlayHost _host = new(new FakeNetwork());
    private NetworkNamespace? _place;

    [Fact]
    public void The_kernel_takes_addresses_routes_and_rules_and_a_second_look_finds_nothing_to_do()
    {
        Place().Run(() =>
        {
            using var kernel = new RouteNetlink();
            using TunDevice device = TunDevice.Create("nm-home", multiQueue: false);
            kernel.SetLinkUp(device.InterfaceIndex, isUp: true);
            OverlayView view = View();
            OverlayKernelPlan plan = OverlayKernelPlan.Of(view, device.InterfaceIndex, isExitUp: false);

            List<string> first = OverlayKernel.Apply(plan, device.InterfaceIndex, ownsExit: true, kernel, kernel);
            List<string> second = OverlayKernel.Apply(plan, device.InterfaceIndex, ownsExit: true, kernel, kernel);
            kernel.RemoveRoute(plan.Routes[0]);
            List<string> third = OverlayKernel.Apply(plan, device.InterfaceIndex, ownsExit: true, kernel, kernel);

            Assert.Equal(plan.Addresses.Length + plan.Routes.Length + plan.Rules.Length, first.Count);
            Assert.Empty(second);
            Assert.Equal($"route to {plan.Routes[0].Destination} was missing", Assert.Single(third));
        });
    }

    [Fact]
    public void Without_the_device_the_kill_switch_stays_until_it_is_taken_out()
    {
        Place().Run(() =>
        {
            using var kernel = new RouteNetlink();
            using (TunDevice device = TunDevice.Create("nm-home", multiQueue: false))
            {
                kernel.SetLinkUp(device.InterfaceIndex, isUp: true);
                OverlayKernel.Apply(OverlayKernelPlan.Of(View(), device.InterfaceIndex, isExitUp: true), device.InterfaceIndex, ownsExit: true, kernel, kernel);
            }

            RouteInfo[] left = [.. kernel.GetRoutes().Where(route => route.Protocol == RouteProtocols.NetModuleOverlay)];
            int rules = kernel.GetRules().Count(rule => rule.Protocol == RouteProtocols.NetModuleOverlay);
            OverlayKernel.RemoveExit(kernel, kernel);

            Assert.Equal(2, left.Length);
            Assert.All(left, route => Assert.Equal(RouteType.Unreachable, route.Type));
            Assert.Equal(10, rules);
            Assert.DoesNotContain(kernel.GetRoutes(), route => route.Protocol == RouteProtocols.NetModuleOverlay);
            Assert.DoesNotContain(kernel.GetRules(), rule => rule.Protocol == RouteProtocols.NetModuleOverlay);
        });
    }

    [Fact]
    public async Task Nft_takes_the_table_of_gateways()
    {
        Assert.SkipUnless(NftTextLoader.FindProgram() is not null, "nft is not installed (package nftables)");
        NetworkNamespace place = Place();
        var loader = new NftTextLoader(new NftTextLoaderOptions { NetworkNamespace = place });
        using NftablesReader reader = place.Run(() => new NftablesReader());

        await loader.ApplyAsync(OverlayNft.Write([View()])!, TestContext.Current.CancellationToken);
        string? before = reader.ComputeFingerprint(OverlayNft.Table);
        await loader.ApplyAsync(OverlayNft.Write([View()])!, TestContext.Current.CancellationToken);
        string? again = reader.ComputeFingerprint(OverlayNft.Table);
        await loader.ApplyAsync(OverlayNft.Remove(), TestContext.Current.CancellationToken);

        Assert.NotNull(before);
        Assert.Equal(before, again);
        Assert.Null(reader.ComputeFingerprint(OverlayNft.Table));
    }

    public void Dispose()
    {
        if (_place is not null)
        {
            _place.Dispose();
            NetworkNamespace.Delete(_name);
        }
    }

    private NetworkNamespace Place()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/dev/net/tun"), "needs root and /dev/net/tun");
        return _place = NetworkNamespace.Create(_name);
    }

    private OverlayView View()
    {
        (byte[] seed, byte[] key) = IdentityStore.NewKey(_host.Crypto);
        (byte[] _, byte[] bob) = IdentityStore.NewKey(_host.Crypto);
        return OverlayView.Build(new OverlayInputs
        {
            Settings = OverlayKit.Home() with
            {
                Peers = [OverlayKit.Peer("bob", Net.Overlay.Identity.PublicKeyText.Format(bob)) with { IsExitNode = true }],
                Routes =
                [
                    new OverlayRoute { Prefix = AddressRange.Parse("10.77.0.0/16"), Peer = "bob" },
                    new OverlayRoute { Prefix = AddressRange.Parse("192.168.7.0/24"), Masquerade = true },
                    new OverlayRoute { Prefix = AddressRange.Parse("::/0"), Masquerade = true },
                ],
                ExitNode = "bob",
            },
            Identity = new StoredIdentity { Name = "default", Seed = seed, PublicKey = key },
            HostName = "alice",
            Now = DateTimeOffset.UnixEpoch,
        });
    }
}
