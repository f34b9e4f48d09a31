using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Net.Overlay.Identity;
using Net.Overlay.Sharding;
using Net.Platform.Linux;
using Net.Workers;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <summary>What the shards of a worker have in common: the node's key and the secrets derived from it, where commands go, who is up, and the rings between them.
/// A shard's own thread touches nothing else of another shard.</summary>
internal sealed class ShardGroup : IDisposable
{
    // A shard's number stands above the numbers of its questions to the engine.
    private const int QuestionBits = 48;

    private readonly OverlayWorker _worker;
    private readonly ReportMerger _merger;
    private readonly ShardMailbox[] _mailboxes;
    private readonly HandoverRing?[] _rings;
    private readonly ConcurrentDictionary<long, int> _streams = new();
    private readonly List<Shard> _shards = [];
    private PeerOwners _owners;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Makes what they share. The seed is wiped.</summary>
    public ShardGroup(OverlayWorker worker, StartOverlay start)
    {
        _worker = worker;
        Settings = start;
        Count = Math.Clamp(start.Shards, 1, ShardSteering.MaxShards);
        _merger = new ReportMerger(Count);
        _mailboxes = [.. Enumerable.Range(0, Count).Select(_ => new ShardMailbox())];
        _rings = new HandoverRing?[Count * Count];
        _owners = PeerOwners.Of(start.Model, Count);
        Credentials = new QuicCredentials(start.Seed);
        CryptographicOperations.ZeroMemory(start.Seed);
        LocalId = NodeId.FromPublicKey(Credentials.PublicKey);
    }

    /// <summary>How many shards there are.</summary>
    public int Count { get; }

    /// <summary>What the worker was started with.</summary>
    public StartOverlay Settings { get; }

    /// <summary>The node key. All shards have the same, and so the same stateless resets.</summary>
    public QuicCredentials Credentials { get; }

    /// <summary>Answers to strangers; of one secret, so that any shard knows the tokens of any other.</summary>
    public QuicTokens Tokens { get; } = new();

    /// <summary>This node's id.</summary>
    public NodeId LocalId { get; }

    /// <summary>What tells this run of the node from others.</summary>
    public ulong Instance { get; } = KernelRandom.GetUInt64();

    /// <summary>Who is up.</summary>
    public PeerHealth Health { get; } = new();

    /// <summary>When memory is given back.</summary>
    public BurstTrimmer Trimmer { get; } = new();

    /// <summary>The time of day.</summary>
    public TimeProvider Clock => _worker.Clock;

    /// <summary>Whether a shard ended by an error, so that all others end, too.</summary>
    public bool HasFailed => Volatile.Read(ref _failure) is not null;

    /// <summary>Datagrams all shards sent. Others' counts may be a moment old.</summary>
    public long SentDatagrams => _shards.Sum(shard => shard.Batch.Sent);

    /// <summary>How a shard is told things.</summary>
    public ShardMailbox Mailbox(int shard) => _mailboxes[shard];

    /// <summary>Adds a shard, before any of them runs.</summary>
    public void Add(Shard shard) => _shards.Add(shard);

    /// <summary>The first number of a shard's questions to the engine.</summary>
    public static long FirstQuestion(int shard) => (long)shard << QuestionBits;

    /// <summary>The shard that has peers with a key.</summary>
    public int ShardOfKey(ReadOnlySpan<byte> publicKey) => Count == 1 ? 0 : ShardSteering.ShardOf(ShardSteering.BucketOf(publicKey), Count);

    /// <summary>The ring from one shard to another, made when it is first needed. For the shard that writes.</summary>
    public HandoverRing RingTo(int from, int to)
    {
        ref HandoverRing? place = ref _rings[(from * Count) + to];
        if (place is null)
        {
            Volatile.Write(ref place, new HandoverRing());
        }

        return place!;
    }

    /// <summary>The ring from one shard to another, if it was needed so far. For the shard that reads.</summary>
    public HandoverRing? RingFrom(int from, int to) => Volatile.Read(ref _rings[(from * Count) + to]);

    /// <summary>Tells the engine something. Never waits.</summary>
    public void Tell(WorkerMessage message)
    {
        switch (message)
        {
            case ApplicationStreamClosed closed:
                _streams.TryRemove(closed.StreamId, out _);
                break;
            case ApplicationStreamOpened { Problem: not null } refused:
                _streams.TryRemove(refused.StreamId, out _);
                break;
            default:
                break;
        }

        _worker.Report(message);
    }

    /// <summary>Tells the engine what a shard counted, together with what the others did.</summary>
    public void Report(int shard, OverlayReport report) => _worker.Report(_merger.Merge(shard, report));

    /// <summary>Gives a command to the shards it is for. Called by one thread.</summary>
    public void Dispatch(WorkerMessage command)
    {
        switch (command)
        {
            case ReplaceModel replace:
                _owners = PeerOwners.Of(replace.Model, Count);
                PostAll(command);
                break;
            case PeerAuthorized answer:
                Post(answer.RequestId >> QuestionBits, command);
                break;
            case AnswerJoin answer:
                Post(answer.RequestId >> QuestionBits, command);
                break;
            case TestPeer test:
                Post(_owners.ShardOf(test.PeerIndex), command);
                break;
            case DisconnectPeer disconnect:
                Post(_owners.ShardOf(disconnect.PeerIndex), command);
                break;
            case OpenApplicationStream open:
                int owner = Math.Max(0, _owners.ShardOf(open.PeerIndex));
                _streams[open.StreamId] = owner;
                Post(owner, command);
                break;
            case WriteApplicationStream write:
                Post(ShardOfStream(write.StreamId), command);
                break;
            case ConsumeApplicationStream consume:
                Post(ShardOfStream(consume.StreamId), command);
                break;
            case CloseApplicationStream close:
                Post(ShardOfStream(close.StreamId), command);
                _streams.TryRemove(close.StreamId, out _);
                break;
            default:
                PostAll(command);
                break;
        }
    }

    /// <summary>A shard ends by an error: the others are told to end as well. The first one counts.</summary>
    public void Fail(Exception exception)
    {
        Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
        foreach (ShardMailbox mailbox in _mailboxes)
        {
            mailbox.Wake();
        }
    }

    /// <summary>Throws what a shard ended by, if one did.</summary>
    public void ThrowIfFailed() => Volatile.Read(ref _failure)?.Throw();

    /// <inheritdoc />
    public void Dispose()
    {
        Credentials.Dispose();
        foreach (HandoverRing? ring in _rings)
        {
            ring?.Dispose();
        }

        foreach (ShardMailbox mailbox in _mailboxes)
        {
            mailbox.Dispose();
        }
    }

    // Streams that peers opened tell their shard by their number, see Shard.OnStreamAccepted.
    private int ShardOfStream(long id) => id < 0 ? (int)(-id % Count) : _streams.GetValueOrDefault(id);

    private void PostAll(WorkerMessage command)
    {
        foreach (ShardMailbox mailbox in _mailboxes)
        {
            mailbox.Post(command);
        }
    }

    // What is for a peer nobody has is answered by the first shard.
    private void Post(long shard, WorkerMessage command) => _mailboxes[shard >= 0 && shard < Count ? shard : 0].Post(command);
}
