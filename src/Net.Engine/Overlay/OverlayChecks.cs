using System.Net;
using Net.Contracts;
using Net.Engine.Overlay.Model;
using Net.Overlay.Identity;
using Net.Overlay.Membership;

namespace Net.Engine.Overlay;

/// <summary>Checks the document's section about overlays.</summary>
internal static partial class OverlayChecks
{
    /// <summary>The most shards an overlay has.</summary>
    internal const int MaxShards = Net.Overlay.Sharding.ShardSteering.MaxShards;

    private const int MaxOverlays = 32;
    private const int MaxPeers = 10_000;
    private const int MaxRoutes = 100_000;
    private const int MaxRules = 10_000;

    /// <summary>Adds every problem of a section.</summary>
    public static void Run(OverlaySection section, Func<string, bool> hasIdentity, ICollection<ConfigurationProblem> problems)
    {
        if (section.Overlays.Length > MaxOverlays)
        {
            Add(problems, "overlay.overlays", $"There are {section.Overlays.Length} overlays; at most {MaxOverlays} are taken.");
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var devices = new HashSet<string>(StringComparer.Ordinal);
        var ports = new HashSet<(string?, int)>();
        string? exit = null;
        for (int index = 0; index < section.Overlays.Length; index++)
        {
            OverlaySettings overlay = section.Overlays[index];
            string place = $"overlay.overlays[{index}]";
            CheckOverlay(overlay, place, hasIdentity, problems);
            if (!names.Add(overlay.Name))
            {
                problems.Add(new ConfigurationProblem($"{place}.name", ErrorCatalogue.OverlayExists.Id, $"Two overlays are named '{overlay.Name}'."));
            }

            if (!devices.Add(OverlayView.InterfaceNameOf(overlay)))
            {
                Add(problems, $"{place}.interfaceAlias", $"Two overlays have the device {OverlayView.InterfaceNameOf(overlay)}; give one of them another by interfaceAlias.");
            }

            if (overlay.ListenPort != 0 && !ports.Add((overlay.ListenAddress, overlay.ListenPort)))
            {
                Add(problems, $"{place}.listenPort", $"Two overlays listen at port {overlay.ListenPort}; give one of them another.");
            }

            if (overlay is { Enabled: true, ExitNode: not null } && exit is not null)
            {
                Add(problems, $"{place}.exitNode", $"The overlays '{exit}' and '{overlay.Name}' both have an exit node; all other traffic can leave by one only.");
            }

            exit ??= overlay.Enabled && overlay.ExitNode is not null ? overlay.Name : null;
        }
    }

    /// <summary>Whether a text is a name of a DNS label's letters, in any case.</summary>
    public static bool IsName(string? name, int longest) => name is not null && name.Length <= longest && Labels.IsLabel(name.ToLowerInvariant());

    /// <summary>Whether a text is <c>host:port</c>.</summary>
    public static bool IsEndpoint(string text)
    {
        if (IPEndPoint.TryParse(text, out IPEndPoint? endpoint))
        {
            return endpoint.Port != 0;
        }

        int colon = text.LastIndexOf(':');
        return colon > 0
            && ushort.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ushort port) && port > 0
            && text.Length <= Invitation.MaxEndpointCharacters
            && Uri.CheckHostName(text[..colon]) == UriHostNameType.Dns;
    }

    private static void CheckOverlay(OverlaySettings overlay, string place, Func<string, bool> hasIdentity, ICollection<ConfigurationProblem> problems)
    {
        if (!IsName(overlay.Name, 32))
        {
            Add(problems, $"{place}.name", $"'{overlay.Name}' cannot be the name of an overlay: 1 to 32 letters, digits and hyphens, no hyphen at either end.");
        }

        if (overlay.InterfaceAlias is { } device && (System.Text.Encoding.UTF8.GetByteCount(device) is 0 or > 15 || device is "." or ".." || device.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.'))))
        {
            Add(problems, $"{place}.interfaceAlias", $"'{device}' cannot be the name of a device: 1 to 15 letters, digits, '-', '_' and '.'.");
        }

        if (overlay.ListenPort is < 0 or > ushort.MaxValue)
        {
            Add(problems, $"{place}.listenPort", $"{overlay.ListenPort} is no port.");
        }

        if (overlay.ListenAddress is { } listen && !IsAddress(listen))
        {
            Add(problems, $"{place}.listenAddress", $"'{listen}' is not an address.");
        }

        if (overlay.MtuBytes is < 1280 or > 9000)
        {
            Add(problems, $"{place}.mtuBytes", $"The MTU must be between 1280 and 9000 bytes, not {overlay.MtuBytes}.");
        }

        if (overlay.KeepAlive < TimeSpan.FromSeconds(1) || overlay.KeepAlive > TimeSpan.FromMinutes(10))
        {
            Add(problems, $"{place}.keepAlive", "keepAlive must be between 1 s and 10 min.");
        }

        if (overlay.BusyPoll < TimeSpan.Zero || overlay.BusyPoll > TimeSpan.FromSeconds(1))
        {
            Add(problems, $"{place}.busyPoll", "busyPoll must be between 0 s, which is off, and 1 s.");
        }

        if (overlay.Shards is < 1 or > MaxShards)
        {
            Add(problems, $"{place}.shards", $"An overlay has 1 to {MaxShards} shards, not {overlay.Shards}.");
        }

        if (overlay.IdleClose is { } idle && (idle < TimeSpan.FromSeconds(10) || idle > TimeSpan.FromDays(1)))
        {
            Add(problems, $"{place}.idleClose", "idleClose must be between 10 s and 1 day.");
        }

        if (OverlayNumbers.ToPool(overlay.Prefix) is null)
        {
            Add(problems, $"{place}.prefix", $"Addresses cannot be derived in {overlay.Prefix}: it must be an IPv4 prefix of 8 to 30 bits outside of 100.100.100.0/24.");
        }

        if (overlay.Audit.MaxFileBytes is < 64 << 10 or > 1L << 30 || overlay.Audit.MaxFiles is < 1 or > 100)
        {
            Add(problems, $"{place}.audit", "An audit file has 64 KiB to 1 GiB, and 1 to 100 of them are kept.");
        }

        if (!hasIdentity(overlay.Identity))
        {
            problems.Add(new ConfigurationProblem($"{place}.identity", ErrorCatalogue.OverlayIdentityNotFound.Id, $"No identity is named '{overlay.Identity}'."));
        }

        CheckAddresses(overlay.Addresses, $"{place}.addresses", overlay, problems);
        CheckKeys(overlay, place, problems);
        CheckPeers(overlay, place, problems);
        CheckRoutes(overlay, place, problems);
        CheckPolicy(overlay, place, problems);
    }

    private static void CheckKeys(OverlaySettings overlay, string place, ICollection<ConfigurationProblem> problems)
    {
        if (overlay.NetworkKey is { } text && !PublicKeyText.TryParse(text, out _, out string? problem))
        {
            Add(problems, $"{place}.networkKey", $"The network key cannot be read: {problem}.");
        }

        if (overlay.Certificate is { } certificate)
        {
            if (!MembershipCertificate.TryParse(certificate, out MembershipCertificate? parsed, out string? wrong))
            {
                problems.Add(new ConfigurationProblem($"{place}.certificate", ErrorCatalogue.OverlayCertificateInvalid.Id, $"The certificate cannot be read: {wrong}."));
            }
            else if (!PublicKeyText.TryParse(overlay.NetworkKey, out byte[]? network, out _) || !network.AsSpan().SequenceEqual(parsed.NetworkKey))
            {
                problems.Add(new ConfigurationProblem($"{place}.certificate", ErrorCatalogue.OverlayCertificateInvalid.Id, $"The certificate is of the network {PublicKeyText.Format(parsed.NetworkKey)}, which is not the overlay's network key."));
            }
        }
    }

    private static void CheckAddresses(string[] addresses, string place, OverlaySettings overlay, ICollection<ConfigurationProblem> problems)
    {
        foreach (string text in addresses)
        {
            if (!IsAddress(text))
            {
                Add(problems, place, $"'{text}' is not an address.");
            }
            else if (OverlayNumbers.IsIPv4(IPAddress.Parse(text)) && OverlayNumbers.ToNumber(IPAddress.Parse(text)) >> 8 == OverlayAddresses.NameServiceNetwork >> 8)
            {
                Add(problems, place, $"'{text}' of overlay '{overlay.Name}' is in 100.100.100.0/24, where names are answered.");
            }
        }
    }

    private static void CheckPeers(OverlaySettings overlay, string place, ICollection<ConfigurationProblem> problems)
    {
        if (overlay.Peers.Length > MaxPeers)
        {
            Add(problems, $"{place}.peers", $"There are {overlay.Peers.Length} peers; at most {MaxPeers} are taken.");
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int index = 0; index < overlay.Peers.Length; index++)
        {
            OverlayPeer peer = overlay.Peers[index];
            string at = $"{place}.peers[{index}]";
            if (!IsName(peer.Name, Labels.MaxCharacters) || string.Equals(peer.Name, OverlayView.Self, StringComparison.OrdinalIgnoreCase))
            {
                Add(problems, $"{at}.name", $"'{peer.Name}' cannot be the name of a peer: 1 to 63 letters, digits and hyphens, no hyphen at either end, and not 'self'.");
            }

            if (!names.Add(peer.Name))
            {
                problems.Add(new ConfigurationProblem($"{at}.name", ErrorCatalogue.OverlayPeerExists.Id, $"Two peers of overlay '{overlay.Name}' are named '{peer.Name}'."));
            }

            if (peer.PublicKey is null && overlay.NetworkKey is null)
            {
                Add(problems, $"{at}.publicKey", $"Peer '{peer.Name}' needs a public key, or the overlay a network key whose certificates name it.");
            }
            else if (peer.PublicKey is { } key)
            {
                if (!PublicKeyText.TryParse(key, out _, out string? problem))
                {
                    Add(problems, $"{at}.publicKey", $"The public key of peer '{peer.Name}' cannot be read: {problem}.");
                }
                else if (!keys.TryAdd(key.Trim(), peer.Name))
                {
                    problems.Add(new ConfigurationProblem($"{at}.publicKey", ErrorCatalogue.OverlayPeerExists.Id, $"The peers '{keys[key.Trim()]}' and '{peer.Name}' have the same key."));
                }
            }

            foreach (string endpoint in peer.Endpoints.Where(endpoint => !IsEndpoint(endpoint)))
            {
                Add(problems, $"{at}.endpoints", $"'{endpoint}' of peer '{peer.Name}' is not host:port, such as 192.0.2.1:47900, [2001:db8::1]:47900 or vpn.example.org:47900.");
            }

            CheckAddresses(peer.Addresses, $"{at}.addresses", overlay, problems);
            foreach (string address in peer.Addresses.Concat(overlay.Addresses.Where(_ => index == 0)))
            {
                if (!addresses.TryAdd(address, peer.Name) && addresses[address] != peer.Name)
                {
                    Add(problems, $"{at}.addresses", $"The address {address} is given to '{addresses[address]}' and to '{peer.Name}'.");
                }
            }

            foreach (AddressRange subnet in peer.Subnets.Where(subnet => !OverlayNumbers.IsPrefix(subnet)))
            {
                Add(problems, $"{at}.subnets", $"{subnet} of peer '{peer.Name}' is a range; it must be a prefix.");
            }
        }
    }

    private static bool IsAddress(string text) => AddressRange.TryParse(text, null, out AddressRange? range) && range.PrefixLength is null && range.First.Equals(range.Last);

    private static void Add(ICollection<ConfigurationProblem> problems, string place, string message) =>
        problems.Add(new ConfigurationProblem(place, ErrorCatalogue.OverlayInvalid.Id, message));
}
