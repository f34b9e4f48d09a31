using Net.Overlay.Control;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <content>Streams of applications.</content>
internal sealed partial class Shard
{
    private readonly Dictionary<long, PeerConnection> _streams = [];
    private long _accepted;

    /// <summary>A peer opened a stream for a protocol.</summary>
    /// <returns>What the engine calls it by: a negative number.</returns>
    public long OnStreamAccepted(PeerConnection connection, string protocol)
    {
        // The number tells the shard, as the remainder of its division by the number of shards.
        long id = -((++_accepted * _group.Count) + Number);
        _streams[id] = connection;
        Tell(new ApplicationStreamOpened(id, connection.Session?.Index ?? -1, protocol, null));
        return id;
    }

    /// <summary>Data came for an application.</summary>
    public void OnStreamReceived(long id, ReadOnlySpan<byte> data, bool isFinal) => Tell(new ApplicationStreamReceived(id, data.ToArray(), isFinal));

    /// <summary>An application may send on.</summary>
    public void OnStreamWritten(long id)
    {
        if (id != 0)
        {
            Tell(new ApplicationStreamWritten(id));
        }
    }

    /// <summary>A stream is over.</summary>
    public void OnStreamClosed(long id, string reason)
    {
        if (_streams.Remove(id))
        {
            Tell(new ApplicationStreamClosed(id, reason));
        }
    }

    private void OpenStream(OpenApplicationStream open)
    {
        PeerConnection? connection = Session(open.PeerIndex)?.Current;
        string? problem = connection is not { IsEstablished: true } ? "there is no session with the peer"
            : (connection.Capabilities & OverlayCapabilities.ApplicationStreams) == 0 ? "the peer has no streams for applications"
            : connection.Streams.OpenApplication(open.StreamId, open.Protocol);
        if (problem is null)
        {
            _streams[open.StreamId] = connection!;
        }

        Tell(new ApplicationStreamOpened(open.StreamId, open.PeerIndex, open.Protocol, problem));
    }

    private void WriteStream(WriteApplicationStream write)
    {
        if (FindStream(write.StreamId, out PeerConnection? connection, out long id))
        {
            connection!.Streams.WriteApplication(id, write.Data, write.IsFinal);
        }
        else
        {
            Tell(new ApplicationStreamClosed(write.StreamId, "the stream has ended"));
        }
    }

    private bool FindStream(long engineId, out PeerConnection? connection, out long quicId)
    {
        quicId = _streams.TryGetValue(engineId, out connection) ? connection.Streams.FindApplication(engineId) : -1;
        return quicId >= 0;
    }
}
