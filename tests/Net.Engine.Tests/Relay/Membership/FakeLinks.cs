using System.Net;
using Net.Platform;

namespace Net.Engine.Tests.Relay.Membership;

/// <summary>Interfaces and addresses that a test changes.</summary>
internal sealed class FakeLinks : INetworkMonitor
{
    private readonly Lock _gate = new();
    private readonly List<NetworkSubscription> _subscriptions = [];

    public NetworkSnapshot Snapshot { get; private set; } = NetworkSnapshot.Empty;

    public void Add(int index, string name, bool isUp = true) => Set(index, new LinkInfo
    {
        Index = index,
        Name = name,
        IsAdminUp = isUp,
        HasCarrier = isUp,
        OperationalState = isUp ? LinkOperationalState.Up : LinkOperationalState.Down,
    });

    public void Remove(int index) => Set(index, null);

    public void AddAddress(int index, string address, AddressFlags flags = AddressFlags.None)
    {
        var info = new AddressInfo { InterfaceIndex = index, Address = IPAddress.Parse(address), PrefixLength = 24, Flags = flags };
        Publish(Snapshot with { Addresses = Snapshot.Addresses.SetItem(AddressKey.Of(info), info) }, new AddressChange(null, info));
    }

    public NetworkSubscription Subscribe(int capacity = 4096)
    {
        lock (_gate)
        {
            var subscription = new NetworkSubscription(Snapshot, capacity, _ => { });
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    public void PollCarrier(IReadOnlyCollection<string> interfaceNames)
    {
    }

    public void Dispose()
    {
    }

    private void Set(int index, LinkInfo? link)
    {
        LinkInfo? old = Snapshot.Links.GetValueOrDefault(index);
        Publish(Snapshot with { Links = link is null ? Snapshot.Links.Remove(index) : Snapshot.Links.SetItem(index, link) }, new LinkChange(old, link));
    }

    private void Publish(NetworkSnapshot snapshot, NetworkChange change)
    {
        lock (_gate)
        {
            Snapshot = snapshot;
            _subscriptions.ForEach(subscription => subscription.Publish(change));
        }
    }
}
