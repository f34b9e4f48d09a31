using Net.Contracts;
using Net.Engine.Overlay.Model;
using Net.Overlay.Identity;
using Net.Overlay.Membership;
using Net.Workers.Overlay;

namespace Net.Engine.Overlay.Runtime;

/// <content>Who may take part.</content>
internal sealed partial class OverlayRuntime
{
    // Peers that come without being in the document: more than this is a flood.
    private const int MaxFirstUse = 100;

    private readonly Dictionary<string, MembershipCertificate> _members = [];
    private readonly List<OverlayPeer> _firstUse = [];
    private readonly HashSet<string> _firstUseKeys = [];
    private readonly Dictionary<string, ModelPrefix[]> _advertised = [];
    private readonly Dictionary<string, long> _joinQuestions = [];

    /// <summary>Answers a node whose join request waited for a decision, if it still does.</summary>
    public void AnswerJoin(byte[] publicKey, byte[] frame)
    {
        long? question;
        lock (_gate)
        {
            question = _joinQuestions.Remove(Convert.ToHexStringLower(publicKey), out long id) ? id : null;
        }

        if (question is { } number)
        {
            _supervisor?.TrySend(new AnswerJoin(number, frame, IsLast: true));
        }
    }

    private void RememberJoin(JoinRequested request, bool isAnswered)
    {
        lock (_gate)
        {
            string key = Convert.ToHexStringLower(request.PublicKey);
            if (isAnswered)
            {
                _joinQuestions.Remove(key);
            }
            else if (_joinQuestions.Count < 1000)
            {
                _joinQuestions[key] = request.RequestId;
            }
        }
    }

    private PeerAuthorized Authorize(AuthorizePeer request)
    {
        string reason = Judge(request, out bool isAllowed);
        if (isAllowed)
        {
            Rebuild();
            lock (_gate)
            {
                if (_view.FindPeer(request.PublicKey) is { } peer)
                {
                    return new PeerAuthorized(request.RequestId, _indexes.Of(request.PublicKey), reason);
                }

                reason = "another node has its name";
            }
        }

        _context.Events.Publish("OverlayPeerRefused", "overlay", EventSeverity.Warning, $"A node at {request.RemoteEndpoint} that calls itself '{OverlayView.LabelOf(request.Name)}' ({NodeId.FromPublicKey(request.PublicKey).ToShortString()}) was refused in overlay '{Settings.Name}': {reason}.", Settings.Name);
        return new PeerAuthorized(request.RequestId, null, reason);
    }

    // From the strongest trust to the weakest. The reason is told to the other side as well, so it gives nothing away.
    private string Judge(AuthorizePeer request, out bool isAllowed)
    {
        isAllowed = true;
        if (_view.FindPeer(request.PublicKey) is { } known && (known.Document?.PublicKey is not null || request.Certificate is null))
        {
            return "its key is known";
        }

        string? reason = null;
        if (request.Certificate is { } certificate)
        {
            reason = JudgeCertificate(request, certificate);
            if (reason is null)
            {
                return "it is a member of the network";
            }
        }

        if (request.Rotation is { Length: > 0 } rotation)
        {
            if (KeySuccession.TryFollow(rotation, request.PublicKey, IsTrustedKey, _context.Host.Crypto, out byte[]? oldKey, out string? problem))
            {
                FollowRotation(request, oldKey);
                return "a key that was trusted vouches for its key";
            }

            reason ??= problem;
        }

        if (Settings.TrustOnFirstUse && (reason is null || request.Certificate is null))
        {
            if (TrustFirstUse(request) is not { } refusal)
            {
                return "it was trusted at its first connection";
            }

            reason = refusal;
        }

        isAllowed = false;
        return reason ?? (_view.NetworkKey is not null ? "its key is not known here, and it showed no membership certificate" : "its key is not known here");
    }

    private string? JudgeCertificate(AuthorizePeer request, byte[] bytes)
    {
        if (_view.NetworkKey is not { } network)
        {
            return "this node trusts no network's certificates";
        }

        byte[] signedKey = request.PublicKey;
        if (MembershipCertificate.TryDecode(bytes, out MembershipCertificate? certificate, out _)
            && request.Rotation is { Length: > 0 } rotation
            && !certificate.NodeKey.AsSpan().SequenceEqual(request.PublicKey)
            && KeySuccession.TryFollow(rotation, request.PublicKey, key => key.AsSpan().SequenceEqual(certificate.NodeKey), _context.Host.Crypto, out byte[]? before, out _))
        {
            // The key was rotated after the certificate was issued; the certificate's own key vouches for the new one.
            signedKey = before;
        }

        MembershipCheck check = MembershipCertificate.CheckEncoded(bytes, _context.Clock.GetUtcNow(), network, signedKey, _context.Revocations.Find(network), _context.Host.Crypto, out certificate);
        if (!check.IsValid || certificate is null)
        {
            return check.Reason;
        }

        if (Settings.Peers.Any(peer => string.Equals(peer.Name, certificate.Name, StringComparison.OrdinalIgnoreCase)
            && peer.PublicKey is not null && !IsKeyOf(peer, request.PublicKey)))
        {
            return "another node has its name";
        }

        lock (_gate)
        {
            foreach ((string key, MembershipCertificate other) in _members.ToArray())
            {
                if (string.Equals(other.Name, certificate.Name, StringComparison.OrdinalIgnoreCase) && other.Serial <= certificate.Serial)
                {
                    _members.Remove(key);
                }
            }

            _members[Convert.ToHexStringLower(request.PublicKey)] = certificate;
        }

        return null;
    }

    private bool IsTrustedKey(byte[] key) => Settings.Peers.Concat(_firstUse).Any(peer => peer.Enabled && IsKeyOf(peer, key));

    private static bool IsKeyOf(OverlayPeer peer, byte[] key) =>
        PublicKeyText.TryParse(peer.PublicKey, out byte[]? parsed, out _) && parsed.AsSpan().SequenceEqual(key);

    // The address stays: it is written down, because it does not follow from the new key.
    private void FollowRotation(AuthorizePeer request, byte[] oldKey)
    {
        EffectivePeer? before = _view.FindPeer(oldKey);
        string[] addresses = [.. (before?.Addresses ?? []).Select(address => address.ToString())];
        string text = PublicKeyText.Format(request.PublicKey);
        OverlayPeer Replace(OverlayPeer peer) => peer with { PublicKey = text, Addresses = peer.Addresses.Length > 0 ? peer.Addresses : addresses };
        OverlaySettings Edit(OverlaySettings settings) => settings with { Peers = [.. settings.Peers.Select(peer => IsKeyOf(peer, oldKey) ? Replace(peer) : peer)] };
        lock (_gate)
        {
            // At once in force; the document follows as soon as it may be changed.
            Settings = Edit(Settings);
            int index = _firstUse.FindIndex(peer => IsKeyOf(peer, oldKey));
            if (index >= 0)
            {
                _firstUse[index] = Replace(_firstUse[index]);
            }
        }

        string name = before?.Name ?? OverlayView.LabelOf(request.Name);
        _context.Edits.TryQueue(Settings.Name, $"key of peer '{name}' was rotated", Edit);
        _context.Events.Publish("OverlayPeerKeyRotated", "overlay", EventSeverity.Warning, $"Peer '{name}' of overlay '{Settings.Name}' has a new key, {NodeId.FromPublicKey(request.PublicKey).ToShortString()}, that its old one ({NodeId.FromPublicKey(oldKey).ToShortString()}) vouches for.", name);
    }

    private string? TrustFirstUse(AuthorizePeer request)
    {
        OverlayPeer peer;
        lock (_gate)
        {
            if (_firstUse.Count >= MaxFirstUse)
            {
                return "too many nodes came for the first time";
            }

            string name = OverlayView.LabelOf(request.Name);
            for (int number = 2; _view.FindPeer(name) is not null || name == OverlayView.Self; number++)
            {
                name = $"{OverlayView.LabelOf(request.Name)}-{number}";
            }

            peer = new OverlayPeer { Name = name, PublicKey = PublicKeyText.Format(request.PublicKey) };
            _firstUse.Add(peer);
            _firstUseKeys.Add(Convert.ToHexStringLower(request.PublicKey));
        }

        _context.Edits.TryQueue(Settings.Name, $"peer '{peer.Name}' was trusted at its first connection", settings =>
            settings.Peers.Any(one => one.PublicKey == peer.PublicKey || string.Equals(one.Name, peer.Name, StringComparison.OrdinalIgnoreCase)) ? null : settings with { Peers = [.. settings.Peers, peer] });
        _context.Events.Publish("OverlayPeerTrusted", "overlay", EventSeverity.Warning, $"Overlay '{Settings.Name}' trusts '{peer.Name}' ({NodeId.FromPublicKey(request.PublicKey)}) from its first connection, from {request.RemoteEndpoint}.", peer.Name);
        return null;
    }
}
