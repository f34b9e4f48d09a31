using System.Net;
using System.Net.Sockets;
using Net.Engine.Relay.Membership;

namespace Net.Engine.Tests.Relay.Membership;

/// <summary>A kernel that joins what it is asked to, unless told otherwise.</summary>
internal sealed class FakeMulticastSockets : IMulticastSockets
{
    private readonly Lock _gate = new();
    private readonly HashSet<GroupJoin> _joined = [];
    private readonly HashSet<GroupKey> _lost = [];

    /// <summary>Why joins of a group fail.</summary>
    public Dictionary<IPAddress, string> Refused { get; } = [];

    /// <summary>Why listeners cannot be opened; null when they can.</summary>
    public string? ListenRefused { get; set; }

    public List<string> Calls { get; } = [];

    public Dictionary<(int InterfaceIndex, AddressFamily Family), FakeListener> Listeners { get; } = [];

    public IReadOnlyList<GroupJoin> Joined
    {
        get
        {
            lock (_gate)
            {
                return [.. _joined];
            }
        }
    }

    public bool IsDisposed { get; private set; }

    /// <summary>The kernel forgets a group, while the socket still believes in it.</summary>
    public void Lose(GroupKey key)
    {
        lock (_gate)
        {
            _lost.Add(key);
        }
    }

    public string? Join(GroupJoin join)
    {
        lock (_gate)
        {
            Calls.Add($"join {join.InterfaceIndex} {join.Group} {join.Source}".Trim());
            if (Refused.TryGetValue(join.Group, out string? reason))
            {
                return reason;
            }

            _joined.Add(join);
            _lost.Remove(new GroupKey(join.InterfaceIndex, join.Group));
            return null;
        }
    }

    public void Leave(GroupJoin join)
    {
        lock (_gate)
        {
            Calls.Add($"leave {join.InterfaceIndex} {join.Group} {join.Source}".Trim());
            _joined.Remove(join);
        }
    }

    public IReadOnlySet<GroupKey>? ReadKernelGroups()
    {
        lock (_gate)
        {
            return _joined.Select(join => new GroupKey(join.InterfaceIndex, join.Group)).Where(key => !_lost.Contains(key)).ToHashSet();
        }
    }

    public IGroupListener Listen(int interfaceIndex, AddressFamily family, GroupPacketHandler handler)
    {
        if (ListenRefused is not null)
        {
            throw new IOException(ListenRefused);
        }

        var listener = new FakeListener(handler);
        Listeners[(interfaceIndex, family)] = listener;
        return listener;
    }

    public void Dispose() => IsDisposed = true;
}
