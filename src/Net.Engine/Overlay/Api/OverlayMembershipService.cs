using System.Net;
using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Engine.Overlay.Runtime;
using Net.Engine.Overlay.Stores;
using Net.Overlay.Identity;
using Net.Overlay.Membership;

namespace Net.Engine.Overlay.Api;

/// <summary>Serves the API of identities, networks and certificates.</summary>
internal sealed class OverlayMembershipService(ConfigurationManager configuration, OverlaySubsystem overlays, OverlayContext context)
{
    /// <summary>Lists identities.</summary>
    public OverlayIdentity[] ListIdentities(ListOverlayIdentities request)
    {
        IReadOnlyList<StoredIdentity> all = context.Identities.List();
        if ((request.Names ?? []).FirstOrDefault(name => NameFilter.IsLiteral(name) && !all.Any(one => Same(one.Name, name))) is { } unknown)
        {
            throw IdentityStore.NotFound(unknown);
        }

        return [.. all.Where(one => NameFilter.Matches(request.Names, one.Name)).Select(Public)];
    }

    /// <summary>Makes an identity.</summary>
    public OverlayIdentity CreateIdentity(Actor actor, CreateOverlayIdentity request)
    {
        StoredIdentity made = context.Identities.Create(request.Name);
        Tell("OverlayIdentityCreated", $"Identity '{made.Name}' was made: {NodeId.FromPublicKey(made.PublicKey).ToShortString()}.", made.Name, actor);
        return Public(made);
    }

    /// <summary>Gives an identity a new key.</summary>
    public OverlayIdentity RotateIdentity(Actor actor, RotateOverlayIdentity request)
    {
        StoredIdentity rotated = context.Identities.Rotate(request.Name);
        Tell("OverlayIdentityRotated", $"Identity '{rotated.Name}' has a new key, {NodeId.FromPublicKey(rotated.PublicKey).ToShortString()}; its overlay addresses stay.", rotated.Name, actor);
        foreach (OverlayRuntime runtime in overlays.Runtimes.Values.Where(runtime => Same(runtime.Settings.Identity, rotated.Name)))
        {
            runtime.Rebuild();
            runtime.Restart("its key was rotated");
        }

        return Public(rotated);
    }

    /// <summary>Removes an identity.</summary>
    public async Task<Done> RemoveIdentityAsync(Actor actor, RemoveOverlayIdentity request, CancellationToken cancellationToken)
    {
        await configuration.WithTurnAsync(_ =>
        {
            // No change may begin to use it between the look and the removal.
            if (UsersOf(request.Name) is [string user, ..])
            {
                throw new EngineException(ErrorCatalogue.OverlayIdentityInUse, $"Identity '{request.Name}' is used by overlay '{user}'.", request.Name);
            }

            context.Identities.Remove(request.Name);
            return Task.FromResult(true);
        }, cancellationToken).ConfigureAwait(false);
        Tell("OverlayIdentityRemoved", $"Identity '{request.Name}' was removed; its key is lost.", request.Name, actor);
        return new Done();
    }

    /// <summary>Lists networks.</summary>
    public OverlayNetwork[] ListNetworks(ListOverlayNetworks request)
    {
        IReadOnlyList<StoredNetwork> all = context.Networks.List();
        if ((request.Names ?? []).FirstOrDefault(name => NameFilter.IsLiteral(name) && !all.Any(one => Same(one.Name, name))) is { } unknown)
        {
            throw new EngineException(ErrorCatalogue.OverlayNetworkNotFound, $"No network is named '{unknown}' here.", unknown);
        }

        return [.. all.Where(one => NameFilter.Matches(request.Names, one.Name)).Select(Public)];
    }

    /// <summary>Makes a network.</summary>
    public OverlayNetwork CreateNetwork(Actor actor, CreateOverlayNetwork request)
    {
        StoredNetwork made = context.Networks.Create(request.Name);
        Tell("OverlayNetworkCreated", $"Network '{made.Name}' was made: {PublicKeyText.Format(made.PublicKey)}. Back its key up with Export-OverlayNetwork.", made.Name, actor);
        return Public(made);
    }

    /// <summary>Removes a network.</summary>
    public Done RemoveNetwork(Actor actor, RemoveOverlayNetwork request)
    {
        context.Networks.Remove(request.Name);
        Tell("OverlayNetworkRemoved", $"The signing key of network '{request.Name}' was removed from this engine.", request.Name, actor);
        return new Done();
    }

    /// <summary>Backs a network up.</summary>
    public TextReply ExportNetwork(Actor actor, ExportOverlayNetwork request)
    {
        string text = context.Networks.Export(request.Name, request.Passphrase);
        Tell("OverlayNetworkExported", $"The signing key of network '{request.Name}' was exported, encrypted.", request.Name, actor);
        return new TextReply(text);
    }

    /// <summary>Brings a network back.</summary>
    public OverlayNetwork ImportNetwork(Actor actor, ImportOverlayNetwork request)
    {
        StoredNetwork network = context.Networks.Import(request.Text, request.Passphrase, request.Name);
        Tell("OverlayNetworkImported", $"The signing key of network '{network.Name}' was imported.", network.Name, actor);
        if (network.Revocations is { } list && context.Revocations.Offer(network.PublicKey, list) is not null)
        {
            overlays.RebuildAll();
        }

        return Public(network);
    }

    /// <summary>Issues a certificate.</summary>
    public OverlayCertificate IssueCertificate(Actor actor, IssueOverlayCertificate request)
    {
        if (!PublicKeyText.TryParse(request.PublicKey, out byte[]? key, out string? problem))
        {
            throw new EngineException(ErrorCatalogue.OverlayCertificateInvalid, $"The public key cannot be read: {problem}.", "publicKey");
        }

        StoredNetwork network = context.Networks.Get(request.Network);
        IPAddress[]? addresses = request.Addresses is null or [] ? null
            : [.. request.Addresses.Select(text => IPAddress.TryParse(text, out IPAddress? address) ? address : throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"'{text}' is not an address.", "addresses"))];
        if ((request.Subnets ?? []).FirstOrDefault(subnet => !OverlayNumbers.IsPrefix(subnet)) is { } range)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"{range} is a range; a member advertises prefixes.", "subnets");
        }

        OverlayIPv4Pool pool = configuration.Document.Overlay.Overlays.Where(overlay => overlay.NetworkKey == PublicKeyText.Format(network.PublicKey))
            .Select(overlay => OverlayNumbers.ToPool(overlay.Prefix)).FirstOrDefault() ?? OverlayIPv4Pool.Default;
        MembershipCertificate certificate = context.Networks.Issue(
            network.Name, key, request.Name.ToLowerInvariant(), [.. (request.Groups ?? []).Select(group => group.ToLowerInvariant())], addresses,
            [.. (request.Subnets ?? []).Select(OverlayNumbers.ToNetwork)], request.ValidFor, pool);
        Tell("OverlayCertificateIssued", $"Network '{network.Name}' issued certificate {certificate.Serial} to '{certificate.Name}' until {certificate.NotAfter.UtcDateTime:yyyy-MM-dd}.", certificate.Name, actor);
        return Public(certificate, network);
    }

    /// <summary>Lists certificates.</summary>
    public OverlayCertificate[] ListCertificates(ListOverlayCertificates request)
    {
        StoredNetwork[] networks = [.. context.Networks.List().Where(network => request.Network is null || NameFilter.Matches([request.Network], network.Name))];
        if (request.Network is { } name && NameFilter.IsLiteral(name) && networks.Length == 0)
        {
            _ = context.Networks.Get(name);
        }

        return [.. networks.SelectMany(network => NetworkStore.All(network).Select(certificate => Public(certificate, network)))
            .Where(certificate => NameFilter.Matches(request.Names, certificate.Name) || request.Names!.Contains(certificate.NodeId))];
    }

    /// <summary>Revokes certificates.</summary>
    public OverlayCertificate[] RevokeCertificates(Actor actor, RevokeOverlayCertificates request)
    {
        if (request.Serials.Length == 0)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "No certificate was given.", "serials");
        }

        RevocationList list = context.Networks.Revoke(request.Network, request.Serials);
        StoredNetwork network = context.Networks.Get(request.Network);
        context.Revocations.Offer(network.PublicKey, list.Encode());
        Tell("OverlayCertificateRevoked", $"Network '{network.Name}' revoked {string.Join(", ", request.Serials.Select(serial => $"certificate {serial}"))}; revocation list {list.Sequence} goes to its members.", network.Name, actor);
        overlays.RebuildAll();
        return [.. NetworkStore.All(network).Where(certificate => request.Serials.Contains((long)certificate.Serial)).Select(certificate => Public(certificate, network))];
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static OverlayCertificate Public(MembershipCertificate certificate, StoredNetwork network) => new()
    {
        Network = network.Name,
        Serial = (long)certificate.Serial,
        Name = certificate.Name,
        NodeId = certificate.Node.ToString(),
        PublicKey = PublicKeyText.Format(certificate.NodeKey),
        Groups = [.. certificate.Groups],
        Addresses = [.. certificate.Addresses.Select(address => address.ToString())],
        Subnets = [.. certificate.Subnets.Select(subnet => subnet.ToString()), .. certificate.Flags.HasFlag(MembershipFlags.DefaultGateway) ? ["0.0.0.0/0", "::/0"] : Array.Empty<string>()],
        NotBefore = certificate.NotBefore,
        NotAfter = certificate.NotAfter,
        IsRevoked = network.RevokedSerials.Contains(certificate.Serial),
        Text = certificate.ToText(),
    };

    private OverlayNetwork Public(StoredNetwork network) => new()
    {
        Name = network.Name,
        PublicKey = PublicKeyText.Format(network.PublicKey),
        CreatedAt = network.CreatedAt,
        Certificates = NetworkStore.Valid(network, context.Clock.GetUtcNow()).Count(),
        Revoked = network.RevokedSerials.Length,
        RevocationSequence = (long)network.RevocationSequence,
    };

    private OverlayIdentity Public(StoredIdentity identity) => IdentityStore.Public(identity, UsersOf(identity.Name));

    // A change that waits for its confirmation may be rolled back to a document that still uses it.
    private string[] UsersOf(string name) =>
    [
        .. configuration.Document.Overlay.Overlays.Concat(configuration.DocumentBeforeUnconfirmed?.Overlay.Overlays ?? [])
            .Where(overlay => Same(overlay.Identity, name)).Select(overlay => overlay.Name).Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    private void Tell(string id, string message, string target, Actor actor) =>
        context.Events.Publish(id, "overlay", EventSeverity.Information, message, target, actor.Name);
}
