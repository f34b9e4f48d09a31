using System.Net;
using System.Text;
using Net.Contracts;
using Net.Overlay.Identity;
using Net.Overlay.Membership;

namespace Net.Engine.Overlay.Model;

/// <summary>An overlay as this node sees it: who it is itself, its peers, addresses and routes. Built anew from the document and what peers told,
/// whenever either changes; everything else (the worker's model, the kernel's routes, lists) is made of it. Immutable.</summary>
internal sealed partial class OverlayView
{
    /// <summary>The name a rule calls this node by.</summary>
    public const string Self = "self";

    /// <summary>What a word for a group begins with.</summary>
    public const string GroupPrefix = "group:";

    private readonly OverlayInputs _inputs;

    private OverlayView(OverlayInputs inputs)
    {
        _inputs = inputs;
        Certificate = MembershipCertificate.TryParse(inputs.Settings.Certificate, out MembershipCertificate? certificate, out _) ? certificate : null;
        NetworkKey = PublicKeyText.TryParse(inputs.Settings.NetworkKey, out byte[]? key, out _) ? key : null;
        NodeName = certificate?.Name ?? LabelOf(inputs.HostName);
        NodeId = NodeId.FromPublicKey(inputs.Identity.PublicKey);
        AddressId = inputs.Identity.AddressKey is { } first ? NodeId.FromPublicKey(first) : NodeId;
        IsHub = inputs.Settings.Topology == OverlayTopology.HubAndSpoke && IsHubName(NodeName, isSelf: true);
        EffectivePeer[] peers = [.. CollectPeers()];
        (Addresses, Peers, Collisions) = Assign(peers);
        Groups = GroupsOf(Self, certificate?.Groups ?? []);
        Routes = [.. CollectRoutes()];
    }

    /// <summary>The document's overlay.</summary>
    public OverlaySettings Settings => _inputs.Settings;

    /// <summary>This node's id.</summary>
    public NodeId NodeId { get; }

    /// <summary>The id this node's addresses are derived from; another one after a rotation.</summary>
    public NodeId AddressId { get; }

    /// <summary>This node's name: of its certificate, else the host's.</summary>
    public string NodeName { get; }

    /// <summary>This node's certificate; null without one.</summary>
    public MembershipCertificate? Certificate { get; }

    /// <summary>The network's key; null without one.</summary>
    public byte[]? NetworkKey { get; }

    /// <summary>Whether this node is a hub.</summary>
    public bool IsHub { get; }

    /// <summary>This node's overlay addresses.</summary>
    public IPAddress[] Addresses { get; }

    /// <summary>Groups this node is in.</summary>
    public string[] Groups { get; }

    /// <summary>The peers, those of the document first.</summary>
    public EffectivePeer[] Peers { get; }

    /// <summary>All routes, used or not.</summary>
    public ViewRoute[] Routes { get; }

    /// <summary>Keys of former members, and why they are none any more.</summary>
    public IEnumerable<(byte[] PublicKey, string Reason)> Departed => _inputs.Members.Where(pair => !IsValid(pair.Value)).Select(pair => (
        Convert.FromHexString(pair.Key),
        _inputs.Revocations?.FindReason(pair.Value.Serial, pair.Value.Node)
            ?? (pair.Value.NotAfter <= _inputs.Now ? $"certificate {pair.Value.Serial} has expired" : "its certificate is of another network")));

    /// <summary>Sentences about nodes whose first address another node has.</summary>
    public string[] Collisions { get; }

    /// <summary>What the addresses of IPv6 are made of, beside the node.</summary>
    public ReadOnlySpan<byte> NetworkId => NetworkKey ?? Encoding.UTF8.GetBytes(Settings.Name.ToLowerInvariant());

    /// <summary>Where names are answered: an address of each family, none of this host's.</summary>
    public IPAddress[] ResolverAddresses => Settings.NameService
        ? [OverlayNumbers.ToAddress(OverlayAddresses.NameServiceAddress + (uint)_inputs.Slot), OverlayNumbers.ToAddress(OverlayAddresses.IPv6PrefixFor(NetworkId) | 0x53)]
        : [];

    /// <summary>The zone of the names.</summary>
    public string Zone => $"{Settings.Name.ToLowerInvariant()}.internal";

    /// <summary>The name of the TUN device.</summary>
    public string InterfaceName => InterfaceNameOf(Settings);

    /// <summary>The newest revocation list; null without one.</summary>
    public RevocationList? Revocations => _inputs.Revocations;

    /// <summary>Builds a view.</summary>
    public static OverlayView Build(OverlayInputs inputs) => new(inputs);

    /// <summary>The name of an overlay's TUN device: the one given, else <c>nm-</c> and as much of the overlay's name as fits 15 bytes.</summary>
    public static string InterfaceNameOf(OverlaySettings settings)
    {
        string name = settings.InterfaceAlias ?? $"nm-{settings.Name.ToLowerInvariant()}";
        return name.Length > 15 ? name[..15] : name;
    }

    /// <summary>A label of a name as hosts and people give it: lower case, everything else a hyphen.</summary>
    public static string LabelOf(string name)
    {
        string first = name.Split('.')[0].ToLowerInvariant();
        string label = new string([.. first.Select(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) ? character : '-')]).Trim('-');
        label = label.Length > 32 ? label[..32].Trim('-') : label;
        return label.Length == 0 ? "node" : label;
    }

    /// <summary>The peer of a name.</summary>
    public EffectivePeer? FindPeer(string name) => Peers.FirstOrDefault(peer => string.Equals(peer.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The peer of a key.</summary>
    public EffectivePeer? FindPeer(ReadOnlySpan<byte> publicKey)
    {
        foreach (EffectivePeer peer in Peers)
        {
            if (peer.PublicKey is { } key && publicKey.SequenceEqual(key))
            {
                return peer;
            }
        }

        return null;
    }

    /// <summary>The endpoints of a peer as addresses, in the order they are tried.</summary>
    public string[] EndpointsOf(EffectivePeer peer) =>
        [.. (peer.Document?.Endpoints ?? []).SelectMany(endpoint => IPEndPoint.TryParse(endpoint, out _) ? [endpoint] : _inputs.Resolved.GetValueOrDefault(endpoint, [])).Distinct()];

    private IEnumerable<EffectivePeer> CollectPeers()
    {
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (OverlayPeer peer in _inputs.Settings.Peers.Concat(_inputs.FirstUse))
        {
            byte[]? key = PublicKeyText.TryParse(peer.PublicKey, out byte[]? parsed, out _) ? parsed : null;
            MembershipCertificate? certificate = key is not null
                ? ValidOf(Convert.ToHexStringLower(key))
                : null;
            if (key is null)
            {
                (key, certificate) = MemberOf(peer.Name);
            }

            if (!used.Add(peer.Name) || (key is not null && !used.Add(Convert.ToHexStringLower(key))))
            {
                continue;
            }

            OverlayTrust trust = peer.PublicKey is null ? OverlayTrust.Certificate
                : key is not null && _inputs.FirstUseKeys.Contains(Convert.ToHexStringLower(key)) ? OverlayTrust.FirstUse : OverlayTrust.Key;
            yield return Effective(peer.Name, key, peer, certificate, trust);
        }

        foreach ((string key, MembershipCertificate member) in _inputs.Members.Where(pair => IsValid(pair.Value)).OrderByDescending(pair => pair.Value.Serial))
        {
            // Of two certificates of one name the newer one counts.
            if (!used.Contains(key) && used.Add(member.Name))
            {
                used.Add(key);
                yield return Effective(member.Name, Convert.FromHexString(key), null, member, OverlayTrust.Certificate);
            }
        }
    }

    private (byte[]? Key, MembershipCertificate? Certificate) MemberOf(string name)
    {
        foreach ((string key, MembershipCertificate member) in _inputs.Members.Where(pair => IsValid(pair.Value)).OrderByDescending(pair => pair.Value.Serial))
        {
            if (string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return (Convert.FromHexString(key), member);
            }
        }

        return (null, null);
    }

    private EffectivePeer Effective(string name, byte[]? key, OverlayPeer? document, MembershipCertificate? certificate, OverlayTrust trust)
    {
        IPNetwork[] subnets = [.. (document?.Subnets ?? []).Where(OverlayNumbers.IsPrefix).Select(OverlayNumbers.ToNetwork), .. certificate?.Subnets ?? []];
        bool isHub = IsHubName(name, isSelf: false);
        string? noSession = document is { Enabled: false } ? "it is switched off in the document"
            : Settings.Topology == OverlayTopology.HubAndSpoke && !IsHub && !isHub ? "the topology is hub and spoke, and neither it nor this node is a hub"
            : null;
        return new EffectivePeer
        {
            Name = name,
            PublicKey = key,
            Document = document,
            Certificate = certificate,
            Trust = trust,
            Addresses = document?.Addresses.Length > 0
                ? [.. document.Addresses.Select(text => IPAddress.TryParse(text, out IPAddress? address) ? address : null).OfType<IPAddress>()]
                : [.. certificate?.Addresses ?? []],
            Subnets = [.. subnets.Where(subnet => subnet.PrefixLength > 0).Distinct()],
            IsExitNode = document?.IsExitNode == true || subnets.Any(subnet => subnet.PrefixLength == 0) || certificate?.Flags.HasFlag(MembershipFlags.DefaultGateway) == true,
            Groups = GroupsOf(name, certificate?.Groups ?? []),
            NoSession = noSession,
            IsHub = isHub,
        };
    }

    private bool IsHubName(string name, bool isSelf) =>
        Settings.Hubs.Any(hub => string.Equals(hub, name, StringComparison.OrdinalIgnoreCase) || (isSelf && string.Equals(hub, Self, StringComparison.OrdinalIgnoreCase)));

    private MembershipCertificate? ValidOf(string key) => _inputs.Members.TryGetValue(key, out MembershipCertificate? one) && IsValid(one) ? one : null;

    // The signature was verified when it came; time and revocation go on.
    private bool IsValid(MembershipCertificate certificate) =>
        NetworkKey is { } network && certificate.NetworkKey.AsSpan().SequenceEqual(network)
        && certificate.NotAfter > _inputs.Now && _inputs.Revocations?.FindReason(certificate.Serial, certificate.Node) is null;

    private string[] GroupsOf(string name, IReadOnlyList<string> certified)
    {
        var groups = new SortedSet<string>(certified, StringComparer.OrdinalIgnoreCase);
        bool isNew = true;
        while (isNew)
        {
            isNew = false;
            foreach (OverlayGroup group in Settings.Groups)
            {
                if (!groups.Contains(group.Name) && group.Members.Any(member =>
                    string.Equals(member, name, StringComparison.OrdinalIgnoreCase)
                    || (name == Self && string.Equals(member, NodeName, StringComparison.OrdinalIgnoreCase))
                    || (member.StartsWith(GroupPrefix, StringComparison.OrdinalIgnoreCase) && groups.Contains(member[GroupPrefix.Length..]))))
                {
                    isNew = groups.Add(group.Name);
                }
            }
        }

        return [.. groups];
    }

    // Addresses that are given come first; the others are derived by the rule all nodes share.
    private (IPAddress[] Own, EffectivePeer[] Peers, string[] Collisions) Assign(EffectivePeer[] peers)
    {
        IPAddress[] own = Settings.Addresses.Length > 0
            ? [.. Settings.Addresses.Select(text => IPAddress.TryParse(text, out IPAddress? address) ? address : null).OfType<IPAddress>()]
            : [.. Certificate?.Addresses ?? []];
        OverlayIPv4Pool pool = OverlayNumbers.ToPool(Settings.Prefix) ?? OverlayIPv4Pool.Default;
        uint[] taken = [.. own.Concat(peers.SelectMany(peer => peer.Addresses)).Where(OverlayNumbers.IsIPv4).Select(OverlayNumbers.ToNumber)];
        List<NodeId> deriving = [.. peers.Where(peer => peer.Addresses.Length == 0 && peer.PublicKey is not null).Select(peer => peer.NodeId!.Value)];
        if (own.Length == 0)
        {
            deriving.Add(AddressId);
        }

        IReadOnlyDictionary<NodeId, uint> assigned = OverlayAddresses.Assign(deriving, pool, taken);
        List<string> collisions = [];
        EffectivePeer[] result = [.. peers.Select(peer => peer.Addresses.Length == 0 && peer.NodeId is { } id ? peer with { Addresses = Derived(id, peer.Name) } : peer)];
        return (own.Length == 0 ? Derived(AddressId, "this node") : own, result, [.. collisions]);

        IPAddress[] Derived(NodeId id, string who)
        {
            IPAddress six = OverlayNumbers.ToAddress(OverlayAddresses.IPv6For(NetworkId, id));
            if (!assigned.TryGetValue(id, out uint four))
            {
                collisions.Add($"{who} has no IPv4 address: all it could have are taken");
                return [six];
            }

            if (four != OverlayAddresses.IPv4For(id, 0, pool))
            {
                collisions.Add($"the first address of {who}, {OverlayNumbers.ToAddress(OverlayAddresses.IPv4For(id, 0, pool))}, is another node's; it has {OverlayNumbers.ToAddress(four)}");
            }

            return [OverlayNumbers.ToAddress(four), six];
        }
    }
}
