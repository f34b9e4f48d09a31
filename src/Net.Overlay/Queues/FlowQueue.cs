using System.Numerics;

namespace Net.Overlay.Queues;

/// <summary>The packets that wait for one peer, as FlowQueue-CoDel (RFC 8290): flows take turns, new ones first, and a flow whose packets wait too long loses
/// some, or has them marked if its sender understands ECN. For one thread; allocates its buckets with the first packet and nothing after.</summary>
public sealed class FlowQueue
{
    // RFC 8290, 4.1: at overflow up to 64 packets, or half of the longest flow, go at once, so that finding it is paid once.
    private const int DropBatch = 64;
    private const int None = -1;

    private readonly PacketPool _pool;
    private readonly FlowQueueOptions _options;
    private readonly PacketInfo[] _info;
    private Bucket[] _buckets = [];
    private FlowList _newFlows = FlowList.Empty;
    private FlowList _oldFlows = FlowList.Empty;
    private int _held = None;
    private bool _isHeldBack;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="pool">Where packets are kept; shared by the queues of a shard.</param>
    /// <param name="options">How it behaves.</param>
    public FlowQueue(PacketPool pool, FlowQueueOptions options)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Buckets <= 0 || !BitOperations.IsPow2(options.Buckets))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Buckets, "The number of buckets is a power of two.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.QuantumBytes, 1);
        _pool = pool;
        _info = pool.Info;
        _options = options;
    }

    /// <summary>Packets that wait, one that was put back included.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that wait.</summary>
    public int Bytes { get; private set; }

    /// <summary>Packets lost because the queue or the pool was full.</summary>
    public long OverflowDrops { get; private set; }

    /// <summary>Packets lost because they waited too long.</summary>
    public long DelayDrops { get; private set; }

    /// <summary>Packets marked because they waited too long.</summary>
    public long Marks { get; private set; }

    /// <summary>Packets refused because they are larger than a slot.</summary>
    public long OversizeDrops { get; private set; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Whether the packet that was taken last has others of its burst behind it.</summary>
    public bool IsInBurst { get; private set; }

    /// <summary>Puts a packet in; the bytes are copied. When the queue is full, packets of its longest flow make room.</summary>
    /// <param name="packet">The packet from its IP header on.</param>
    /// <param name="flowHash">Which flow it is of, by a secret hash.</param>
    /// <param name="now">Nanoseconds of the monotonic clock.</param>
    /// <param name="isLast">Whether it is the last of its burst.</param>
    /// <returns>False when this very packet was lost.</returns>
    public bool Enqueue(ReadOnlySpan<byte> packet, uint flowHash, long now, bool isLast = true) => Enqueue(packet, default, flowHash, now, isLast);

    /// <summary>Puts a packet of two pieces in.</summary>
    /// <param name="head">The packet from its IP header on, or the first bytes of it.</param>
    /// <param name="body">The rest.</param>
    /// <param name="flowHash">Which flow it is of, by a secret hash.</param>
    /// <param name="now">Nanoseconds of the monotonic clock.</param>
    /// <param name="isLast">Whether it is the last of its burst.</param>
    /// <returns>False when this very packet was lost.</returns>
    public bool Enqueue(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, uint flowHash, long now, bool isLast)
    {
        int length = head.Length + body.Length;
        if (length > _pool.SlotBytes)
        {
            OversizeDrops++;
            return false;
        }

        if (_buckets.Length == 0)
        {
            Prepare();
        }

        if (Bytes + length > _options.LimitBytes && Count > 0)
        {
            DropFromLongest();
        }

        int slot = _pool.Rent();
        if (slot < 0)
        {
            // Others hold the pool. Room of our own goes first; without any this packet is the one that is lost.
            DropFromLongest();
            slot = _pool.Rent();
        }

        if (slot < 0)
        {
            OverflowDrops++;
            return false;
        }

        Span<byte> bytes = _pool.Bytes(slot);
        head.CopyTo(bytes);
        body.CopyTo(bytes[head.Length..]);
        _info[slot] = new PacketInfo(length, now, isLast);
        int index = (int)(flowHash & (uint)(_buckets.Length - 1));
        ref Bucket bucket = ref _buckets[index];
        if (bucket.Tail == None)
        {
            bucket.Head = slot;
        }
        else
        {
            _pool.Next(bucket.Tail) = slot;
        }

        bucket.Tail = slot;
        bucket.Bytes += length;
        Bytes += length;
        Count++;
        if (bucket.List == FlowListKind.None)
        {
            bucket.Deficit = _options.QuantumBytes;
            Append(ref _newFlows, index, FlowListKind.New);
        }

        return true;
    }

    /// <summary>Takes the next packet.</summary>
    /// <param name="now">Nanoseconds of the monotonic clock.</param>
    /// <param name="packet">Its bytes, valid until the next call into this queue.</param>
    /// <returns>False when nothing waits.</returns>
    public bool TryDequeue(long now, out ReadOnlySpan<byte> packet)
    {
        if (_isHeldBack)
        {
            _isHeldBack = false;
            PacketInfo held = _info[_held];
            Count--;
            Bytes -= held.Length;
            packet = _pool.Bytes(_held)[..held.Length];
            return true;
        }

        Release();
        while (true)
        {
            bool isNew = _newFlows.Head != None;
            int index = isNew ? _newFlows.Head : _oldFlows.Head;
            if (index == None)
            {
                packet = default;
                return false;
            }

            ref Bucket bucket = ref _buckets[index];
            if (bucket.Deficit <= 0 && !IsInBurst)
            {
                bucket.Deficit += _options.QuantumBytes;
                MoveToOld(index, isNew);
                continue;
            }

            int slot = TakeByCodel(ref bucket, now);
            if (slot == None)
            {
                IsInBurst = false;
                // RFC 8290, 4.2: a new flow that ran dry goes behind the old ones once, so that it cannot stay new by sending one packet at a time.
                if (isNew && _oldFlows.Head != None)
                {
                    MoveToOld(index, isNew);
                }
                else
                {
                    RemoveFirst(ref isNew ? ref _newFlows : ref _oldFlows);
                    bucket.List = FlowListKind.None;
                }

                continue;
            }

            int length = _info[slot].Length;
            bucket.Deficit -= length;
            _held = slot;
            IsInBurst = !_info[slot].IsLast;
            packet = _pool.Bytes(slot)[..length];
            return true;
        }
    }

    /// <summary>Puts the packet that was taken last back to the front: it could not be sent now. The next call to <see cref="TryDequeue"/> gives it again.</summary>
    /// <exception cref="InvalidOperationException">No packet was taken, or it was put back already, or the queue changed since.</exception>
    public void PutBack()
    {
        if (_held == None || _isHeldBack)
        {
            throw new InvalidOperationException("There is no packet to put back.");
        }

        _isHeldBack = true;
        Count++;
        Bytes += _info[_held].Length;
    }

    /// <summary>Drops everything, when a peer goes.</summary>
    /// <returns>Packets dropped.</returns>
    public int Clear()
    {
        int dropped = Count;
        _isHeldBack = false;
        Release();
        foreach (ref Bucket bucket in _buckets.AsSpan())
        {
            while (bucket.Head != None)
            {
                _pool.Return(TakeHead(ref bucket));
            }

            bucket = Bucket.Empty;
        }

        _newFlows = FlowList.Empty;
        _oldFlows = FlowList.Empty;
        Count = 0;
        Bytes = 0;
        return dropped;
    }

    private void Prepare()
    {
        _buckets = new Bucket[_options.Buckets];
        Array.Fill(_buckets, Bucket.Empty);
    }

    private int TakeByCodel(ref Bucket bucket, long now)
    {
        while (bucket.Head != None)
        {
            int slot = TakeHead(ref bucket);
            ref readonly PacketInfo info = ref _info[slot];
            bool isShort = bucket.Bytes <= _options.QuantumBytes;
            if (!bucket.Codel.ShouldDrop(now - info.Arrived, isShort, now, _options))
            {
                return slot;
            }

            if (EcnField.TryMark(_pool.Bytes(slot)[..info.Length]))
            {
                Marks++;
                return slot;
            }

            DelayDrops++;
            _pool.Return(slot);
        }

        bucket.Codel.BecomeEmpty();
        return None;
    }

    private int TakeHead(ref Bucket bucket)
    {
        int slot = bucket.Head;
        bucket.Head = _pool.Next(slot);
        bucket.Tail = bucket.Head == None ? None : bucket.Tail;
        int length = _info[slot].Length;
        bucket.Bytes -= length;
        Bytes -= length;
        Count--;
        return slot;
    }

    private void DropFromLongest()
    {
        int longest = None;
        int most = 0;
        for (int index = 0; index < _buckets.Length; index++)
        {
            if (_buckets[index].Bytes > most)
            {
                most = _buckets[index].Bytes;
                longest = index;
            }
        }

        if (longest == None)
        {
            return;
        }

        ref Bucket bucket = ref _buckets[longest];
        int goal = bucket.Bytes / 2;
        for (int count = 0; count < DropBatch && bucket.Head != None && (count == 0 || bucket.Bytes > goal); count++)
        {
            _pool.Return(TakeHead(ref bucket));
            OverflowDrops++;
        }
    }

    private void Release()
    {
        if (_held != None && !_isHeldBack)
        {
            _pool.Return(_held);
            _held = None;
        }
    }

    private void MoveToOld(int index, bool isNew)
    {
        RemoveFirst(ref isNew ? ref _newFlows : ref _oldFlows);
        Append(ref _oldFlows, index, FlowListKind.Old);
    }

    private void Append(ref FlowList list, int index, FlowListKind kind)
    {
        ref Bucket bucket = ref _buckets[index];
        bucket.List = kind;
        bucket.NextFlow = None;
        if (list.Tail == None)
        {
            list.Head = index;
        }
        else
        {
            _buckets[list.Tail].NextFlow = index;
        }

        list.Tail = index;
    }

    private void RemoveFirst(ref FlowList list)
    {
        list.Head = _buckets[list.Head].NextFlow;
        list.Tail = list.Head == None ? None : list.Tail;
    }

    private enum FlowListKind : byte
    {
        None,
        New,
        Old,
    }

    private struct FlowList
    {
        public static readonly FlowList Empty = new() { Head = None, Tail = None };

        public int Head;
        public int Tail;
    }

    private struct Bucket
    {
        public static readonly Bucket Empty = new() { Head = None, Tail = None, NextFlow = None };

        public int Head;
        public int Tail;
        public int NextFlow;
        public int Deficit;
        public int Bytes;
        public FlowListKind List;
        public CodelState Codel;
    }
}
