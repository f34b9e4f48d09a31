namespace Net.Engine.Overlay.Stores;

/// <summary>Invitations that were made here, and nodes that asked to join.</summary>
internal sealed class JoinStore
{
    private const string InvitationsFile = "invitations";
    private const string RequestsFile = "requests";

    // Enough for people to decide about; more would be a flood, of which the oldest decided ones go first.
    private const int MaxRequests = 1000;

    private readonly Lock _gate = new();
    private readonly OverlayFiles _files;
    private readonly TimeProvider _clock;

    /// <summary>Opens the store in a state folder.</summary>
    public JoinStore(string stateFolder, TimeProvider clock)
    {
        _files = new OverlayFiles(stateFolder, "joining");
        _clock = clock;
    }

    /// <summary>All invitations; the secrets of those that expired are erased on the way.</summary>
    public IReadOnlyList<StoredInvitation> Invitations()
    {
        lock (_gate)
        {
            StoredInvitation[] all = ReadInvitations();
            DateTimeOffset now = _clock.GetUtcNow();
            if (all.Any(one => one.Content.Length > 0 && one.ExpiresAt <= now))
            {
                all = [.. all.Select(one => one.ExpiresAt <= now ? one with { Content = [] } : one)];
                WriteInvitations(all);
            }

            return all;
        }
    }

    /// <summary>Keeps an invitation.</summary>
    public void Add(StoredInvitation invitation)
    {
        lock (_gate)
        {
            // What expired a month ago tells nobody anything.
            WriteInvitations([.. ReadInvitations().Where(one => one.ExpiresAt > _clock.GetUtcNow().AddDays(-30)), invitation]);
        }
    }

    /// <summary>Marks an invitation as used by a node, once and for all.</summary>
    /// <returns>False when another node used it before.</returns>
    public bool TryUse(string id, byte[] publicKey)
    {
        lock (_gate)
        {
            StoredInvitation[] all = ReadInvitations();
            int index = Array.FindIndex(all, one => one.Id == id);
            if (index < 0 || (all[index].UsedBy is { } other && !other.AsSpan().SequenceEqual(publicKey)))
            {
                return false;
            }

            all[index] = all[index] with { UsedBy = publicKey };
            WriteInvitations(all);
            return true;
        }
    }

    /// <summary>All requests, oldest first.</summary>
    public IReadOnlyList<StoredJoinRequest> Requests()
    {
        lock (_gate)
        {
            return ReadRequests();
        }
    }

    /// <summary>Keeps a request, or replaces the one of the same id.</summary>
    public void Put(StoredJoinRequest request)
    {
        lock (_gate)
        {
            List<StoredJoinRequest> all = [.. ReadRequests().Where(one => one.Id != request.Id), request];
            while (all.Count > MaxRequests)
            {
                int decided = all.FindIndex(one => one.State != Net.Contracts.JoinState.Pending);
                all.RemoveAt(Math.Max(0, decided));
            }

            _files.Write<StoredJoinRequest[]>(RequestsFile, [.. all], OverlayStateJsonContext.Default.StoredJoinRequestArray);
        }
    }

    private StoredInvitation[] ReadInvitations() => _files.Read(InvitationsFile, OverlayStateJsonContext.Default.StoredInvitationArray) ?? [];

    private void WriteInvitations(StoredInvitation[] all) => _files.Write(InvitationsFile, all, OverlayStateJsonContext.Default.StoredInvitationArray);

    private StoredJoinRequest[] ReadRequests() => _files.Read(RequestsFile, OverlayStateJsonContext.Default.StoredJoinRequestArray) ?? [];
}
