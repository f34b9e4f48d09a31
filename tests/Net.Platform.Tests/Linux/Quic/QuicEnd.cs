using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux.Quic;

/// <summary>One side of a pair: remembers what it was told, accepts what the test says.</summary>
internal sealed class QuicEnd(int shard) : QuicConnectionEvents
{
    private readonly HashSet<ulong> _ids = [];
    private uint _next;

    public QuicConnection? Connection { get; set; }

    public byte[]? ExpectedKey { get; set; }

    public byte[]? SeenKey { get; private set; }

    public int Confirmations { get; private set; }

    public List<byte[]> Datagrams { get; } = [];

    public long DatagramCount { get; private set; }

    public bool CountOnly { get; set; }

    public List<long> Opened { get; } = [];

    public Dictionary<long, ulong> Closed { get; } = [];

    public Dictionary<long, ulong> Resets { get; } = [];

    public Dictionary<long, MemoryStream> Received { get; } = [];

    public HashSet<long> Finished { get; } = [];

    public Dictionary<long, ulong> Acknowledged { get; } = [];

    public int LimitExtensions { get; private set; }

    public bool ConsumesAtOnce { get; set; } = true;

    public Exception? Throws { get; set; }

    public IReadOnlyCollection<ulong> Ids => _ids;

    public override bool VerifyPeer(ReadOnlySpan<byte> publicKey)
    {
        SeenKey = publicKey.ToArray();
        return ExpectedKey is null || publicKey.SequenceEqual(ExpectedKey);
    }

    public override void HandshakeConfirmed() => Confirmations++;

    public override void DatagramReceived(ReadOnlySpan<byte> data)
    {
        DatagramCount++;
        if (Throws is not null)
        {
            throw Throws;
        }

        if (!CountOnly)
        {
            Datagrams.Add(data.ToArray());
        }
    }

    public override void StreamOpened(long streamId) => Opened.Add(streamId);

    public override void StreamReceived(long streamId, ReadOnlySpan<byte> data, bool isFinal)
    {
        if (!Received.TryGetValue(streamId, out MemoryStream? stream))
        {
            Received[streamId] = stream = new MemoryStream();
        }

        stream.Write(data);
        if (ConsumesAtOnce)
        {
            Connection!.ExtendStreamWindow(streamId, data.Length);
        }

        if (isFinal)
        {
            Finished.Add(streamId);
        }
    }

    public override void StreamAcknowledged(long streamId, ulong offset, ulong length)
    {
        Assert.Equal(Acknowledged.GetValueOrDefault(streamId), offset);
        Acknowledged[streamId] = offset + length;
    }

    public override void StreamReset(long streamId, ulong errorCode) => Resets[streamId] = errorCode;

    public override void StreamClosed(long streamId, ulong errorCode) => Closed[streamId] = errorCode;

    public override void StreamLimitExtended() => LimitExtensions++;

    public override ulong NewConnectionId()
    {
        ulong id = ((ulong)shard << 56) | ++_next;
        Assert.True(_ids.Add(id));
        return id;
    }

    public override void ConnectionIdRetired(ulong connectionId) => Assert.True(_ids.Remove(connectionId));
}
