using System.Net;
using System.Net.Sockets;
using Net.Platform;

namespace Net.Engine.Relay.Membership;

/// <content>Receivers: opening listeners on watched interfaces, packets, timers.</content>
internal sealed partial class MembershipManager
{
    private static readonly AddressFamily[] Families = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    // The lock is held. Brings the watched links to what settings and interfaces ask for.
    private void Watch(List<GroupKey> changes)
    {
        NetworkSnapshot snapshot = _monitor.Snapshot;
        foreach ((int index, AddressFamily family) in _watched.Keys.ToArray())
        {
            WatchedLink link = _watched[(index, family)];
            QuerierSettings? settings = _settings.FirstOrDefault(one => one.InterfaceIndex == index);
            if (settings != link.Settings || !snapshot.Links.ContainsKey(index))
            {
                Unwatch(index, family, changes);
            }
        }

        foreach (QuerierSettings settings in _settings.Where(settings => snapshot.Links.ContainsKey(settings.InterfaceIndex)))
        {
            foreach (AddressFamily family in Families)
            {
                IPAddress? address = AddressOf(settings, family, snapshot);
                (int, AddressFamily) key = (settings.InterfaceIndex, family);
                if (!_watched.TryGetValue(key, out WatchedLink? link))
                {
                    link = new WatchedLink(settings, family, address, Now);
                    _watched.Add(key, link);
                }

                link.Router.Querier.SetAddress(address, Now);
                Listen(link, snapshot.Links[settings.InterfaceIndex]);
            }
        }
    }

    // After an interface came up, hosts behind it have missed queries: it begins anew.
    private void Listen(WatchedLink link, LinkInfo info)
    {
        bool cameUp = info.IsUsable && !link.WasUsable;
        link.WasUsable = info.IsUsable;
        if (cameUp && link.IsListening)
        {
            link.Router.Querier.Restart(Now);
        }

        if (link.IsListening)
        {
            return;
        }

        try
        {
            link.Listener = _sockets.Listen(link.Settings.InterfaceIndex, link.Family, packet => Receive(link, packet));
            link.Reason = null;
        }
        catch (IOException exception)
        {
            if (link.Reason != exception.Message)
            {
                Log.QuerierRefused(_logger, link.Settings.InterfaceIndex, exception.Message);
            }

            link.Reason = exception.Message;
        }
    }

    private void MarkDown(int interfaceIndex)
    {
        foreach (AddressFamily family in Families)
        {
            if (_watched.TryGetValue((interfaceIndex, family), out WatchedLink? link))
            {
                link.WasUsable = false;
            }
        }
    }

    private void Unwatch(int interfaceIndex, List<GroupKey> changes)
    {
        foreach (AddressFamily family in Families)
        {
            Unwatch(interfaceIndex, family, changes);
        }
    }

    private void Unwatch(int interfaceIndex, AddressFamily family, List<GroupKey> changes)
    {
        if (_watched.Remove((interfaceIndex, family), out WatchedLink? link))
        {
            link.Router.Table.Clear();
            Collect(link, changes);
            changes.Add(new GroupKey(interfaceIndex, family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any));
            link.Dispose();
        }
    }

    // Called by the thread that receives.
    private void Receive(WatchedLink link, ReadOnlySpan<byte> packet)
    {
        List<GroupKey> changes = [];
        lock (_gate)
        {
            if (_isDisposed || !_watched.ContainsValue(link) || !link.Router.Receive(packet, Now))
            {
                return;
            }

            if (link.Router.Querier.OlderVersionHeard is > 0 and int version && !link.HasWarnedOfVersion)
            {
                link.HasWarnedOfVersion = true;
                Log.OlderQuerier(_logger, link.Router.Querier.Elected, link.Settings.InterfaceIndex, version);
            }

            Advance(link, changes);
            Schedule();
        }

        Raise(changes);
    }

    // The lock is held.
    private void Advance(List<GroupKey> changes)
    {
        foreach (WatchedLink link in _watched.Values)
        {
            Advance(link, changes);
        }

        Schedule();
    }

    private void Advance(WatchedLink link, List<GroupKey> changes)
    {
        TimeSpan now = Now;
        if (link.IsListening && link.WasUsable)
        {
            link.Router.Advance(now, link.Send);
        }
        else
        {
            link.Router.Age(now);
        }

        bool isCertain = link.IsCertain(now);
        if (isCertain != link.WasCertain)
        {
            link.WasCertain = isCertain;
            changes.Add(new GroupKey(link.Settings.InterfaceIndex, link.Family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any));
        }

        Collect(link, changes);
    }

    private static void Collect(WatchedLink link, List<GroupKey> changes)
    {
        List<IPAddress> groups = [];
        link.Router.Table.TakeChanges(groups);
        changes.AddRange(groups.Select(group => new GroupKey(link.Settings.InterfaceIndex, group)));
    }

    private void Schedule()
    {
        TimeSpan now = Now;
        TimeSpan due = _nextVerify < _nextRetry ? _nextVerify : _nextRetry;
        foreach (WatchedLink link in _watched.Values)
        {
            TimeSpan next = link.NextDue(now);
            due = next < due ? next : due;
        }

        // A timer that fires a little early finds nothing due: it counts in milliseconds, so it is rounded up.
        TimeSpan wait = due <= now ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling((due - now).TotalMilliseconds));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    // IPv6 may only ask from a link-local address that is past duplicate detection (RFC 3810 5.1.14); of IPv4 the first address is the interface's own.
    private static IPAddress? AddressOf(QuerierSettings settings, AddressFamily family, NetworkSnapshot snapshot)
    {
        AddressInfo[] addresses =
        [
            .. snapshot.GetAddresses(settings.InterfaceIndex)
                .Where(address => address.Family == family && (address.Flags & (AddressFlags.Tentative | AddressFlags.DuplicateDetected)) == 0),
        ];
        if (family == AddressFamily.InterNetworkV6)
        {
            IPAddress? linkLocal = addresses.Select(address => address.Address).FirstOrDefault(address => address.IsIPv6LinkLocal);
            return linkLocal is null ? null : new IPAddress(linkLocal.GetAddressBytes());
        }

        return addresses.Any(address => address.Address.Equals(settings.Address))
            ? settings.Address
            : addresses.Where(address => (address.Flags & AddressFlags.Secondary) == 0).Select(address => address.Address).Order(GroupOrder.Addresses).FirstOrDefault();
    }
}
