using System.Net;
using Net.Contracts;
using Net.Workers.Overlay;

namespace Net.Engine.Overlay.Model;

/// <content>Which routes there are, and which of them may be used.</content>
internal sealed partial class OverlayView
{
    /// <summary>The preference of routes nobody gave one.</summary>
    public const int DefaultPreference = 100;

    private static readonly IPNetwork[] Everything = [new(IPAddress.Any, 0), new(IPAddress.IPv6Any, 0)];

    /// <summary>Whether packets of peers are passed on, to networks of this host or to other peers.</summary>
    public bool Forwards => IsHub || Settings.Routes.Any(route => route.Peer is null);

    /// <summary>Prefixes told to peers: those behind this node, and on a hub the addresses of everybody else.</summary>
    public ModelPrefix[] Advertised =>
    [
        .. Settings.Routes.Where(route => route.Peer is null).Select(route => new ModelPrefix(OverlayNumbers.ToNetwork(route.Prefix).ToString(), route.Preference)),
        .. IsHub ? Peers.Where(peer => !peer.IsHub).SelectMany(peer => peer.Addresses).Select(address => new ModelPrefix(OverlayNumbers.Host(address).ToString(), DefaultPreference)) : [],
    ];

    private IEnumerable<ViewRoute> CollectRoutes()
    {
        foreach (IPAddress address in Addresses)
        {
            yield return new ViewRoute(OverlayNumbers.Host(address), OverlayRouteOwner.Local, null, 0, "address");
        }

        foreach (OverlayRoute route in Settings.Routes.Where(route => OverlayNumbers.IsPrefix(route.Prefix)))
        {
            IPNetwork prefix = OverlayNumbers.ToNetwork(route.Prefix);
            yield return route.Peer is null
                ? new ViewRoute(prefix, OverlayRouteOwner.Local, null, route.Preference, "document", route.Masquerade)
                : new ViewRoute(prefix, prefix.PrefixLength == 0 ? OverlayRouteOwner.DefaultGateway : OverlayRouteOwner.Gateway, route.Peer, route.Preference, "document",
                    Refusal: prefix.PrefixLength == 0 && !IsExit(route.Peer) ? "this node uses another exit node, or none" : null);
        }

        foreach (EffectivePeer peer in Peers.Where(peer => peer.PublicKey is not null))
        {
            foreach (IPAddress address in peer.Addresses)
            {
                yield return new ViewRoute(OverlayNumbers.Host(address), OverlayRouteOwner.Node, peer.Name, 0, "address",
                    Refusal: peer.NoSession is not null && peer.Document?.Enabled != false ? "it is reached through a hub" : peer.NoSession);
            }

            foreach (ViewRoute route in AdvertisedBy(peer))
            {
                yield return route;
            }

            if (IsExit(peer.Name))
            {
                foreach (IPNetwork prefix in Everything)
                {
                    yield return new ViewRoute(prefix, OverlayRouteOwner.DefaultGateway, peer.Name, 0, "document");
                }
            }
        }

        foreach (ViewRoute route in ThroughHubs())
        {
            yield return route;
        }
    }

    private bool IsExit(string peer) => string.Equals(Settings.ExitNode, peer, StringComparison.OrdinalIgnoreCase);

    private IEnumerable<ViewRoute> AdvertisedBy(EffectivePeer peer)
    {
        foreach (ModelPrefix advertised in _inputs.Advertised.GetValueOrDefault(Convert.ToHexStringLower(peer.PublicKey!), []))
        {
            if (!IPNetwork.TryParse(advertised.Prefix, out IPNetwork prefix))
            {
                continue;
            }

            bool isDefault = prefix.PrefixLength == 0;

            // What the document says itself needs no second route.
            if ((isDefault && IsExit(peer.Name)) || Settings.Routes.Any(route => string.Equals(route.Peer, peer.Name, StringComparison.OrdinalIgnoreCase) && OverlayNumbers.ToNetwork(route.Prefix).Equals(prefix)))
            {
                continue;
            }

            bool isHubs = peer.IsHub && IsMembersAddress(prefix);
            string? refusal = isDefault ? (peer.IsExitNode ? "the peer is not chosen as exit node" : "the peer may not be an exit node")
                : !isHubs && !peer.Subnets.Any(subnet => OverlayNumbers.Contains(subnet, prefix)) ? "the peer may not have this prefix"
                : !isHubs && !Settings.AcceptRoutes ? "the overlay accepts no advertised routes"
                : null;
            yield return new ViewRoute(prefix, isDefault ? OverlayRouteOwner.DefaultGateway : OverlayRouteOwner.Gateway, peer.Name, advertised.Preference, "advertised", Refusal: refusal);
        }
    }

    // A hub speaks for the addresses of members, and for nothing else unless it may.
    private bool IsMembersAddress(IPNetwork prefix) =>
        prefix.PrefixLength == OverlayNumbers.Bits(prefix.BaseAddress)
        && !Addresses.Contains(prefix.BaseAddress)
        && (OverlayNumbers.ToNetwork(Settings.Prefix).Contains(prefix.BaseAddress)
            || new IPNetwork(OverlayNumbers.ToAddress(Net.Overlay.Identity.OverlayAddresses.IPv6PrefixFor(NetworkId)), 64).Contains(prefix.BaseAddress));

    private IEnumerable<ViewRoute> ThroughHubs()
    {
        if (Settings.Topology != OverlayTopology.HubAndSpoke || IsHub)
        {
            yield break;
        }

        foreach (EffectivePeer hub in Peers.Where(peer => peer.IsHub && peer.NoSession is null && peer.PublicKey is not null))
        {
            foreach (IPAddress address in Peers.Where(peer => !peer.IsHub && peer.Document?.Enabled != false).SelectMany(peer => peer.Addresses))
            {
                yield return new ViewRoute(OverlayNumbers.Host(address), OverlayRouteOwner.Gateway, hub.Name, DefaultPreference, "document");
            }
        }
    }
}
