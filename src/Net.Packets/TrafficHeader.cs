using System.Buffers.Binary;
using System.Numerics;

namespace Net.Packets;

/// <summary>The first 32 bytes of every payload our traffic generator sends, by which a receiver knows what was lost, reordered, repeated or changed. All
/// numbers are big endian: 0 magic "NMTF", 4 version (1), 5 flags (bit 0: the time is of CLOCK_TAI; bit 1: the stream ends; bit 2: stamped in the kernel; bits 4 to
/// 7: how many packets of an ending stream still follow), 6 length of the whole payload, 8 stream, 12 check, 16 sequence from 0, 24 time of sending in
/// nanoseconds. What follows is any bytes. The check is CRC32C (RFC 3720 B.4) over the bytes behind the header in little-endian words, then over the first
/// eight bytes, stream, sequence and time; of a packet that was stamped in the kernel the last three are left out.</summary>
/// <param name="Stream">Which stream of which run it belongs to.</param>
/// <param name="Sequence">Its number in the stream, from 0.</param>
/// <param name="SentNanoseconds">When it was sent, by the clock <see cref="IsTai"/> names.</param>
public readonly record struct TrafficHeader(uint Stream, ulong Sequence, long SentNanoseconds)
{
    /// <summary>Its length, and with it the least payload.</summary>
    public const int Bytes = 32;

    /// <summary>The most packets that can follow one that says the stream ends.</summary>
    public const int MostRemaining = 15;

    /// <summary>Where the stream's number stands, of 4 bytes.</summary>
    public const int StreamOffset = 8;

    /// <summary>Where the sequence stands, of 8 bytes.</summary>
    public const int SequenceOffset = 16;

    /// <summary>Where the time stands, of 8 bytes.</summary>
    public const int TimeOffset = 24;

    private const int CheckOffset = 12;
    private const uint Magic = 0x4E4D5446;
    private const byte Version = 1;
    private const byte TaiFlag = 1;
    private const byte EndFlag = 2;
    private const byte KernelFlag = 4;
    private const int RemainingShift = 4;

    /// <summary>Whether the time is of CLOCK_TAI, which hosts can share, instead of CLOCK_MONOTONIC, which starts anew with each.</summary>
    public bool IsTai { get; init; }

    /// <summary>Whether the stream ends with this packet and the <see cref="Remaining"/> behind it.</summary>
    public bool IsEnd { get; init; }

    /// <summary>How many packets of the stream still follow; only where it ends, 0 to <see cref="MostRemaining"/>.</summary>
    public int Remaining { get; init; }

    /// <summary>Whether stream, sequence and time are written by a program in the kernel, which cannot compute the check: it leaves them out, and UDP's own
    /// checksum guards them.</summary>
    public bool IsStampedInKernel { get; init; }

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
        BinaryPrimitives.WriteUInt32BigEndian(header[StreamOffset..], Stream);
        BinaryPrimitives.WriteUInt64BigEndian(header[SequenceOffset..], Sequence);
        BinaryPrimitives.WriteInt64BigEndian(header[TimeOffset..], SentNanoseconds);
        BinaryPrimitives.WriteUInt32BigEndian(header[CheckOffset..], Check(header, bodyHash));
    }

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
            BinaryPrimitives.ReadUInt32BigEndian(payload[StreamOffset..]),
            BinaryPrimitives.ReadUInt64BigEndian(payload[SequenceOffset..]),
            BinaryPrimitives.ReadInt64BigEndian(payload[TimeOffset..]))
        {
            IsTai = (flags & TaiFlag) != 0,
            IsEnd = (flags & EndFlag) != 0,
            IsStampedInKernel = (flags & KernelFlag) != 0,
            Remaining = flags >> RemainingShift,
        };
        return first >> 24 == (((ulong)Magic << 8) | Version) && (ushort)first == payload.Length;
    }

    /// <summary>Whether every byte of a payload is as it was sent.</summary>
    /// <param name="payload">A payload that <see cref="TryRead"/> took.</param>
    /// <returns>True when the check is right.</returns>
    public static bool IsIntact(ReadOnlySpan<byte> payload) =>
        BinaryPrimitives.ReadUInt32BigEndian(payload[CheckOffset..]) == Check(payload, HashBody(payload));

    private static uint Check(ReadOnlySpan<byte> header, uint bodyHash)
    {
        ulong first = BinaryPrimitives.ReadUInt64BigEndian(header);
        uint check = BitOperations.Crc32C(bodyHash, first);
        if (((first >> 16) & KernelFlag) != 0)
        {
            return check;
        }

        check = BitOperations.Crc32C(check, BinaryPrimitives.ReadUInt32BigEndian(header[StreamOffset..]));
        check = BitOperations.Crc32C(check, BinaryPrimitives.ReadUInt64BigEndian(header[SequenceOffset..]));
        return BitOperations.Crc32C(check, BinaryPrimitives.ReadUInt64BigEndian(header[TimeOffset..]));
    }

    private ulong FirstWord(int payloadBytes)
    {
        int flags = (IsTai ? TaiFlag : 0) | (IsStampedInKernel ? KernelFlag : 0) | (IsEnd ? EndFlag | (Remaining << RemainingShift) : 0);
        return ((ulong)Magic << 32) | ((ulong)Version << 24) | ((ulong)(byte)flags << 16) | (ushort)payloadBytes;
    }
}
