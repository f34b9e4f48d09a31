using Net.Packets;

namespace Net.Traffic;

/// <summary>Sends a plan: stamps payloads, puts them into batches as they become due, streams in turn. Time and output are passed in; nothing is allocated per packet.</summary>
internal sealed class SendLoop
{
    /// <summary>Packets of a stream that say it ends, so that the loss of one hides nothing.</summary>
    public const int EndPackets = 3;

    // The ends of many slow streams are not waited for longer than this.
    private const long LongestEnd = 250_000_000;
    private const long ProgressEvery = 1_000_000_000;
    private const ulong BodySeed = 0x6E65746D6F640000;

    private readonly TrafficPlan _plan;
    private readonly ITrafficClock _clock;
    private readonly ITrafficOutput _output;
    private readonly uint _firstStream;
    private readonly uint[] _bodyHashes;
    private readonly ulong[] _sequences;
    private readonly int _destinations;
    private long _taiOffset;
    private int _nextStream;
    private long _sent;
    private long _stamped;

    /// <summary>Makes one and fills the bodies of the batch: different in each place, so that a mix-up of payloads shows.</summary>
    /// <param name="plan">What to send.</param>
    /// <param name="firstStream">Number of the first stream.</param>
    /// <param name="clock">The time.</param>
    /// <param name="output">Where to.</param>
    public SendLoop(TrafficPlan plan, uint firstStream, ITrafficClock clock, ITrafficOutput output)
    {
        _plan = plan;
        _clock = clock;
        _output = output;
        _firstStream = firstStream;
        _destinations = plan.Groups * plan.Ports;
        _sequences = new ulong[plan.Streams];
        _bodyHashes = new uint[output.Capacity];
        for (int place = 0; place < output.Capacity; place++)
        {
            Span<byte> payload = output.Payload(place);
            FillBody(payload[TrafficHeader.Bytes..], (ulong)place);
            _bodyHashes[place] = TrafficHeader.HashBody(payload);
        }
    }

    /// <summary>Sends until the plan is done or the token asks to end; then says of every stream that it ends.</summary>
    /// <param name="progress">Hears how far it is, once a second; on the sending thread.</param>
    /// <param name="cancellationToken">Ends it early, in good order.</param>
    /// <returns>What was sent.</returns>
    /// <exception cref="TrafficException">The kernel takes none of it.</exception>
    public TrafficSent Run(Action<TrafficProgress>? progress, CancellationToken cancellationToken)
    {
        long start = _clock.Now;
        long end = start + (long)(_plan.Duration.TotalSeconds * 1e9);
        _taiOffset = _plan.UsesTai ? _clock.TaiOffset : 0;
        PacketSchedule schedule = new(_plan.PacketsPerSecond, start);
        long nextProgress = start + ProgressEvery;
        long before = 0;
        long limit = _plan.Packets ?? long.MaxValue;
        long now = start;
        while (now < end && _stamped < limit && !cancellationToken.IsCancellationRequested)
        {
            long due = Math.Min(schedule.Due(now), limit - _stamped);
            if (due == 0)
            {
                _clock.WaitUntil(Math.Min(Math.Min(schedule.Next, end), nextProgress));
            }
            else
            {
                schedule.Take(SendBatch(due));
            }

            now = _clock.Now;
            if (now >= nextProgress)
            {
                progress?.Invoke(new TrafficProgress(TimeSpan.FromTicks((now - start) / TimeSpan.NanosecondsPerTick), _sent, _sent - before, 0));
                before = _sent;
                nextProgress = now + ProgressEvery;
                _taiOffset = _plan.UsesTai ? _clock.TaiOffset : 0;
            }
        }

        long stopped = _clock.Now;
        SendEnds();
        return new TrafficSent
        {
            Packets = _sent,
            Bytes = _sent * _plan.PayloadBytes,
            Refused = _output.Refused,
            Missed = schedule.Missed,
            Elapsed = TimeSpan.FromTicks(Math.Max(stopped - start, 1) / TimeSpan.NanosecondsPerTick),
            FirstStream = _firstStream,
        };
    }

    /// <summary>Fills a body by SplitMix64 (Steele, Lea and Flood 2014): bytes that no shift, swap or cut leaves as they were.</summary>
    internal static void FillBody(Span<byte> body, ulong place)
    {
        ulong state = BodySeed + (place << 32);
        for (int offset = 0; offset < body.Length; offset++)
        {
            state += 0x9E3779B97F4A7C15;
            ulong mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            body[offset] = (byte)(mixed ^ (mixed >> 31));
        }
    }

    private int SendBatch(long due)
    {
        int count = (int)Math.Min(due, _output.Capacity);

        // One packet of each stream in turn; runs only when so many are due that each stream has several.
        int run = (int)Math.Clamp(due / _plan.Streams, 1, _output.MostRun);
        for (int place = 0; place < count;)
        {
            int length = Math.Min(run, count - place);
            long time = _clock.Now + _taiOffset;
            for (int index = 0; index < length; index++)
            {
                Stamp(place + index, _nextStream, time, isEnd: false, remaining: 0);
            }

            _output.Queue(place, length, _nextStream % _destinations);
            _nextStream = _nextStream + 1 == _plan.Streams ? 0 : _nextStream + 1;
            place += length;
        }

        Flush();
        return count;
    }

    private void SendEnds()
    {
        long start = _clock.Now;
        long packets = (long)EndPackets * _plan.Streams;
        double interval = _plan.PacketsPerSecond > 0 ? Math.Min(1e9 / _plan.PacketsPerSecond, (double)LongestEnd / packets) : 0;
        long issued = 0;
        for (int remaining = EndPackets - 1; remaining >= 0; remaining--)
        {
            for (int stream = 0; stream < _plan.Streams;)
            {
                _clock.WaitUntil(start + (long)Math.Ceiling(issued * interval));
                long due = interval == 0 ? _output.Capacity : (long)((_clock.Now - start) / interval) + 1 - issued;
                int count = (int)Math.Min(Math.Clamp(due, 1, _output.Capacity), _plan.Streams - stream);
                for (int place = 0; place < count; place++, stream++)
                {
                    Stamp(place, stream, _clock.Now + _taiOffset, isEnd: true, remaining);
                    _output.Queue(place, 1, stream % _destinations);
                }

                issued += count;
                Flush();
            }
        }
    }

    private void Flush()
    {
        _sent += _output.Flush();
        if (_sent == 0 && _output.Refused > 0)
        {
            throw new TrafficException($"The kernel takes no packet to {_plan.Destination} out of {_plan.Interface}: {_output.Problem}.");
        }
    }

    private void Stamp(int place, int stream, long time, bool isEnd, int remaining)
    {
        var header = new TrafficHeader(unchecked(_firstStream + (uint)stream), _sequences[stream]++, time) { IsTai = _plan.UsesTai, IsEnd = isEnd, Remaining = remaining };
        header.Write(_output.Payload(place), _bodyHashes[place]);
        _stamped++;
    }
}
