using System.Buffers.Binary;
using System.Numerics;

namespace Net.Packets;

/// <summary>The first 32 bytes of every payload our traffic generator sends, by which a receiver knows what was lost, reordered, repeated or changed. All
/// numbers are big endian: 0 magic "NMTF", 4 version (1), 5 flags (bit 0: the time is of CLOCK_TAI; bit 1: the stream ends; bits 4 to 7: how many packets
/// of it still follow), 6 length of the whole payload, 8 stream, 12 check, 16 sequence from 0, 24 time of sending in nanoseconds. What follows is any bytes.
/// <para>The check is 32 bits over the rest of the payload (CRC32C, RFC 3720 B.4) and over every field here. Sequence and time are mixed in by
/// two multiplications, so that a program in the kernel can stamp packets whose other bytes stay: <c>m = seed + sequence * 0x9E3779B97F4A7C15 + time *
/// 0xC2B2AE3D27D4EB4F</c> in 64 bits, and the check is <c>m ^ (m &gt;&gt; 32)</c> in 32.</para></summary>
/// <param name="Stream">Which stream of which run it belongs to.</param>
/// <param name="Sequence">Its number in the stream, from 0.</param>
/// <param name="SentNanoseconds">When it was sent, by the clock <see cref="IsTai"/> names.</param>
public readonly record struct TrafficHeader(uint Stream, ulong Sequence, long SentNanoseconds)
{
    /// <summary>Its length, and with it the least payload.</summary>
    public const int Bytes = 32;

    /// <summary>The most packets that can follow one that says the stream ends.</summary>
    public const int MostRemaining = 15;

    /// <summary>Where the check stands.</summary>
    public const int CheckOffset = 12;

    /// <summary>Where the sequence stands; the time follows it.</summary>
    public const int SequenceOffset = 16;

    /// <summary>What the sequence is multiplied by.</summary>
    public const ulong SequenceFactor = 0x9E3779B97F4A7C15;

    /// <summary>What the time is multiplied by.</summary>
    public const ulong TimeFactor = 0xC2B2AE3D27D4EB4F;

    private const uint Magic = 0x4E4D5446;
    private const byte Version = 1;
    private const byte TaiFlag = 1;
    private const byte EndFlag = 2;
    private const int RemainingShift = 4;

    /// <summary>Whether the time is of CLOCK_TAI, which hosts can share, instead of CLOCK_MONOTONIC, which starts anew with each.</summary>
    public bool IsTai { get; init; }

    /// <summary>Whether the stream ends with this packet and the <see cref="Remaining"/> behind it.</summary>
    public bool IsEnd { get; init; }

    /// <summary>How many packets of the stream still follow; only where it ends, 0 to <see cref="MostRemaining"/>.</summary>
    public int Remaining { get; init; }

    /// <summary>Hashes what stands behind the header, once for as many packets as carry it.</summary>
    /// <param name="payload">A whole payload; 32 bytes at least.</param>
    /// <returns>What <see cref="Write"/> wants.</returns>
    public static uint HashBody(ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> rest = payload[Bytes..];
        uint crc = uint.MaxValue;
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(rest));
        }

        foreach (byte one in rest)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }

    /// <summary>Puts the header in front of a payload.</summary>
    /// <param name="payload">The whole payload, 32 to 65,535 bytes.</param>
    /// <param name="bodyHash">What <see cref="HashBody"/> says of it.</param>
    public void Write(Span<byte> payload, uint bodyHash)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, ushort.MaxValue, nameof(payload));
        Span<byte> header = payload[..Bytes];
        ulong first = FirstWord(payload.Length);
        BinaryPrimitives.WriteUInt64BigEndian(header, first);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], Stream);
        BinaryPrimitives.WriteUInt32BigEndian(header[CheckOffset..], Check(Seed(first, Stream, bodyHash), Sequence, SentNanoseconds));
        BinaryPrimitives.WriteUInt64BigEndian(header[SequenceOffset..], Sequence);
        BinaryPrimitives.WriteInt64BigEndian(header[(SequenceOffset + 8)..], SentNanoseconds);
    }

    /// <summary>The constant a program in the kernel adds sequence and time to, for packets whose other bytes stay.</summary>
    /// <param name="payloadBytes">Length of the whole payload.</param>
    /// <param name="bodyHash">What <see cref="HashBody"/> says of it.</param>
    /// <returns>The seed of the check.</returns>
    public ulong SeedOf(int payloadBytes, uint bodyHash) => Seed(FirstWord(payloadBytes), Stream, bodyHash);

    /// <summary>Whether a payload begins as ours do, whatever became of the rest.</summary>
    /// <param name="payload">The payload, as it was received.</param>
    /// <returns>True when magic and version are there.</returns>
    public static bool IsOurs(ReadOnlySpan<byte> payload) =>
        payload.Length > sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(payload) == Magic && payload[sizeof(uint)] == Version;

    /// <summary>Reads the header of a payload without looking at the rest.</summary>
    /// <param name="payload">The payload, as it was received.</param>
    /// <param name="header">What stands there.</param>
    /// <returns>False when it is none of ours, or shorter or longer than it was sent.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out TrafficHeader header)
    {
        if (payload.Length < Bytes)
        {
            header = default;
            return false;
        }

        ulong first = BinaryPrimitives.ReadUInt64BigEndian(payload);
        byte flags = (byte)(first >> 16);
        header = new TrafficHeader(
            BinaryPrimitives.ReadUInt32BigEndian(payload[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(payload[SequenceOffset..]),
            BinaryPrimitives.ReadInt64BigEndian(payload[(SequenceOffset + 8)..]))
        {
            IsTai = (flags & TaiFlag) != 0,
            IsEnd = (flags & EndFlag) != 0,
            Remaining = flags >> RemainingShift,
        };
        return first >> 24 == (((ulong)Magic << 8) | Version) && (ushort)first == payload.Length;
    }

    /// <summary>Whether every byte of a payload is as it was sent.</summary>
    /// <param name="payload">A payload that <see cref="TryRead"/> took.</param>
    /// <returns>True when the check is right.</returns>
    public static bool IsIntact(ReadOnlySpan<byte> payload)
    {
        ulong first = BinaryPrimitives.ReadUInt64BigEndian(payload);
        uint stream = BinaryPrimitives.ReadUInt32BigEndian(payload[8..]);
        ulong sequence = BinaryPrimitives.ReadUInt64BigEndian(payload[SequenceOffset..]);
        long time = BinaryPrimitives.ReadInt64BigEndian(payload[(SequenceOffset + 8)..]);
        return BinaryPrimitives.ReadUInt32BigEndian(payload[CheckOffset..]) == Check(Seed(first, stream, HashBody(payload)), sequence, time);
    }

    private static ulong Seed(ulong first, uint stream, uint bodyHash)
    {
        uint low = BitOperations.Crc32C(bodyHash, first);
        return ((ulong)BitOperations.Crc32C(low, stream) << 32) | low;
    }

    private static uint Check(ulong seed, ulong sequence, long time)
    {
        ulong mixed = unchecked(seed + (sequence * SequenceFactor) + ((ulong)time * TimeFactor));
        return (uint)(mixed ^ (mixed >> 32));
    }

    private ulong FirstWord(int payloadBytes)
    {
        int flags = (IsTai ? TaiFlag : 0) | (IsEnd ? EndFlag | (Remaining << RemainingShift) : 0);
        return ((ulong)Magic << 32) | ((ulong)Version << 24) | ((ulong)(byte)flags << 16) | (ushort)payloadBytes;
    }
}
