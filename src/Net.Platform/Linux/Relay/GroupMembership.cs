using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Net.Platform.Linux;

/// <summary>Group memberships of this host, each of one interface. The kernel limits how many one socket may have (net.ipv4.igmp_max_memberships, 20 by default; net.core.optmem_max),
/// so they are spread over as many sockets as it takes; the sockets receive nothing. Memberships end with this object. Members may be called from any thread.</summary>
[SupportedOSPlatform("linux")]
public sealed class GroupMembership : IDisposable
{
    // The kernel's own default, where the setting cannot be read.
    private const int DefaultMaximum = 20;

    // The kernel walks a socket's list for each join and leave: more would make many joins slow, however many it allowed.
    private const int LargestShard = 256;

    private readonly Lock _gate = new();
    private readonly NetworkNamespace _home = NetworkNamespace.OpenCurrent();
    private readonly int _maximum;
    private readonly List<GroupMembershipShard> _shards = [];
    private readonly Dictionary<(int InterfaceIndex, IPAddress Group, IPAddress? Source), GroupMembershipShard> _members = [];
    private bool _isDisposed;

    /// <summary>Makes one without memberships, in the network namespace of the calling thread.</summary>
    /// <param name="maximumPerSocket">Memberships per socket at most; null for what the kernel's setting allows now, 256 at most.</param>
    public GroupMembership(int? maximumPerSocket = null)
    {
        _maximum = Math.Clamp(maximumPerSocket ?? ReadMaximum(), 1, LargestShard);
    }

    /// <summary>Number of sockets in use.</summary>
    public int SocketCount
    {
        get
        {
            lock (_gate)
            {
                return _shards.Count;
            }
        }
    }

    /// <summary>Number of memberships.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _members.Count;
            }
        }
    }

    /// <summary>Joins a group on an interface. One that is joined already stays so.</summary>
    /// <param name="interfaceIndex">Index of the interface.</param>
    /// <param name="group">The group.</param>
    /// <param name="source">The one source that is wanted; null for all.</param>
    /// <returns>Null when it is joined, otherwise why not, as one sentence.</returns>
    public string? Join(int interfaceIndex, IPAddress group, IPAddress? source = null)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (source is not null && source.AddressFamily != group.AddressFamily)
        {
            return $"{source} and {group} are not of one family.";
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_members.ContainsKey((interfaceIndex, group, source)))
            {
                return null;
            }

            // The newest first: it is the one with room, unless something was left.
            for (int i = _shards.Count - 1; i >= 0; i--)
            {
                GroupMembershipShard shard = _shards[i];
                if (shard.Family == group.AddressFamily && !shard.IsFull && shard.MayHold(interfaceIndex, group, source))
                {
                    switch (shard.Join(interfaceIndex, group, source))
                    {
                        case GroupJoinResult.Joined:
                            _members.Add((interfaceIndex, group, source), shard);
                            return null;
                        case GroupJoinResult.Refused:
                            return shard.LastError;
                        default:
                            // Full, either as a whole or for this group's sources: the next one.
                            break;
                    }
                }
            }

            return JoinOnNewSocket(interfaceIndex, group, source);
        }
    }

    /// <summary>Leaves a group. Nothing happens when it was not joined; it works for an interface that is gone as well.</summary>
    /// <param name="interfaceIndex">Index of the interface.</param>
    /// <param name="group">The group.</param>
    /// <param name="source">The source it was joined for; null for all.</param>
    public void Leave(int interfaceIndex, IPAddress group, IPAddress? source = null)
    {
        ArgumentNullException.ThrowIfNull(group);
        lock (_gate)
        {
            if (!_members.Remove((interfaceIndex, group, source), out GroupMembershipShard? shard))
            {
                return;
            }

            shard.Leave(interfaceIndex, group, source);
            if (shard.Count == 0)
            {
                _shards.Remove(shard);
                shard.Dispose();
            }
        }
    }

    /// <summary>Reads what the kernel has joined on all interfaces, by whichever program: /proc/net/igmp and /proc/net/igmp6 of the namespace this object was made in.</summary>
    /// <returns>Interfaces and groups.</returns>
    /// <exception cref="IOException">They cannot be read.</exception>
    public IReadOnlySet<(int InterfaceIndex, IPAddress Group)> ReadKernelGroups() => _home.Run(() =>
    {
        HashSet<(int, IPAddress)> groups = [];

        // A namespace without IPv6 has no igmp6.
        GroupMembershipReader.ReadIPv4(File.ReadLines("/proc/thread-self/net/igmp"), groups);
        if (File.Exists("/proc/thread-self/net/igmp6"))
        {
            GroupMembershipReader.ReadIPv6(File.ReadLines("/proc/thread-self/net/igmp6"), groups);
        }

        return groups;
    });

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _shards.ForEach(shard => shard.Dispose());
            _shards.Clear();
            _members.Clear();
            _home.Dispose();
        }
    }

    private static int ReadMaximum()
    {
        try
        {
            return int.TryParse(File.ReadAllText("/proc/sys/net/ipv4/igmp_max_memberships").AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int maximum) ? maximum : DefaultMaximum;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return DefaultMaximum;
        }
    }

    private string? JoinOnNewSocket(int interfaceIndex, IPAddress group, IPAddress? source)
    {
        AddressFamily family = group.AddressFamily;
        GroupMembershipShard shard = _home.Run(() => new GroupMembershipShard(family, _maximum));
        GroupJoinResult result = shard.IsOpen ? shard.Join(interfaceIndex, group, source) : GroupJoinResult.Refused;
        if (result == GroupJoinResult.Joined)
        {
            _shards.Add(shard);
            _members.Add((interfaceIndex, group, source), shard);
            return null;
        }

        shard.Dispose();
        return result == GroupJoinResult.Full
            ? family == AddressFamily.InterNetwork
                ? "The kernel allows a socket not even one membership: see net.ipv4.igmp_max_memberships, net.ipv4.igmp_max_msf and net.core.optmem_max."
                : "The kernel allows a socket not even one membership: see net.ipv6.mld_max_msf and net.core.optmem_max."
            : shard.LastError;
    }
}
