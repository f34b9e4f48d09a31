using System.Buffers.Binary;
using Net.Platform.Linux;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <summary>What a test does at present.</summary>
internal enum PeerTestStage
{
    /// <summary>Small echoes, one after another.</summary>
    Echoing,

    /// <summary>One echo of the largest size.</summary>
    Sizing,

    /// <summary>As much test data as goes through.</summary>
    Filling,

    /// <summary>The peer was asked how much came.</summary>
    Asking,

    /// <summary>It is over.</summary>
    Done,
}

/// <summary>A test of a peer under way. Plain bookkeeping: what to send next follows from what came back.</summary>
internal sealed class PeerTest(TestPeer request)
{
    private readonly ulong _id = KernelRandom.GetUInt64();
    private readonly List<TimeSpan> _roundTrips = [];
    private int _place;
    private int _size;
    private long _sentAt;
    private int _echoes;
    private int? _pathMtu;
    private double? _bitsPerSecond;

    /// <summary>What it does at present.</summary>
    public PeerTestStage Stage { get; private set; }

    /// <summary>When what was sent counts as lost.</summary>
    public long Deadline { get; private set; } = long.MaxValue;

    /// <summary>When test data has been sent for long enough.</summary>
    public long FillUntil { get; private set; }

    /// <summary>How often the peer was asked.</summary>
    public int AskedTimes { get; private set; }

    /// <summary>Whether an answer belongs to this test.</summary>
    public bool IsOwn(ulong id) => id == _id;

    /// <summary>Writes the head of what is sent.</summary>
    public void WriteHead(Span<byte> destination, byte kind)
    {
        destination[0] = kind;
        BinaryPrimitives.WriteUInt64BigEndian(destination[1..], _id);
        BinaryPrimitives.WriteInt32BigEndian(destination[9..], _place);
    }

    /// <summary>An echo was sent.</summary>
    public void Sent(int size, long now)
    {
        _sentAt = now;
        _size = size;
        Deadline = now + (request.Timeout.Ticks * TimeSpan.NanosecondsPerTick);
        if (Stage == PeerTestStage.Echoing)
        {
            _echoes++;
        }
    }

    /// <summary>A reply came.</summary>
    /// <returns>Whether it was the one that is waited for.</returns>
    public bool Answered(int place, long now)
    {
        if (place != _place || Stage > PeerTestStage.Sizing)
        {
            return false;
        }

        if (Stage == PeerTestStage.Echoing)
        {
            _roundTrips.Add(TimeSpan.FromTicks((now - _sentAt) / TimeSpan.NanosecondsPerTick));
        }
        else
        {
            _pathMtu = _size;
        }

        return true;
    }

    /// <summary>No reply came in time.</summary>
    public void Missed() => Deadline = long.MaxValue;

    /// <summary>Goes on to what is next.</summary>
    public PeerTestStage Next(long now)
    {
        _place++;
        Deadline = long.MaxValue;
        if (Stage == PeerTestStage.Echoing && _echoes < request.Count)
        {
            return Stage;
        }

        if (Stage == PeerTestStage.Echoing && request.Mtu)
        {
            return Stage = PeerTestStage.Sizing;
        }

        if (request.Throughput is { } time)
        {
            FillUntil = now + (time.Ticks * TimeSpan.NanosecondsPerTick);
            return Stage = PeerTestStage.Filling;
        }

        return Stage = PeerTestStage.Done;
    }

    /// <summary>The peer is asked how much came.</summary>
    public void Ask(long now)
    {
        Stage = PeerTestStage.Asking;
        AskedTimes++;
        Deadline = now + 1_000_000_000;
    }

    /// <summary>The peer told how much came.</summary>
    public void Told(long bytes, long nanoseconds) => _bitsPerSecond = nanoseconds > 0 ? bytes * 8e9 / nanoseconds : null;

    /// <summary>The result.</summary>
    public PeerTested ToResult(string? problem) => new(request.RequestId, _echoes, [.. _roundTrips], _pathMtu, _bitsPerSecond, problem);
}
