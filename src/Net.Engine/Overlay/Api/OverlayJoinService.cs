using System.Net;
using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Engine.Overlay.Model;
using Net.Engine.Overlay.Runtime;
using Net.Engine.Overlay.Stores;
using Net.Overlay.Control;
using Net.Overlay.Identity;
using Net.Overlay.Membership;
using Net.Platform;

namespace Net.Engine.Overlay.Api;

/// <summary>Serves the API of invitations and joining.</summary>
internal sealed class OverlayJoinService(ConfigurationManager configuration, OverlaySubsystem overlays, OverlayService service, OverlayContext context)
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    /// <summary>The name of the peer a node joins through. Its certificate's name is not known before.</summary>
    public const string IssuerName = "issuer";

    /// <summary>Makes an invitation.</summary>
    public OverlayInvitation Invite(Actor actor, CreateOverlayInvitation request)
    {
        OverlaySettings settings = service.Get(request.Overlay);
        OverlayRuntime runtime = overlays.Running(settings.Name);
        string[] endpoints = request.Endpoints is { Length: > 0 } given ? given : OwnEndpoints(runtime);
        OverlayInvitation invitation = overlays.Joining.Invite(settings, context.Identities.Get(settings.Identity).PublicKey, endpoints, request);
        runtime.Rebuild();
        context.Events.Publish("OverlayInvitationCreated", "overlay", EventSeverity.Information, $"Invitation {invitation.Id} into overlay '{settings.Name}' was made; it holds until {invitation.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.", settings.Name, actor.Name);
        return invitation;
    }

    /// <summary>Lists nodes that asked to join.</summary>
    public OverlayJoinRequest[] List(ListOverlayJoinRequests request) =>
        [.. context.Joins.Requests().Where(one => request.Overlay is null || NameFilter.Matches([request.Overlay], one.Overlay)).Select(Public)];

    /// <summary>Decides about a node.</summary>
    public OverlayJoinRequest Decide(DecideOverlayJoinRequest request)
    {
        StoredJoinRequest stored = context.Joins.Requests().FirstOrDefault(one => string.Equals(one.Id, request.Id, StringComparison.OrdinalIgnoreCase))
            ?? throw new EngineException(ErrorCatalogue.OverlayJoinRequestNotFound, $"Nobody asked to join under '{request.Id}'.", request.Id);
        OverlaySettings? settings = configuration.Document.Overlay.Overlays.FirstOrDefault(one => string.Equals(one.Name, stored.Overlay, StringComparison.OrdinalIgnoreCase));
        (StoredJoinRequest decided, JoinReply answer) = overlays.Joining.Decide(settings, stored, request.Approve);
        if (overlays.Runtimes.TryGetValue(stored.Overlay, out OverlayRuntime? runtime))
        {
            runtime.AnswerJoin(stored.PublicKey, OverlayJoining.Frame(answer));
        }

        return Public(decided);
    }

    /// <summary>Joins a network: makes the overlay, asks, and waits for the certificate.</summary>
    public async Task<OverlaySettings> JoinAsync(Actor actor, JoinOverlay request, CancellationToken cancellationToken)
    {
        if (!Invitation.TryParse(request.Invitation.Trim(), out Invitation? invitation, out string? problem))
        {
            throw new EngineException(ErrorCatalogue.OverlayInvitationInvalid, $"The invitation cannot be read: {problem}.");
        }

        if (invitation.Expires <= context.Clock.GetUtcNow())
        {
            throw new EngineException(ErrorCatalogue.OverlayInvitationInvalid, $"The invitation expired at {invitation.Expires.UtcDateTime:yyyy-MM-dd HH:mm} UTC.");
        }

        string name = request.Overlay ?? invitation.OverlayName ?? "overlay";
        if (configuration.Document.Overlay.Overlays.Any(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new EngineException(ErrorCatalogue.OverlayExists, $"An overlay named '{name}' exists already; give the one to join another name.", name);
        }

        StoredIdentity identity = FreeIdentity(name);
        byte[] nodeKey = identity.PublicKey;
        Task<JoinReply> answer = overlays.Joining.Ask(name, invitation, nodeKey, OverlayView.LabelOf(request.NodeName ?? context.Host.HostName));
        try
        {
            await configuration.ChangeAsync(actor, new ChangeOptions { Comment = $"join the network of overlay '{name}'" },
                document => document with { Overlay = document.Overlay with { Overlays = [.. document.Overlay.Overlays, Joined(name, identity.Name, invitation, document)] } }, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            overlays.Joining.GiveUp(name);
            throw;
        }

        try
        {
            JoinReply reply = await answer.WaitAsync(request.Timeout ?? DefaultPatience, context.Clock, cancellationToken).ConfigureAwait(false);
            if (reply.Status == JoinStatus.Refused)
            {
                await configuration.ChangeAsync(Actor.Engine, new ChangeOptions { Comment = $"joining overlay '{name}' was refused" },
                    document => document with { Overlay = document.Overlay with { Overlays = [.. document.Overlay.Overlays.Where(one => !string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase))] } }, CancellationToken.None).ConfigureAwait(false);
                throw new EngineException(ErrorCatalogue.OverlayJoinFailed, $"The network could not be joined: {reply.Reason}.", name);
            }
        }
        catch (TimeoutException) when (invitation.NeedsApproval)
        {
            // It goes on by itself; the overlay's reason says what it waits for.
        }
        catch (TimeoutException exception)
        {
            string reason = overlays.Runtimes.GetValueOrDefault(name)?.Peers().FirstOrDefault(peer => peer.Name == IssuerName)?.StateReason ?? "the overlay does not run";
            throw new EngineException(ErrorCatalogue.OverlayJoinFailed, $"Nobody answered in time ({reason}). It is tried on; remove overlay '{name}' to give up.", name, exception);
        }

        return overlays.Describe(service.Get(name));
    }

    // Overlay addresses follow from the key: two overlays with one key would want the same addresses, and a node in two networks is better not the same in both.
    private StoredIdentity FreeIdentity(string overlay)
    {
        bool isUsed = configuration.Document.Overlay.Overlays.Any(one => string.Equals(one.Identity, IdentityStore.DefaultName, StringComparison.OrdinalIgnoreCase));
        return !isUsed ? context.Identities.Get(IdentityStore.DefaultName) : context.Identities.Find(overlay) ?? context.Identities.Create(overlay);
    }

    private static OverlaySettings Joined(string name, string identity, Invitation invitation, NetConfiguration document) => new()
    {
        Name = name,
        Identity = identity,
        NetworkKey = PublicKeyText.Format(invitation.NetworkKey),
        ListenPort = document.Overlay.Overlays.Any(one => one.ListenPort == new OverlaySettings { Name = name }.ListenPort) ? 0 : new OverlaySettings { Name = name }.ListenPort,
        Peers = [new OverlayPeer { Name = IssuerName, PublicKey = PublicKeyText.Format(invitation.IssuerKey), Endpoints = [.. invitation.Endpoints] }],
    };

    private static OverlayJoinRequest Public(StoredJoinRequest request) => new(
        request.Id, request.Overlay, request.Name, NodeId.FromPublicKey(request.PublicKey).ToString(), PublicKeyText.Format(request.PublicKey), request.RemoteEndpoint, request.State, request.Time);

    private string[] OwnEndpoints(OverlayRuntime runtime)
    {
        int port = IPEndPoint.Parse(runtime.Describe(runtime.Settings).ListenEndpoint ?? "0.0.0.0:0").Port;
        HashSet<int> devices = [.. context.NetworkState.GetLinks().Where(link => overlays.Runtimes.Values.Any(one => one.View.InterfaceName == link.Name)).Select(link => link.Index)];
        return
        [
            .. context.NetworkState.GetAddresses()
                .Where(address => !devices.Contains(address.InterfaceIndex) && address.Scope == RouteScope.Universe && !IPAddress.IsLoopback(address.Address) && !address.Address.IsIPv6LinkLocal)
                .Select(address => new IPEndPoint(address.Address, port).ToString()).Distinct().Take(Invitation.MaxEndpoints),
        ];
    }
}
