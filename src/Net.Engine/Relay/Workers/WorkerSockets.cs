using System.Runtime.InteropServices;
using Net.Engine.Relay.Host;
using Net.Workers.Relay;

namespace Net.Engine.Relay.Workers;

/// <summary>The sockets of one worker beside its rings: opened when a flow needs them, closed when none does any more, kept while the worker is started anew. Used by one
/// thread at a time.</summary>
internal sealed class WorkerSockets(IRelayHost host, WorkerNumbers numbers) : IDisposable
{
    private readonly Dictionary<int, OpenSocket> _packetSenders = [];
    private readonly Dictionary<UdpReceiverKey, OpenSocket> _receivers = [];
    private readonly Dictionary<UdpSenderRequest, OpenSocket> _senders = [];

    // One for each group of a rule: beyond so many they would cost more than they bring, as each stream is a small part of what comes.
    private const int MostJoiners = 128;
    private readonly Dictionary<UdpReceiverKey, OpenSocket> _joiners = [];

    // What is closed may still wait in a message to the worker.
    private readonly List<SafeHandle> _leaving = [];

    /// <summary>The id of the sender of frames of an interface, opened if need be.</summary>
    /// <param name="interfaceIndex">The interface.</param>
    /// <param name="news">Collects what is new.</param>
    /// <exception cref="IOException">The kernel refused.</exception>
    public int PacketSender(int interfaceIndex, DescriptorNews news)
    {
        if (!_packetSenders.TryGetValue(interfaceIndex, out OpenSocket socket))
        {
            socket = new OpenSocket(numbers.NextId(), host.OpenPacketSender(interfaceIndex));
            _packetSenders.Add(interfaceIndex, socket);
            news.PacketSenders.Add(new RelayPacketOutput(socket.Id, interfaceIndex, news.Add(socket.Handle)));
        }

        return socket.Id;
    }

    /// <summary>The id of a UDP socket that receives, opened if need be.</summary>
    /// <param name="key">What it is for.</param>
    /// <param name="news">Collects what is new.</param>
    /// <exception cref="IOException">The kernel refused.</exception>
    public int Receiver(UdpReceiverKey key, DescriptorNews news)
    {
        if (!_receivers.TryGetValue(key, out OpenSocket socket))
        {
            socket = new OpenSocket(numbers.NextId(), host.OpenUdpReceiver(key.Device, key.Local));
            _receivers.Add(key, socket);
            news.UdpReceivers.Add(new RelayUdpInput(socket.Id, key.InterfaceIndex, news.Add(socket.Handle)));
        }

        return socket.Id;
    }

    /// <summary>The id of a UDP socket that sends, opened if need be.</summary>
    /// <param name="request">How it sends.</param>
    /// <param name="news">Collects what is new.</param>
    /// <exception cref="IOException">The kernel refused.</exception>
    public int Sender(UdpSenderRequest request, DescriptorNews news)
    {
        if (!_senders.TryGetValue(request, out OpenSocket socket))
        {
            socket = new OpenSocket(numbers.NextId(), host.OpenUdpSender(request));
            _senders.Add(request, socket);
            news.UdpSenders.Add(new RelayUdpOutput(socket.Id, news.Add(socket.Handle), request.Destination is not null));
        }

        return socket.Id;
    }

    /// <summary>Has the kernel join datagrams of one sender, as far as it can: without, they come one by one. The worker is told nothing of it.</summary>
    /// <param name="key">Which.</param>
    /// <returns>The id, or null when they are not joined.</returns>
    public int? Joiner(UdpReceiverKey key)
    {
        if (!_joiners.TryGetValue(key, out OpenSocket socket))
        {
            if (_joiners.Count >= MostJoiners)
            {
                return null;
            }

            try
            {
                socket = new OpenSocket(numbers.NextId(), host.OpenJoiner(key.Device, key.Local));
                _joiners.Add(key, socket);
            }
            catch (IOException)
            {
                return null;
            }
        }

        return socket.Id;
    }

    /// <summary>Closes what no flow uses.</summary>
    /// <param name="used">Ids that are used.</param>
    /// <param name="news">Collects what is closed.</param>
    public void CloseUnused(IReadOnlySet<int> used, DescriptorNews news)
    {
        Close(_packetSenders, used, news);
        Close(_receivers, used, news);
        Close(_senders, used, news);
        foreach ((UdpReceiverKey key, OpenSocket socket) in _joiners.Where(one => !used.Contains(one.Value.Id)).ToArray())
        {
            _joiners.Remove(key);
            socket.Handle.Dispose();
        }
    }

    /// <summary>All of them, for a new worker.</summary>
    /// <param name="news">Collects them.</param>
    public void DescribeAll(DescriptorNews news)
    {
        news.PacketSenders.AddRange(_packetSenders.Select(one => new RelayPacketOutput(one.Value.Id, one.Key, news.Add(one.Value.Handle))));
        news.UdpReceivers.AddRange(_receivers.Select(one => new RelayUdpInput(one.Value.Id, one.Key.InterfaceIndex, news.Add(one.Value.Handle))));
        news.UdpSenders.AddRange(_senders.Select(one => new RelayUdpOutput(one.Value.Id, news.Add(one.Value.Handle), one.Key.Destination is not null)));
    }

    /// <summary>The worker has taken every message so far, or has ended: what was closed can go.</summary>
    public void Settle()
    {
        foreach (SafeHandle handle in _leaving)
        {
            handle.Dispose();
        }

        _leaving.Clear();
    }

    /// <summary>Keeps a descriptor open until the worker has taken every message so far.</summary>
    /// <param name="handle">The descriptor, which is closed then.</param>
    public void Leave(SafeHandle handle) => _leaving.Add(handle);

    /// <inheritdoc />
    public void Dispose()
    {
        Settle();
        foreach (OpenSocket socket in _packetSenders.Values.Concat(_receivers.Values).Concat(_senders.Values).Concat(_joiners.Values))
        {
            socket.Handle.Dispose();
        }

        _packetSenders.Clear();
        _receivers.Clear();
        _senders.Clear();
        _joiners.Clear();
    }

    private void Close<TKey>(Dictionary<TKey, OpenSocket> sockets, IReadOnlySet<int> used, DescriptorNews news)
        where TKey : notnull
    {
        foreach ((TKey key, OpenSocket socket) in sockets.Where(one => !used.Contains(one.Value.Id)).ToArray())
        {
            sockets.Remove(key);
            news.Closed.Add(socket.Id);
            _leaving.Add(socket.Handle);
        }
    }
}
