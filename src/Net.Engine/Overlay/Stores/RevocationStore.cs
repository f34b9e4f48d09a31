using Net.Engine.State;
using Net.Overlay.Membership;

namespace Net.Engine.Overlay.Stores;

/// <summary>The newest revocation list of each network, also of networks whose key is elsewhere, so that who was revoked stays so after a restart.</summary>
internal sealed class RevocationStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RevocationList> _lists = [];
    private readonly string _folder;
    private readonly IOverlayCrypto _crypto;

    /// <summary>Opens the store in a state folder.</summary>
    public RevocationStore(string stateFolder, IOverlayCrypto crypto)
    {
        _crypto = crypto;
        _folder = Path.Combine(stateFolder, "overlay", "revocations");
        PrivateFolder.Ensure(stateFolder);
        PrivateFolder.Ensure(Path.Combine(stateFolder, "overlay"));
        PrivateFolder.Ensure(_folder);
        AtomicFile.RemoveUnfinished(_folder);
    }

    /// <summary>The newest list of a network; null without one. A file that does not carry the network's signature counts for nothing.</summary>
    public RevocationList? Find(byte[] networkKey)
    {
        string key = Convert.ToHexStringLower(networkKey);
        lock (_gate)
        {
            if (!_lists.TryGetValue(key, out RevocationList? list)
                && File.Exists(PathOf(key))
                && RevocationList.TryDecode(File.ReadAllBytes(PathOf(key)), out list, out _)
                && list.Verify(networkKey, _crypto))
            {
                _lists[key] = list;
            }

            return _lists.GetValueOrDefault(key);
        }
    }

    /// <summary>Takes a list that somebody showed, if it is the network's and newer.</summary>
    /// <returns>The list; null when it was not taken.</returns>
    public RevocationList? Offer(byte[] networkKey, ReadOnlySpan<byte> bytes)
    {
        if (!RevocationList.TryDecode(bytes, out RevocationList? list, out _) || !list.Verify(networkKey, _crypto))
        {
            return null;
        }

        lock (_gate)
        {
            if (!list.Replaces(Find(networkKey)))
            {
                return null;
            }

            string key = Convert.ToHexStringLower(networkKey);
            AtomicFile.Write(PathOf(key), bytes);
            _lists[key] = list;
            return list;
        }
    }

    private string PathOf(string key) => Path.Combine(_folder, key + ".bin");
}
