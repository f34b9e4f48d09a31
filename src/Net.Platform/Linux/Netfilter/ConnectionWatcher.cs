using System.Runtime.Versioning;
using System.Threading.Channels;
using Net.Platform.Linux.Interop;
using static Net.Platform.Linux.Interop.ConntrackApi;

namespace Net.Platform.Linux.Netfilter;

/// <summary>Follows tracked connections through ctnetlink multicast, in the network namespace of the thread that makes it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ConnectionWatcher : IConnectionWatcher, INetlinkEventSink
{
    private readonly ConntrackQuery _query;
    private readonly ConnectionEventKinds _kinds;
    private readonly Channel<ConnectionEvent> _events;
    private readonly NetlinkEventLoop _loop;
    private long _lost;
    private long _damaged;

    /// <summary>Starts to follow.</summary>
    /// <param name="query">Which connections.</param>
    /// <param name="kinds">Which events.</param>
    /// <param name="capacity">How many events wait for a slow reader.</param>
    /// <param name="receiveBufferBytes">Size of the kernel's queue for us.</param>
    public ConnectionWatcher(ConntrackQuery query, ConnectionEventKinds kinds, int capacity, int receiveBufferBytes = NetlinkSocket.DefaultReceiveBufferBytes)
    {
        _query = query;
        _kinds = kinds;
        _events = Channel.CreateBounded<ConnectionEvent>(capacity);
        var socket = new NetlinkSocket(NetlinkFamily.Netfilter, receiveBufferBytes);
        try
        {
            Join(socket, ConnectionEventKinds.New, NFNLGRP_CONNTRACK_NEW);
            Join(socket, ConnectionEventKinds.Updated, NFNLGRP_CONNTRACK_UPDATE);
            Join(socket, ConnectionEventKinds.Destroyed, NFNLGRP_CONNTRACK_DESTROY);
            _loop = new NetlinkEventLoop(socket, this, "connection events");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public ChannelReader<ConnectionEvent> Events => _events.Reader;

    /// <inheritdoc />
    public long Lost => Interlocked.Read(ref _lost);

    /// <inheritdoc />
    public long Damaged => Interlocked.Read(ref _damaged);

    /// <inheritdoc />
    public void Dispose() => _loop.Dispose();

    void INetlinkEventSink.Take(in NetlinkMessage message)
    {
        int kind = ConntrackParser.KindOf(message);
        if (kind is not (IPCTNL_MSG_CT_NEW or IPCTNL_MSG_CT_DELETE))
        {
            return;
        }

        if (!ConntrackParser.TryParse(message, out ConntrackEntry entry))
        {
            Interlocked.Increment(ref _damaged);
            return;
        }

        // Beginning and update are one message; the first has the flags of a creation.
        const int creation = NetlinkApi.NLM_F_CREATE | NetlinkApi.NLM_F_EXCL;
        ConnectionEventKinds happened = kind == IPCTNL_MSG_CT_DELETE ? ConnectionEventKinds.Destroyed
            : (message.Flags & creation) == creation ? ConnectionEventKinds.New
            : ConnectionEventKinds.Updated;
        if ((_kinds & happened) != 0 && _query.Matches(entry))
        {
            Publish(new ConnectionEvent(happened, entry.ToConnection()));
        }
    }

    void INetlinkEventSink.TakeDamaged() => Interlocked.Increment(ref _damaged);

    void INetlinkEventSink.TakeOverrun()
    {
        Interlocked.Increment(ref _lost);
        Publish(new ConnectionEvent(ConnectionEventKinds.Overrun, Connection: null, Lost: 1));
    }

    void INetlinkEventSink.Complete() => _events.Writer.TryComplete();

    private void Join(NetlinkSocket socket, ConnectionEventKinds kind, int group)
    {
        if ((_kinds & kind) != 0)
        {
            socket.Join(group);
        }
    }

    private void Publish(ConnectionEvent happened)
    {
        if (_events.Writer.TryWrite(happened))
        {
            return;
        }

        // What nobody read so far is worth less than knowing that something was lost. Overruns among it are counted already.
        long told = happened.Lost;
        long lost = happened.Kind == ConnectionEventKinds.Overrun ? 0 : 1;
        while (_events.Reader.TryRead(out ConnectionEvent? old))
        {
            told += old.Lost;
            lost += old.Kind == ConnectionEventKinds.Overrun ? 0 : 1;
        }

        Interlocked.Add(ref _lost, lost);
        _events.Writer.TryWrite(new ConnectionEvent(ConnectionEventKinds.Overrun, Connection: null, told + lost));
    }
}
