using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Net.Contracts;
using Net.Engine.Overlay.Model;
using Net.Engine.Overlay.Stores;
using Net.Overlay.Control;
using Net.Overlay.Identity;
using Net.Overlay.Membership;

namespace Net.Engine.Overlay.Runtime;

/// <summary>Both sides of joining a network: whoever invites checks the one-time secret and issues a certificate, whoever was invited asks until it is answered.</summary>
internal sealed class OverlayJoining(OverlayContext context)
{
    /// <summary>How long an invitation holds when nobody says.</summary>
    public static readonly TimeSpan DefaultValidity = TimeSpan.FromDays(1);

    private static readonly TimeSpan LongestValidity = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<JoinReply>> _waiting = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes an invitation.</summary>
    /// <param name="settings">The overlay it leads into.</param>
    /// <param name="issuerKey">This node's key.</param>
    /// <param name="endpoints">Where this node is reached.</param>
    /// <param name="request">What was asked for.</param>
    public OverlayInvitation Invite(OverlaySettings settings, byte[] issuerKey, string[] endpoints, CreateOverlayInvitation request)
    {
        StoredNetwork network = NetworkOf(settings);
        TimeSpan validity = request.ValidFor ?? DefaultValidity;
        if (validity < TimeSpan.FromMinutes(1) || validity > LongestValidity)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "An invitation holds for 1 minute to 30 days.", "validFor");
        }

        if (endpoints.Length == 0 || endpoints.FirstOrDefault(endpoint => !OverlayChecks.IsEndpoint(endpoint)) is { })
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "Give at least one endpoint, host:port, where this node can be reached.", "endpoints");
        }

        string[] groups = [.. (request.Groups ?? []).Select(group => group.ToLowerInvariant())];
        if (groups.FirstOrDefault(group => !Labels.IsLabel(group)) is { } wrong)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"'{wrong}' cannot be the name of a group.", "groups");
        }

        var invitation = new Invitation
        {
            NetworkKey = network.PublicKey,
            IssuerKey = issuerKey,
            Endpoints = [.. endpoints.Take(Invitation.MaxEndpoints)],
            Secret = RandomNumberGenerator.GetBytes(Invitation.SecretBytes),
            Expires = DateTimeOffset.FromUnixTimeSeconds((context.Clock.GetUtcNow() + validity).ToUnixTimeSeconds()),
            NeedsApproval = request.NeedsApproval,
            OverlayName = settings.Name.ToLowerInvariant(),
        };
        string id = IdText(invitation.Id);
        context.Joins.Add(new StoredInvitation
        {
            Id = id,
            Overlay = settings.Name,
            Content = invitation.Encode(),
            ExpiresAt = invitation.Expires,
            NeedsApproval = request.NeedsApproval,
            Groups = groups,
        });
        return new OverlayInvitation(id, settings.Name, invitation.ToText(), invitation.Expires, request.NeedsApproval, groups);
    }

    /// <summary>Judges a node that asks to join.</summary>
    /// <returns>The answer; the session ends after it unless it waits for a decision.</returns>
    public JoinReply Judge(OverlaySettings settings, byte[] publicKey, byte[] frame, string remoteEndpoint)
    {
        if (Read(frame) is not JoinRequestMessage { Request: { } request })
        {
            return Refusal("the request cannot be read");
        }

        string id = IdText(request.InvitationId);
        string requestId = $"{id[..8]}-{NodeId.FromPublicKey(publicKey).ToShortString()[3..]}";
        StoredJoinRequest? before = context.Joins.Requests().FirstOrDefault(one => one.Id == requestId && one.PublicKey.AsSpan().SequenceEqual(publicKey));
        StoredInvitation? stored = context.Joins.Invitations().FirstOrDefault(one => one.Id == id && string.Equals(one.Overlay, settings.Name, StringComparison.OrdinalIgnoreCase));
        if (stored is null || !Invitation.TryDecode(stored.Content, out Invitation? invitation, out _))
        {
            // The secret of a decided request is erased; whoever asks again proves by the handshake to have the key it was decided for.
            return before is { State: not JoinState.Pending } ? AnswerOf(before) : Refusal("the invitation is not known here, was used, or has expired");
        }

        bool isUsedByOther = stored.UsedBy is { } user && !user.AsSpan().SequenceEqual(publicKey);
        JoinCheck check = invitation.Check(request, publicKey, isUsedByOther, context.Clock.GetUtcNow());
        if (check.Verdict is not (JoinVerdict.Granted or JoinVerdict.NeedsApproval))
        {
            context.Events.Publish("OverlayJoinDecided", "overlay", EventSeverity.Warning, $"A node at {remoteEndpoint} was refused to join overlay '{settings.Name}': {check.Reason}.", settings.Name);
            return Refusal(check.Reason);
        }

        if (before is not null)
        {
            return AnswerOf(before);
        }

        if (!context.Joins.TryUse(id, publicKey))
        {
            return Refusal("another node used the invitation");
        }

        var asked = new StoredJoinRequest
        {
            Id = requestId,
            Overlay = settings.Name,
            InvitationId = id,
            Name = request.Name,
            PublicKey = publicKey,
            RemoteEndpoint = remoteEndpoint,
            Groups = stored.Groups,
            State = JoinState.Pending,
            Time = context.Clock.GetUtcNow(),
        };
        context.Joins.Put(asked);
        if (check.Verdict == JoinVerdict.NeedsApproval)
        {
            context.Events.Publish("OverlayJoinRequested", "overlay", EventSeverity.Warning, $"'{request.Name}' ({NodeId.FromPublicKey(publicKey).ToShortString()}, at {remoteEndpoint}) asks to join overlay '{settings.Name}'; the request {requestId} waits for a decision.", requestId);
            return AnswerOf(asked);
        }

        return AnswerOf(Grant(settings, asked));
    }

    /// <summary>Decides a request.</summary>
    /// <returns>The request as it stands now, and the answer to the node.</returns>
    public (StoredJoinRequest Request, JoinReply Answer) Decide(OverlaySettings? settings, StoredJoinRequest request, bool approve)
    {
        if (request.State != JoinState.Pending)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"The request '{request.Id}' is {request.State.ToString().ToLowerInvariant()} already.", request.Id);
        }

        StoredJoinRequest decided;
        if (approve)
        {
            decided = Grant(settings ?? throw new EngineException(ErrorCatalogue.OverlayNotFound, $"No overlay is named '{request.Overlay}'.", request.Overlay), request);
        }
        else
        {
            decided = request with { State = JoinState.Denied };
            context.Joins.Put(decided);
            context.Joins.Erase(decided.InvitationId);
            context.Events.Publish("OverlayJoinDecided", "overlay", EventSeverity.Information, $"'{request.Name}' was denied to join overlay '{request.Overlay}'.", request.Id);
        }

        return (decided, AnswerOf(decided));
    }

    /// <summary>Keeps a join this node asks for, and gives what completes with its answer.</summary>
    public Task<JoinReply> Ask(string overlay, Invitation invitation, byte[] nodeKey, string name)
    {
        JoinRequest request = invitation.CreateRequest(nodeKey, name);
        context.Joins.SetOutgoing(overlay, new StoredOutgoingJoin(overlay, invitation.IssuerKey, ControlWriter.ToArray(new JoinRequestMessage(request))));
        var done = new TaskCompletionSource<JoinReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[overlay] = done;
        return done.Task;
    }

    /// <summary>Gives up a join.</summary>
    public void GiveUp(string overlay)
    {
        _waiting.TryRemove(overlay, out _);
        context.Joins.SetOutgoing(overlay, null);
    }

    /// <summary>The issuer answered.</summary>
    public void Answered(OverlaySettings settings, byte[] publicKey, byte[] frame)
    {
        if (Read(frame) is not JoinReply reply || context.Joins.FindOutgoing(settings.Name) is null)
        {
            return;
        }

        if (reply.Status == JoinStatus.Pending)
        {
            return;
        }

        context.Joins.SetOutgoing(settings.Name, null);
        if (reply.Status == JoinStatus.Granted)
        {
            reply = Accept(settings, publicKey, reply);
        }

        if (reply.Status == JoinStatus.Refused)
        {
            context.Events.Publish("OverlayJoinDecided", "overlay", EventSeverity.Error, $"This node was refused to join the network of overlay '{settings.Name}': {reply.Reason}.", settings.Name);
        }

        if (_waiting.TryRemove(settings.Name, out TaskCompletionSource<JoinReply>? waiting))
        {
            waiting.TrySetResult(reply);
        }
    }

    /// <summary>A frame of a reply.</summary>
    public static byte[] Frame(JoinReply reply) => ControlWriter.ToArray(reply);

    /// <summary>The network an overlay's certificates are of, whose key is here.</summary>
    /// <exception cref="EngineException">It is not.</exception>
    public StoredNetwork NetworkOf(OverlaySettings settings) =>
        (PublicKeyText.TryParse(settings.NetworkKey, out byte[]? key, out _) ? context.Networks.FindByKey(key) : null)
            ?? throw new EngineException(ErrorCatalogue.OverlayNetworkNotFound, $"The signing key of the network of overlay '{settings.Name}' is not on this engine.", settings.Name);

    private static string IdText(ulong id) => id.ToString("x16", CultureInfo.InvariantCulture);

    private static JoinReply Refusal(string reason) => new(JoinStatus.Refused, [], reason);

    private static JoinReply AnswerOf(StoredJoinRequest request) => request switch
    {
        { State: JoinState.Approved, Certificate: { } certificate } => new JoinReply(JoinStatus.Granted, certificate, string.Empty),
        { State: JoinState.Pending } => new JoinReply(JoinStatus.Pending, [], "somebody has to approve it"),
        _ => Refusal("it was denied"),
    };

    private static ControlMessage? Read(byte[] frame)
    {
        var reader = new ControlReader();
        reader.Append(frame);
        return reader.TryRead(out ControlMessage? message) == ControlReadResult.Message ? message : null;
    }

    private StoredJoinRequest Grant(OverlaySettings settings, StoredJoinRequest request)
    {
        StoredNetwork network = NetworkOf(settings);
        OverlayIPv4Pool pool = OverlayNumbers.ToPool(settings.Prefix) ?? OverlayIPv4Pool.Default;
        HashSet<string> names = [.. NetworkStore.Valid(network, context.Clock.GetUtcNow()).Where(one => !one.NodeKey.AsSpan().SequenceEqual(request.PublicKey)).Select(one => one.Name), .. settings.Peers.Select(peer => peer.Name.ToLowerInvariant())];
        string label = OverlayView.LabelOf(request.Name);
        string name = label;
        for (int number = 2; names.Contains(name) || name == OverlayView.Self; number++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{label}-{number}");
        }

        MembershipCertificate certificate = context.Networks.Issue(network.Name, request.PublicKey, name, request.Groups, null, [], null, pool);
        StoredJoinRequest granted = request with { Name = name, State = JoinState.Approved, Certificate = certificate.Encode() };
        context.Joins.Put(granted);
        context.Joins.Erase(granted.InvitationId);
        context.Events.Publish("OverlayJoinDecided", "overlay", EventSeverity.Information, $"'{name}' ({NodeId.FromPublicKey(request.PublicKey).ToShortString()}) joined overlay '{settings.Name}' with certificate {certificate.Serial} until {certificate.NotAfter.UtcDateTime:yyyy-MM-dd}.", request.Id);
        return granted;
    }

    private JoinReply Accept(OverlaySettings settings, byte[] publicKey, JoinReply reply)
    {
        byte[] network = PublicKeyText.TryParse(settings.NetworkKey, out byte[]? key, out _) ? key : [];
        MembershipCheck check = MembershipCertificate.CheckEncoded(reply.Certificate, context.Clock.GetUtcNow(), network, publicKey, null, context.Host.Crypto, out MembershipCertificate? certificate);
        if (!check.IsValid || certificate is null)
        {
            return Refusal($"the certificate that was granted cannot be used: {check.Reason}");
        }

        context.Edits.TryQueue(settings.Name, $"joined as '{certificate.Name}'", one => one with { Certificate = certificate.ToText() });
        context.Events.Publish("OverlayJoinDecided", "overlay", EventSeverity.Information, $"This node is a member of the network of overlay '{settings.Name}' as '{certificate.Name}' until {certificate.NotAfter.UtcDateTime:yyyy-MM-dd}.", settings.Name);
        return reply;
    }
}
