using System.Net;
using Net.Contracts;
using Net.Workers.Overlay;

namespace Net.Engine.Overlay.Model;

/// <summary>Makes a worker's model of a view.</summary>
internal static class ModelBuilder
{
    /// <summary>Builds a model.</summary>
    /// <param name="view">The view.</param>
    /// <param name="indexes">Numbers of the worker's peers.</param>
    /// <param name="version">The model's number.</param>
    /// <param name="joins">Frames of join requests by the hexadecimal key of the peer they go to.</param>
    /// <param name="acceptsJoins">Whether nodes may come to join.</param>
    public static OverlayModel Build(OverlayView view, PeerIndexes indexes, long version, IReadOnlyDictionary<string, byte[]> joins, bool acceptsJoins)
    {
        OverlaySettings settings = view.Settings;
        ViewRoute[] used = [.. view.Routes.Where(route => route.Refusal is null)];
        List<ModelPeer> peers = [];
        var indexOf = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (EffectivePeer peer in view.Peers)
        {
            if (peer.PublicKey is not { } key)
            {
                continue;
            }

            int index = indexes.Of(key);
            indexOf[peer.Name] = index;
            string[] endpoints = view.EndpointsOf(peer);
            peers.Add(new ModelPeer
            {
                Index = index,
                Name = peer.Name,
                PublicKey = key,
                Enabled = peer.NoSession is null,
                Dials = peer.NoSession is null && endpoints.Length > 0,
                Endpoints = endpoints,
                Addresses = [.. peer.Addresses.Select(address => address.ToString())],
                Prefixes = [.. PrefixesOf(peer, used).Select(prefix => prefix.ToString()).Distinct()],
                Groups = peer.Groups,
                Expires = peer.Expires,
                Join = joins.GetValueOrDefault(Convert.ToHexStringLower(key)),
            });
        }

        return new OverlayModel
        {
            Version = version,
            Addresses = [.. view.Addresses.Select(address => address.ToString())],
            Groups = view.Groups,
            AcceptsUnknown = settings.TrustOnFirstUse || view.NetworkKey is not null || acceptsJoins || settings.Peers.Length > 0,
            Forwards = view.Forwards,
            Peers = [.. peers],
            Routes = [.. used.Where(route => route.Peer is null || indexOf.ContainsKey(route.Peer)).Select(route => new ModelRoute(
                route.Prefix.ToString(), OwnerText(route.Owner), route.Peer is null ? -1 : indexOf[route.Peer], route.Preference))],
            Rules = [.. settings.Policy.Where(rule => rule.Enabled).Select(rule => ToModel(rule, view.NodeName))],
            Advertised = view.Advertised,
            ResolverAddresses = [.. view.ResolverAddresses.Select(address => address.ToString())],
            Zone = view.Zone,
            Names =
            [
                new ModelName(view.NodeName, [.. view.Addresses.Select(address => address.ToString())]),
                .. view.Peers.Where(peer => peer.Addresses.Length > 0).Select(peer => new ModelName(OverlayView.LabelOf(peer.Name), [.. peer.Addresses.Select(address => address.ToString())])),
            ],
            Revocations = view.Revocations?.Encode(),
            RevocationSequence = (long)(view.Revocations?.Sequence ?? 0),
            Departed = [.. view.Departed.Select(one => new ModelDeparture(indexes.Of(one.PublicKey), one.Reason))],
            ReportsConnections = settings.Audit is { Enabled: true, Connections: true },
        };
    }

    /// <summary>The text of an owner in a model.</summary>
    public static string OwnerText(OverlayRouteOwner owner) => owner switch
    {
        OverlayRouteOwner.Local => "local",
        OverlayRouteOwner.Node => "node",
        OverlayRouteOwner.Gateway => "gateway",
        _ => "defaultGateway",
    };

    // What it may send from: what leads to it, what it may advertise, and on the way through a hub the addresses of others.
    private static IEnumerable<IPNetwork> PrefixesOf(EffectivePeer peer, ViewRoute[] used) =>
        peer.Subnets.Concat(used.Where(route => route.Owner is OverlayRouteOwner.Gateway or OverlayRouteOwner.DefaultGateway
            && string.Equals(route.Peer, peer.Name, StringComparison.OrdinalIgnoreCase)).Select(route => route.Prefix));

    // A policy that is shared between nodes calls each by its name; here this node is "self".
    private static string[] Words(string[] words, string nodeName) =>
        [.. words.Select(word => string.Equals(word, nodeName, StringComparison.OrdinalIgnoreCase) ? OverlayView.Self : word)];

    private static ModelRule ToModel(OverlayPolicyRule rule, string nodeName) => new()
    {
        Name = rule.Name,
        Allow = rule.Action == OverlayAction.Allow,
        From = Words(rule.From, nodeName),
        To = Words(rule.To, nodeName),
        Protocol = rule.Protocol is { } protocol and not IpProtocol.Any ? (int)protocol : null,
        Ports = [.. rule.Port.Select(port => port.ToString())],
        Days = rule.Days,
        StartTime = rule.StartTime,
        EndTime = rule.EndTime,
        TimeZone = rule.TimeZone,
    };
}
