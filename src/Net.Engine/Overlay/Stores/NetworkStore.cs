using System.Net;
using Net.Contracts;
using Net.Engine.Secrets;
using Net.Overlay.Identity;
using Net.Overlay.Membership;

namespace Net.Engine.Overlay.Stores;

/// <summary>The networks whose signing key this engine holds, and what was signed with each.</summary>
internal sealed class NetworkStore(string stateFolder, IOverlayCrypto crypto, TimeProvider clock)
{
    /// <summary>How long a certificate holds when nobody says.</summary>
    public static readonly TimeSpan DefaultValidity = TimeSpan.FromDays(90);

    private static readonly TimeSpan LongestValidity = TimeSpan.FromDays(3660);

    private readonly Lock _gate = new();
    private readonly OverlayFiles _files = new(stateFolder, "networks");

    /// <summary>All networks by name.</summary>
    public IReadOnlyList<StoredNetwork> List()
    {
        lock (_gate)
        {
            return [.. _files.Names().Select(Read).OfType<StoredNetwork>()];
        }
    }

    /// <summary>The network with a public key; null when this engine does not hold it.</summary>
    public StoredNetwork? FindByKey(byte[] publicKey) => List().FirstOrDefault(network => network.PublicKey.AsSpan().SequenceEqual(publicKey));

    /// <summary>A network.</summary>
    /// <exception cref="EngineException">It is not held here.</exception>
    public StoredNetwork Get(string name)
    {
        lock (_gate)
        {
            return (OverlayFiles.IsName(name) ? Read(name) : null)
                ?? throw new EngineException(ErrorCatalogue.OverlayNetworkNotFound, $"No network is named '{name}' here.", name);
        }
    }

    /// <summary>Makes a network.</summary>
    public StoredNetwork Create(string name)
    {
        (byte[] seed, byte[] publicKey) = IdentityStore.NewKey(crypto);
        return Add(new StoredNetwork { Name = name, Seed = seed, PublicKey = publicKey, CreatedAt = clock.GetUtcNow() });
    }

    /// <summary>Removes a network; without its backup nobody can issue certificates of it again.</summary>
    public void Remove(string name)
    {
        lock (_gate)
        {
            _ = Get(name);
            _files.Remove(name);
        }
    }

    /// <summary>A network with its key, encrypted under a passphrase.</summary>
    public string Export(string name, string passphrase)
    {
        StoredNetwork network = Get(name);
        byte[] content = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(network, OverlayStateJsonContext.Default.StoredNetwork);
        byte[] archive = BackupCodec.Seal(new BackupContent(0, "network", new Dictionary<string, byte[]> { ["network"] = content }), passphrase);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(content);
        return Convert.ToBase64String(archive, Base64FormattingOptions.InsertLineBreaks);
    }

    /// <summary>Brings a network back.</summary>
    public StoredNetwork Import(string text, string passphrase, string? name)
    {
        byte[] archive;
        try
        {
            archive = Convert.FromBase64String(text);
        }
        catch (FormatException exception)
        {
            throw new EngineException(ErrorCatalogue.BackupUnreadable, "The text is not a backup of a network.", inner: exception);
        }

        BackupContent content = BackupCodec.Open(archive, passphrase);
        if (content.Document != "network" || !content.Secrets.TryGetValue("network", out byte[]? json))
        {
            throw new EngineException(ErrorCatalogue.BackupUnreadable, "It is a backup, but not of a network.");
        }

        StoredNetwork network;
        try
        {
            network = System.Text.Json.JsonSerializer.Deserialize(json, OverlayStateJsonContext.Default.StoredNetwork) ?? throw new System.Text.Json.JsonException("empty");
        }
        catch (System.Text.Json.JsonException exception)
        {
            throw new EngineException(ErrorCatalogue.BackupUnreadable, "The backup holds no network that can be read.", inner: exception);
        }

        if (FindByKey(network.PublicKey) is { } held)
        {
            throw new EngineException(ErrorCatalogue.OverlayNetworkExists, $"This engine holds the key of that network already, as '{held.Name}'.", held.Name);
        }

        return Add(name is null ? network : network with { Name = name });
    }

    /// <summary>Issues a certificate.</summary>
    /// <exception cref="EngineException">A part of it is not usable.</exception>
    public MembershipCertificate Issue(string name, byte[] nodeKey, string member, string[] groups, IPAddress[]? addresses, IPNetwork[] subnets, TimeSpan? validFor, OverlayIPv4Pool pool)
    {
        TimeSpan validity = validFor ?? DefaultValidity;
        if (validity < TimeSpan.FromMinutes(1) || validity > LongestValidity)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "A certificate holds for 1 minute to 10 years.", "validFor");
        }

        lock (_gate)
        {
            StoredNetwork network = Get(name);
            MembershipCertificate[] others = [.. Valid(network, clock.GetUtcNow()).Where(one => !one.NodeKey.AsSpan().SequenceEqual(nodeKey))];
            if (others.FirstOrDefault(one => string.Equals(one.Name, member, StringComparison.OrdinalIgnoreCase)) is { } namesake)
            {
                throw new EngineException(ErrorCatalogue.OverlayCertificateInvalid, $"Certificate {namesake.Serial} gave the name '{member}' to another node.", member);
            }

            IPAddress[] given = addresses ?? Derive(nodeKey, network.PublicKey, pool, others);
            if (given.FirstOrDefault(address => others.Any(one => one.Addresses.Contains(address))) is { } taken)
            {
                throw new EngineException(ErrorCatalogue.OverlayCertificateInvalid, $"The address {taken} was given to another node.", taken.ToString());
            }

            // Whole seconds: that is what a certificate holds.
            DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
            try
            {
                MembershipCertificate certificate = new MembershipCertificate
                {
                    NetworkKey = network.PublicKey,
                    NodeKey = nodeKey,
                    Serial = network.NextSerial,
                    Name = member,
                    Groups = groups,
                    Addresses = given,
                    Subnets = [.. subnets.Where(subnet => subnet.PrefixLength > 0)],
                    NotBefore = now,
                    NotAfter = now + validity,
                    Flags = subnets.Any(subnet => subnet.PrefixLength == 0) ? MembershipFlags.DefaultGateway : MembershipFlags.None,
                }.Sign(network.Seed, crypto);
                Write(network with { NextSerial = network.NextSerial + 1, Certificates = [.. network.Certificates, certificate.Encode()] });
                return certificate;
            }
            catch (FormatException exception)
            {
                throw new EngineException(ErrorCatalogue.OverlayCertificateInvalid, $"No such certificate can be written: {exception.Message}.", member, exception);
            }
        }
    }

    /// <summary>Revokes certificates and signs a new list.</summary>
    public RevocationList Revoke(string name, IReadOnlyList<long> serials)
    {
        lock (_gate)
        {
            StoredNetwork network = Get(name);
            HashSet<ulong> known = [.. All(network).Select(one => one.Serial)];
            foreach (long serial in serials)
            {
                if (!known.Contains((ulong)serial))
                {
                    throw new EngineException(ErrorCatalogue.OverlayCertificateNotFound, $"Network '{name}' issued no certificate {serial} here.", name);
                }
            }

            ulong[] revoked = [.. network.RevokedSerials.Union(serials.Select(serial => (ulong)serial)).Order()];
            ulong sequence = network.RevocationSequence + 1;
            RevocationList list = new RevocationList(network.PublicKey, sequence, clock.GetUtcNow(), revoked, []).Sign(network.Seed, crypto);
            Write(network with { RevokedSerials = revoked, RevocationSequence = sequence, Revocations = list.Encode() });
            return list;
        }
    }

    /// <summary>All certificates a network issued here, oldest first.</summary>
    public static IEnumerable<MembershipCertificate> All(StoredNetwork network)
    {
        foreach (byte[] bytes in network.Certificates)
        {
            if (MembershipCertificate.TryDecode(bytes, out MembershipCertificate? certificate, out _))
            {
                yield return certificate;
            }
        }
    }

    /// <summary>Certificates that are neither expired nor revoked.</summary>
    public static IEnumerable<MembershipCertificate> Valid(StoredNetwork network, DateTimeOffset now) =>
        All(network).Where(one => one.NotAfter > now && !network.RevokedSerials.Contains(one.Serial));

    private static IPAddress[] Derive(byte[] nodeKey, byte[] networkKey, OverlayIPv4Pool pool, MembershipCertificate[] others)
    {
        NodeId id = NodeId.FromPublicKey(nodeKey);
        HashSet<uint> taken = [.. others.SelectMany(one => one.Addresses).Where(OverlayNumbers.IsIPv4).Select(OverlayNumbers.ToNumber)];
        return OverlayAddresses.Assign([id], pool, taken).TryGetValue(id, out uint address)
            ? [OverlayNumbers.ToAddress(address), OverlayNumbers.ToAddress(OverlayAddresses.IPv6For(networkKey, id))]
            : throw new EngineException(ErrorCatalogue.OverlayCertificateInvalid, "No address is left for the node; give it one.", "addresses");
    }

    private StoredNetwork Add(StoredNetwork network)
    {
        if (!OverlayFiles.IsName(network.Name))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"'{network.Name}' cannot be the name of a network: 1 to 32 letters, digits and hyphens, no hyphen first.", "name");
        }

        lock (_gate)
        {
            if (Read(network.Name) is not null)
            {
                throw new EngineException(ErrorCatalogue.OverlayNetworkExists, $"A network named '{network.Name}' exists already.", network.Name);
            }

            Write(network);
            return network;
        }
    }

    private StoredNetwork? Read(string name) => _files.Read(name, OverlayStateJsonContext.Default.StoredNetwork);

    private void Write(StoredNetwork network) => _files.Write(network.Name, network, OverlayStateJsonContext.Default.StoredNetwork);
}
