using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>One socket with its memberships. Its owner's lock guards it.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class GroupMembershipShard : IDisposable
{
    private const int AddressOffsetV4 = 4;
    private const int AddressOffsetV6 = 8;

    private readonly SafeDescriptor _fd;
    private readonly int _maximum;
    private readonly Dictionary<(int InterfaceIndex, IPAddress Group), int> _sources = [];
    private readonly HashSet<(int InterfaceIndex, IPAddress Group)> _everySource = [];
    private readonly HashSet<(int InterfaceIndex, IPAddress Group)> _crowded = [];
    private bool _refusesMore;

    /// <summary>Opens the socket; it is never bound, so nothing arrives at it.</summary>
    /// <param name="family">IPv4 or IPv6.</param>
    /// <param name="maximum">Memberships at most. The sources of one group are one membership.</param>
    public GroupMembershipShard(AddressFamily family, int maximum)
    {
        Family = family;
        _maximum = maximum;
        _fd = Libc.socket(family == AddressFamily.InterNetwork ? Libc.AF_INET : Libc.AF_INET6, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
        if (_fd.IsInvalid)
        {
            int error = Marshal.GetLastPInvokeError();
            LastError = error is GroupApi.EMFILE or GroupApi.ENFILE
                ? "No file descriptor is left for another socket: raise LimitNOFILE of the service."
                : $"A socket for memberships could not be opened: {Libc.Describe(error)}.";
        }
    }

    /// <summary>IPv4 or IPv6.</summary>
    public AddressFamily Family { get; }

    /// <summary>Whether the socket could be opened.</summary>
    public bool IsOpen => !_fd.IsInvalid;

    /// <summary>Memberships: groups, each on one interface.</summary>
    public int Count => _everySource.Count + _sources.Count;

    /// <summary>Whether no further group fits; sources of a group that is here may still.</summary>
    public bool IsFull => (_refusesMore || Count >= _maximum) && _sources.Count == 0;

    /// <summary>Why the last join was refused, one sentence.</summary>
    public string? LastError { get; private set; }

    /// <summary>Whether a join may be tried here. A socket either wants every source of a group or names them, and once its list of names is full it stays so.</summary>
    /// <param name="interfaceIndex">Index of the interface.</param>
    /// <param name="group">The group.</param>
    /// <param name="source">The source; null for all.</param>
    /// <returns>True when so.</returns>
    public bool MayHold(int interfaceIndex, IPAddress group, IPAddress? source)
    {
        (int, IPAddress) key = (interfaceIndex, group);
        bool hasSources = _sources.ContainsKey(key);
        return source is null
            ? !hasSources && !_refusesMore && Count < _maximum
            : !_everySource.Contains(key) && !_crowded.Contains(key) && (hasSources || (!_refusesMore && Count < _maximum));
    }

    /// <summary>Joins.</summary>
    /// <param name="interfaceIndex">Index of the interface.</param>
    /// <param name="group">The group.</param>
    /// <param name="source">The source; null for all.</param>
    /// <returns>What came of it.</returns>
    public GroupJoinResult Join(int interfaceIndex, IPAddress group, IPAddress? source)
    {
        int error = Request(isJoin: true, interfaceIndex, group, source);
        if (error is GroupApi.EADDRINUSE or GroupApi.EADDRNOTAVAIL)
        {
            // The socket holds the group (EADDRINUSE) or the source (EADDRNOTAVAIL) from before its interface was deleted, with no membership behind it: out with it, and in again.
            Request(isJoin: false, interfaceIndex, group, source);
            error = Request(isJoin: true, interfaceIndex, group, source);
        }

        (int, IPAddress) key = (interfaceIndex, group);
        switch (error)
        {
            case 0:
                if (source is null)
                {
                    _everySource.Add(key);
                }
                else
                {
                    _sources[key] = _sources.GetValueOrDefault(key) + 1;
                }

                return GroupJoinResult.Joined;
            case Libc.ENOBUFS or GroupApi.ENOMEM:
                if (source is not null && _sources.ContainsKey(key))
                {
                    _crowded.Add(key);
                }
                else
                {
                    // Of a source join that failed half-way, the group may be left without sources.
                    Abandon(interfaceIndex, group, source);
                    _refusesMore = true;
                }

                return GroupJoinResult.Full;
            default:
                Abandon(interfaceIndex, group, source);
                LastError = error == Libc.ENODEV || (error == Libc.EINVAL && Family == AddressFamily.InterNetworkV6)
                    ? "The interface does not exist, or IPv6 is switched off on it."
                    : $"The kernel refused the membership: {Libc.Describe(error)}.";
                return GroupJoinResult.Refused;
        }
    }

    /// <summary>Leaves what was joined here.</summary>
    /// <param name="interfaceIndex">Index of the interface.</param>
    /// <param name="group">The group.</param>
    /// <param name="source">The source; null for all.</param>
    public void Leave(int interfaceIndex, IPAddress group, IPAddress? source)
    {
        (int, IPAddress) key = (interfaceIndex, group);
        int error = Request(isJoin: false, interfaceIndex, group, source);
        _crowded.Remove(key);
        if (source is null)
        {
            _everySource.Remove(key);
        }
        else if (_sources.TryGetValue(key, out int count))
        {
            if (count > 1)
            {
                _sources[key] = count - 1;
                return;
            }

            _sources.Remove(key);
            if (error != 0)
            {
                Request(isJoin: false, interfaceIndex, group, source: null);
            }
        }

        _refusesMore = false;
    }

    /// <inheritdoc />
    public void Dispose() => _fd.Dispose();

    private void Abandon(int interfaceIndex, IPAddress group, IPAddress? source)
    {
        if (source is not null && !_sources.ContainsKey((interfaceIndex, group)))
        {
            Request(isJoin: false, interfaceIndex, group, source: null);
        }
    }

    private int Request(bool isJoin, int interfaceIndex, IPAddress group, IPAddress? source)
    {
        int level = Family == AddressFamily.InterNetwork ? Libc.IPPROTO_IP : Libc.IPPROTO_IPV6;
        int result;
        if (source is null)
        {
            var request = new GroupApi.group_req { gr_interface = (uint)interfaceIndex };
            WriteAddress(request.gr_group, group);
            result = Libc.setsockopt(_fd, level, isJoin ? GroupApi.MCAST_JOIN_GROUP : GroupApi.MCAST_LEAVE_GROUP, &request, (uint)sizeof(GroupApi.group_req));
        }
        else
        {
            var request = new GroupApi.group_source_req { gsr_interface = (uint)interfaceIndex };
            WriteAddress(request.gsr_group, group);
            WriteAddress(request.gsr_source, source);
            result = Libc.setsockopt(_fd, level, isJoin ? GroupApi.MCAST_JOIN_SOURCE_GROUP : GroupApi.MCAST_LEAVE_SOURCE_GROUP, &request, (uint)sizeof(GroupApi.group_source_req));
        }

        return result < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    private void WriteAddress(byte* storage, IPAddress address)
    {
        bool isV4 = Family == AddressFamily.InterNetwork;
        *(ushort*)storage = (ushort)(isV4 ? Libc.AF_INET : Libc.AF_INET6);
        address.TryWriteBytes(new Span<byte>(storage + (isV4 ? AddressOffsetV4 : AddressOffsetV6), 16), out _);
    }
}
