using Net.Packets;

namespace Net.Relay;

/// <summary>Counts what is missing in streams whose payload has numbers: RTP (RFC 3550), MPEG transport streams (continuity counters, ISO/IEC 13818-1 section 2.4.3.3) and our own
/// generator's. Which of them it is, the payload says. Allocates only when made. Belongs to the thread that relays; the counters may be read by any.</summary>
public sealed class SequenceAnalyzer
{
    private const int Streams = 8;
    private const int Window = 1024;
    private const int TsPacketBytes = 188;
    private const byte TsSync = 0x47;
    private const int TsNullPid = 0x1FFF;
    private const byte Unknown = 0xFF;
    private const byte Repeated = 0x80;

    private readonly RtpStream[] _rtp = new RtpStream[Streams];
    private readonly GeneratorStream[] _generator = new GeneratorStream[Streams];

    // Per PID: the last continuity counter, and whether it was repeated.
    private readonly byte[] _continuity = new byte[TsNullPid];
    private int _kind;
    private long _numbered;
    private long _lost;
    private long _reordered;
    private long _duplicates;

    /// <summary>Makes one that has seen nothing.</summary>
    public SequenceAnalyzer()
    {
        _continuity.AsSpan().Fill(Unknown);
        for (int index = 0; index < Streams; index++)
        {
            _rtp[index] = new RtpStream(Window);
            _generator[index] = new GeneratorStream();
        }
    }

    /// <summary>Packets missing so far: what comes late after all is taken off again. For MPEG-TS packets of 188 bytes, counted modulo 16.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Packets that came after a later one.</summary>
    public long Reordered => Volatile.Read(ref _reordered);

    /// <summary>Packets whose number had been seen.</summary>
    public long Duplicates => Volatile.Read(ref _duplicates);

    /// <summary>Whose numbers were found last; null before the first.</summary>
    public SequenceKind? Kind => Volatile.Read(ref _kind) is > 0 and int kind ? (SequenceKind)(kind - 1) : null;

    /// <summary>Packets that had numbers, of MPEG-TS those of 188 bytes.</summary>
    public long Numbered => Volatile.Read(ref _numbered);

    /// <summary>Looks at a payload.</summary>
    /// <param name="packet">The packet, whose destination tells streams of one rule apart.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="now">The monotonic clock in nanoseconds, above 0.</param>
    public void See(in PacketView packet, ReadOnlySpan<byte> payload, long now)
    {
        ulong destination = ((ulong)packet.DestinationPort << 48) ^ ((ulong)packet.Destination.LastWord * 0x9E37_79B1);
        if (TrafficHeader.TryRead(payload, out TrafficHeader header))
        {
            Note(SequenceKind.Generator, 1);
            SeeGenerator(destination ^ ((ulong)header.Stream << 32), (long)header.Sequence, now);
        }
        else if (IsTransportStream(payload))
        {
            Note(SequenceKind.MpegTs, payload.Length / TsPacketBytes);
            SeeTransportStream(payload);
        }
        else if (RtpHeader.TryRead(payload, out RtpHeader rtp))
        {
            Note(SequenceKind.Rtp, 1);
            SeeRtp(destination ^ ((ulong)rtp.Ssrc << 16), rtp.Sequence, now);
        }
    }

    private void Note(SequenceKind kind, int packets)
    {
        Volatile.Write(ref _kind, (int)kind + 1);
        Volatile.Write(ref _numbered, _numbered + packets);
    }

    private void SeeGenerator(ulong key, long sequence, long now)
    {
        GeneratorStream stream = _generator[0];
        foreach (GeneratorStream candidate in _generator)
        {
            if (candidate.LastSeen > 0 && candidate.Key == key)
            {
                stream = candidate;
                break;
            }

            stream = candidate.LastSeen < stream.LastSeen ? candidate : stream;
        }

        if (stream.Key != key || stream.LastSeen == 0)
        {
            stream.Key = key;
            stream.Window.Restart(Math.Max(0, sequence));
            stream.LastSeen = now;
            return;
        }

        stream.LastSeen = now;
        SequenceEvent found = stream.Window.See(sequence, out long missing);
        if (found == SequenceEvent.Far && sequence >= 0)
        {
            stream.Window.Restart(sequence);
        }

        Count(found, missing);
    }

    private void SeeRtp(ulong key, ushort sequence, long now)
    {
        RtpStream stream = _rtp[0];
        foreach (RtpStream candidate in _rtp)
        {
            if (candidate.LastSeen > 0 && candidate.Key == key)
            {
                stream = candidate;
                break;
            }

            stream = candidate.LastSeen < stream.LastSeen ? candidate : stream;
        }

        if (stream.Key != key || stream.LastSeen == 0)
        {
            stream.Reset(key);
        }

        SequenceEvent found = stream.See(sequence, now, out long missing);
        if (found == SequenceEvent.Far && stream.IsEstablished && stream.ConfirmsRestart(sequence))
        {
            stream.Restart(sequence, now);
        }

        Count(found, missing);
    }

    private void Count(SequenceEvent found, long missing)
    {
        switch (found)
        {
            case SequenceEvent.Gap:
                Volatile.Write(ref _lost, _lost + missing);
                break;
            case SequenceEvent.Late:
                Volatile.Write(ref _reordered, _reordered + 1);
                Volatile.Write(ref _lost, Math.Max(0, _lost - 1));
                break;
            case SequenceEvent.Duplicate:
                Volatile.Write(ref _duplicates, _duplicates + 1);
                break;
            default:
                break;
        }
    }

    private static bool IsTransportStream(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < TsPacketBytes || payload.Length % TsPacketBytes != 0)
        {
            return false;
        }

        for (int offset = 0; offset < payload.Length; offset += TsPacketBytes)
        {
            if (payload[offset] != TsSync)
            {
                return false;
            }
        }

        return true;
    }

    private void SeeTransportStream(ReadOnlySpan<byte> payload)
    {
        for (int offset = 0; offset < payload.Length; offset += TsPacketBytes)
        {
            ReadOnlySpan<byte> packet = payload.Slice(offset, TsPacketBytes);
            int pid = ((packet[1] & 0x1F) << 8) | packet[2];
            if (pid == TsNullPid)
            {
                continue;
            }

            bool hasAdaptation = (packet[3] & 0x20) != 0;
            bool hasPayload = (packet[3] & 0x10) != 0;
            bool isDiscontinuous = hasAdaptation && packet[4] > 0 && (packet[5] & 0x80) != 0;
            byte counter = (byte)(packet[3] & 0x0F);
            byte known = _continuity[pid];
            if (known == Unknown || isDiscontinuous)
            {
                _continuity[pid] = counter;
            }
            else if (hasPayload)
            {
                SeeCounter(pid, counter, known);
            }
        }
    }

    // A packet may be sent twice in a row; the counter stands still while there is no payload.
    private void SeeCounter(int pid, byte counter, byte known)
    {
        int step = (counter - (known & 0x0F)) & 0x0F;
        if (step == 0 && (known & Repeated) == 0)
        {
            _continuity[pid] = (byte)(counter | Repeated);
            Volatile.Write(ref _duplicates, _duplicates + 1);
            return;
        }

        _continuity[pid] = counter;
        Volatile.Write(ref _lost, _lost + (step == 0 ? 15 : step - 1));
    }

    private sealed class GeneratorStream
    {
        public SequenceWindow Window { get; } = new(SequenceAnalyzer.Window, long.MaxValue);

        public ulong Key { get; set; }

        public long LastSeen { get; set; }
    }
}
