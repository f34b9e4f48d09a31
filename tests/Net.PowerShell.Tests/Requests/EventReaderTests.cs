using Net.Contracts;
using Net.PowerShell.Requests;
using Net.PowerShell.Tests.Fakes;

namespace Net.PowerShell.Tests.Requests;

public sealed class EventReaderTests
{
    [Fact]
    public async Task Without_waiting_only_kept_events_come()
    {
        FakeEngine engine = Engine(kept: [Sample.Event(1), Sample.Event(2)]);

        Assert.Equal([1, 2], await ReadAsync(engine, new ListEvents(), wait: false));
    }

    [Fact]
    public async Task The_stream_begins_right_after_the_last_kept_event()
    {
        FakeEngine engine = Engine([Sample.Event(1), Sample.Event(2)], Sample.Event(3));

        Assert.Equal([1, 2, 3], await ReadAsync(engine, new ListEvents(EventIds: ["Path*"]), wait: true));

        WatchEvents watch = Assert.Single(engine.RequestsOf<WatchEvents>());
        Assert.Equal(2, watch.AfterSequence);
        Assert.Equal(["Path*"], watch.EventIds!);
    }

    [Fact]
    public async Task When_no_kept_event_passes_the_filter_old_ones_do_not_come_by_the_stream()
    {
        FakeEngine engine = new FakeEngine()
            .Answer(EngineApi.EventsList, request => request.Newest == 1 ? [Sample.Event(9, "Other")] : [])
            .Stream(EngineApi.EventsWatch, (_, _) => Sample.Items<EngineEvent>());

        await ReadAsync(engine, new ListEvents(Since: DateTimeOffset.UnixEpoch), wait: true);

        Assert.Equal(9, Assert.Single(engine.RequestsOf<WatchEvents>()).AfterSequence);
    }

    [Fact]
    public async Task Newest_zero_begins_with_the_next_event()
    {
        FakeEngine engine = Engine([Sample.Event(1), Sample.Event(2)], Sample.Event(3));

        Assert.Equal([3], await ReadAsync(engine, new ListEvents(Newest: 0), wait: true));
    }

    private static FakeEngine Engine(EngineEvent[] kept, params EngineEvent[] coming) => new FakeEngine()
        .Answer(EngineApi.EventsList, request => request.Newest is { } newest ? [.. kept.TakeLast(newest)] : kept)
        .Stream(EngineApi.EventsWatch, (_, _) => Sample.Items(coming));

    private static async Task<List<long>> ReadAsync(FakeEngine engine, ListEvents request, bool wait)
    {
        var sequences = new List<long>();
        await foreach (EngineEvent one in new EventReader(request, wait).ReadAsync(engine, CancellationToken.None))
        {
            sequences.Add(one.Sequence);
        }

        return sequences;
    }
}
