using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Net.Relay;

/// <summary>Of packets that several sources carry, lets the first pass: seamless protection as in SMPTE ST 2022-7. RTP goes by SSRC and sequence number, everything else by a hash of the payload,
/// for which a repetition by the same source is no duplicate. Allocates only when made: about 300 KB.</summary>
public sealed class DuplicateFilter
{
    /// <summary>How many RTP numbers back are known: a slower path may lag so much behind.</summary>
    public const int RtpWindow = 8192;

    private const int RtpStreams = 4;
    private const int SetBits = 10;
    private const int Ways = 8;
    private const int MaxSources = 4;
    private const int LaneBytes = 32;
    private const ulong HashFactor = 0x9E37_79B9_7F4A_7C15;

    // A payload that repeats after this is new, whoever sends it; and an RTP stream that stood still so long may begin anywhere.
    private const long MemoryNanoseconds = 2_000_000_000;
    private const long RestartNanoseconds = 500_000_000;

    private readonly RtpStream[] _streams = new RtpStream[RtpStreams];
    private readonly Entry[] _entries = new Entry[(1 << SetBits) * Ways];
    private readonly RelayAddress[] _sources = new RelayAddress[MaxSources];
    private readonly long[] _sourceSeen = new long[MaxSources];

    /// <summary>Makes an empty filter.</summary>
    public DuplicateFilter()
    {
        for (int index = 0; index < RtpStreams; index++)
        {
            _streams[index] = new RtpStream(RtpWindow);
        }
    }

    /// <summary>Decides about a packet.</summary>
    /// <param name="source">Its source.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="now">The monotonic clock in nanoseconds, above 0.</param>
    /// <returns>Whether it was not seen before.</returns>
    public bool Accept(RelayAddress source, ReadOnlySpan<byte> payload, long now)
    {
        int slot = SlotOf(source, now);
        if (RtpHeader.TryRead(payload, out RtpHeader rtp))
        {
            RtpStream stream = StreamOf(rtp.Ssrc);
            if (stream.IsEstablished && !stream.PrecedesStart(rtp.Sequence))
            {
                return AcceptRtp(stream, rtp.Sequence, now);
            }

            if (!stream.IsEstablished)
            {
                _ = stream.See(rtp.Sequence, now, out _);
            }
        }

        return AcceptHash(Hash(payload), slot, now);
    }

    private static bool AcceptRtp(RtpStream stream, ushort sequence, long now)
    {
        long before = stream.LastAdvance;
        switch (stream.See(sequence, now, out _))
        {
            case SequenceEvent.Duplicate:
                return false;
            case SequenceEvent.Far when now - before < RestartNanoseconds:
                // While the stream goes on, this is a path far behind, and what it brings was relayed long ago.
                return false;
            case SequenceEvent.Far:
                stream.Restart(sequence, now);
                return true;
            default:
                return true;
        }
    }

    private bool AcceptHash(ulong hash, int slot, long now)
    {
        Span<Entry> set = _entries.AsSpan((int)(hash >> (64 - SetBits)) * Ways, Ways);
        int oldest = 0;
        for (int way = 0; way < Ways; way++)
        {
            ref Entry entry = ref set[way];
            if (entry.Hash == hash && now - entry.Seen < MemoryNanoseconds)
            {
                entry.Seen = now;
                return entry.Count(slot);
            }

            oldest = set[way].Seen < set[oldest].Seen ? way : oldest;
        }

        set[oldest] = new Entry { Hash = hash, Seen = now };
        return set[oldest].Count(slot);
    }

    private RtpStream StreamOf(uint ssrc)
    {
        RtpStream oldest = _streams[0];
        foreach (RtpStream stream in _streams)
        {
            if (stream.LastSeen > 0 && stream.Key == ssrc)
            {
                return stream;
            }

            oldest = stream.LastSeen < oldest.LastSeen ? stream : oldest;
        }

        oldest.Reset(ssrc);
        return oldest;
    }

    private int SlotOf(RelayAddress source, long now)
    {
        int oldest = 0;
        for (int slot = 0; slot < MaxSources; slot++)
        {
            if (_sourceSeen[slot] > 0 && _sources[slot] == source)
            {
                _sourceSeen[slot] = now;
                return slot;
            }

            oldest = _sourceSeen[slot] < _sourceSeen[oldest] ? slot : oldest;
        }

        _sources[oldest] = source;
        _sourceSeen[oldest] = now;
        return oldest;
    }

    // Payloads are not secret and a collision costs one packet, so speed is what counts: multiply and rotate over 64-bit words, in four lanes so that a
    // multiplication need not wait for the one before.
    private static ulong Hash(ReadOnlySpan<byte> payload)
    {
        ulong hash = (ulong)payload.Length * HashFactor;
        if (payload.Length >= LaneBytes)
        {
            ulong second = hash + 1;
            ulong third = hash + 2;
            ulong fourth = hash + 3;
            do
            {
                hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(payload));
                second = Mix(second, BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]));
                third = Mix(third, BinaryPrimitives.ReadUInt64LittleEndian(payload[16..]));
                fourth = Mix(fourth, BinaryPrimitives.ReadUInt64LittleEndian(payload[24..]));
                payload = payload[LaneBytes..];
            }
            while (payload.Length >= LaneBytes);

            hash = Mix(Mix(Mix(hash, second), third), fourth);
        }

        for (; payload.Length >= sizeof(ulong); payload = payload[sizeof(ulong)..])
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(payload));
        }

        ulong last = 0;
        foreach (byte one in payload)
        {
            last = (last << 8) | one;
        }

        hash = Mix(hash, last);
        hash ^= hash >> 32;
        return hash * HashFactor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong hash, ulong word) => BitOperations.RotateLeft((hash ^ word) * HashFactor, 29);

    private struct Entry
    {
        public ulong Hash;
        public long Seen;
        private ulong _counts;
        private ushort _delivered;

        // A source that sends a payload for the n-th time brings something new only if it was not relayed n times yet.
        public bool Count(int slot)
        {
            int shift = slot * 16;
            ushort count = (ushort)(_counts >> shift);
            if (count == ushort.MaxValue)
            {
                _counts = 0;
                _delivered = 0;
                count = 0;
            }

            count++;
            _counts = (_counts & ~(0xFFFFUL << shift)) | ((ulong)count << shift);
            bool isNew = count > _delivered;
            _delivered = Math.Max(_delivered, count);
            return isNew;
        }
    }
}
