using Net.Packets;

namespace Net.Traffic.Tests.Support;

/// <summary>Keeps what a loop sends, and takes the time a kernel would.</summary>
internal sealed class RecordingOutput(ManualClock clock, int payloadBytes, int capacity = 128) : ITrafficOutput
{
    private readonly byte[] _memory = new byte[payloadBytes * capacity];
    private readonly List<(int First, int Count, int Destination)> _queue = [];

    public List<(TrafficHeader Header, int Destination, long Time)> Sent { get; } = [];

    public List<byte[]> Payloads { get; } = [];

    public List<int> Batches { get; } = [];

    public List<int> Runs { get; } = [];

    public long CostNanoseconds { get; set; }

    public bool Refuses { get; set; }

    public int Capacity => capacity;

    public int MostRun => 64;

    public long Refused { get; private set; }

    public string? Problem => Refuses ? "Network is unreachable" : null;

    public Span<byte> Payload(int index) => _memory.AsSpan(index * payloadBytes, payloadBytes);

    public void Queue(int first, int count, int destination) => _queue.Add((first, count, destination));

    public int Flush()
    {
        int packets = _queue.Sum(run => run.Count);
        Batches.Add(packets);
        foreach ((int first, int count, int destination) in _queue)
        {
            Runs.Add(count);
            for (int place = first; place < first + count; place++)
            {
                Assert.True(TrafficHeader.TryRead(Payload(place), out TrafficHeader header));
                Assert.True(TrafficHeader.IsIntact(Payload(place)));
                Sent.Add((header, destination, clock.Now));
                Payloads.Add(Payload(place).ToArray());
            }
        }

        _queue.Clear();
        clock.Now += CostNanoseconds * packets;
        if (Refuses)
        {
            Refused += packets;
            return 0;
        }

        return packets;
    }

    public void Dispose()
    {
    }
}
