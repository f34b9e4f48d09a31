using Net.Contracts;

namespace Net.Engine.Overlay.Stores;

/// <summary>Invitations that were made here, nodes that asked to join, and joins this node asked for itself. Kept in memory as well, because each model asks.</summary>
internal sealed class JoinStore
{
    private const string InvitationsFile = "invitations";
    private const string RequestsFile = "requests";
    private const string OutgoingFile = "outgoing";

    // Enough for people to decide about; more would be a flood, of which those already decided go first.
    private const int MaxRequests = 1000;

    // What expired this long ago tells nobody anything.
    private static readonly TimeSpan KeepExpired = TimeSpan.FromDays(30);

    private readonly Lock _gate = new();
    private readonly OverlayFiles _files;
    private readonly TimeProvider _clock;
    private StoredInvitation[] _invitations;
    private StoredJoinRequest[] _requests;
    private StoredOutgoingJoin[] _outgoing;

    /// <summary>Opens the store in a state folder.</summary>
    public JoinStore(string stateFolder, TimeProvider clock)
    {
        _files = new OverlayFiles(stateFolder, "joining");
        _clock = clock;
        _invitations = _files.Read(InvitationsFile, OverlayStateJsonContext.Default.StoredInvitationArray) ?? [];
        _requests = _files.Read(RequestsFile, OverlayStateJsonContext.Default.StoredJoinRequestArray) ?? [];
        _outgoing = _files.Read(OutgoingFile, OverlayStateJsonContext.Default.StoredOutgoingJoinArray) ?? [];
    }

    /// <summary>All invitations; the secrets of those that expired are erased on the way.</summary>
    public IReadOnlyList<StoredInvitation> Invitations()
    {
        lock (_gate)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            if (_invitations.Any(one => one.Content.Length > 0 && one.ExpiresAt <= now))
            {
                Write([.. _invitations.Select(one => one.ExpiresAt <= now ? one with { Content = [] } : one)]);
            }

            return _invitations;
        }
    }

    /// <summary>Whether an invitation to an overlay can still be used.</summary>
    public bool IsInviting(string overlay) =>
        Invitations().Any(one => one.Content.Length > 0 && string.Equals(one.Overlay, overlay, StringComparison.OrdinalIgnoreCase));

    /// <summary>Keeps an invitation.</summary>
    public void Add(StoredInvitation invitation)
    {
        lock (_gate)
        {
            Write([.. _invitations.Where(one => one.ExpiresAt > _clock.GetUtcNow() - KeepExpired), invitation]);
        }
    }

    /// <summary>Marks an invitation as used by a node, once and for all.</summary>
    /// <returns>False when another node used it before.</returns>
    public bool TryUse(string id, byte[] publicKey)
    {
        lock (_gate)
        {
            int index = Array.FindIndex(_invitations, one => one.Id == id);
            if (index < 0 || (_invitations[index].UsedBy is { } other && !other.AsSpan().SequenceEqual(publicKey)))
            {
                return false;
            }

            StoredInvitation[] all = [.. _invitations];
            all[index] = all[index] with { UsedBy = publicKey };
            Write(all);
            return true;
        }
    }

    /// <summary>Erases the secret of an invitation, because what was asked with it is decided.</summary>
    public void Erase(string id)
    {
        lock (_gate)
        {
            if (_invitations.Any(one => one.Id == id && one.Content.Length > 0))
            {
                Write([.. _invitations.Select(one => one.Id == id ? one with { Content = [] } : one)]);
            }
        }
    }

    /// <summary>All requests, oldest first.</summary>
    public IReadOnlyList<StoredJoinRequest> Requests()
    {
        lock (_gate)
        {
            return _requests;
        }
    }

    /// <summary>Keeps a request, or replaces the one of the same id.</summary>
    public void Put(StoredJoinRequest request)
    {
        lock (_gate)
        {
            List<StoredJoinRequest> all = [.. _requests.Where(one => one.Id != request.Id), request];
            while (all.Count > MaxRequests)
            {
                all.RemoveAt(Math.Max(0, all.FindIndex(one => one.State != JoinState.Pending)));
            }

            StoredJoinRequest[] next = [.. all];
            _files.Write(RequestsFile, next, OverlayStateJsonContext.Default.StoredJoinRequestArray);
            _requests = next;
        }
    }

    /// <summary>The join an overlay asks for; null when it does not.</summary>
    public StoredOutgoingJoin? FindOutgoing(string overlay)
    {
        lock (_gate)
        {
            return _outgoing.FirstOrDefault(one => string.Equals(one.Overlay, overlay, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>Keeps a join this node asks for, or forgets the one of an overlay.</summary>
    /// <param name="overlay">The overlay.</param>
    /// <param name="join">The join; null forgets it.</param>
    public void SetOutgoing(string overlay, StoredOutgoingJoin? join)
    {
        lock (_gate)
        {
            StoredOutgoingJoin[] next = [.. _outgoing.Where(one => !string.Equals(one.Overlay, overlay, StringComparison.OrdinalIgnoreCase)), .. join is null ? [] : new[] { join }];
            _files.Write(OutgoingFile, next, OverlayStateJsonContext.Default.StoredOutgoingJoinArray);
            _outgoing = next;
        }
    }

    private void Write(StoredInvitation[] next)
    {
        _files.Write(InvitationsFile, next, OverlayStateJsonContext.Default.StoredInvitationArray);
        _invitations = next;
    }
}
