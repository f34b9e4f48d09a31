namespace Net.Overlay.Queues;

/// <summary>Tells flows of few bytes that go on for a while, which somebody or something waits for (a shell, a call, an echo), from those that move data, and from exchanges that are over
/// at once. Flows are told apart by their hash alone, as in a <see cref="FlowQueue"/>: a thin one that shares its place with a thick one is not seen. For one thread; allocates nothing
/// after it was made.</summary>
public sealed class ThinFlows
{
    /// <summary>Bytes within a <see cref="Window"/> above which a flow is not thin: two megabits per second.</summary>
    public const int MostBytes = 16_384;

    /// <summary>The time bytes are counted for, and which a flow has to go on for, in nanoseconds.</summary>
    public const long Window = 64_000_000;

    /// <summary>The longest silence between packets of one flow, in nanoseconds: an echo comes once a second.</summary>
    public const long LongestSilence = 2_000_000_000;

    private const int Places = 256;

    private readonly Place[] _places = new Place[Places];

    /// <summary>Counts a packet, and says whether its flow is thin.</summary>
    /// <param name="flow">A hash of the flow.</param>
    /// <param name="bytes">Bytes of the packet.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    public bool IsThin(uint flow, int bytes, long now)
    {
        ref Place place = ref _places[flow % Places];
        if (place.LastSeen == 0 || now - place.LastSeen > LongestSilence)
        {
            place = new Place { FirstSeen = now, WindowBegun = now };
        }
        else if (now - place.WindowBegun >= Window)
        {
            place.BytesBefore = now - place.WindowBegun < 2 * Window ? place.Bytes : 0;
            place.Bytes = 0;
            place.WindowBegun = now;
        }

        place.LastSeen = now;
        place.Bytes = Math.Min(place.Bytes + bytes, int.MaxValue / 2);
        return now - place.FirstSeen >= Window && place.Bytes <= MostBytes && place.BytesBefore <= MostBytes;
    }

    private struct Place
    {
        public long FirstSeen;
        public long LastSeen;
        public long WindowBegun;
        public int Bytes;
        public int BytesBefore;
    }
}
