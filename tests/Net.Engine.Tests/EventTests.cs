using Microsoft.Extensions.Logging.Abstractions;
using Net.Contracts;
using Net.Engine.Events;
using Net.Testing;

namespace Net.Engine.Tests;

public sealed class EventTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void The_newest_events_are_kept_in_order()
    {
        EventLog log = Log();
        Fill(log, EventLog.Capacity + 10);
        EngineEvent[] kept = log.List(new ListEvents());
        Assert.Equal((EventLog.Capacity, 11L, EventLog.Capacity + 10L), (kept.Length, kept[0].Sequence, kept[^1].Sequence));
        Assert.Equal([kept[^2].Sequence, kept[^1].Sequence], log.List(new ListEvents(Newest: 2)).Select(item => item.Sequence));
        Assert.Empty(log.List(new ListEvents(Newest: 0)));
    }

    [Fact]
    public void Events_are_filtered_by_area_id_and_time()
    {
        EventLog log = Log();
        log.Publish("PathFailed", "paths", EventSeverity.Warning, "1");
        _clock.Advance(TimeSpan.FromSeconds(1));
        DateTimeOffset between = _clock.GetUtcNow();
        log.Publish("PathAdded", "paths", EventSeverity.Information, "2");
        _clock.Advance(TimeSpan.FromSeconds(1));
        log.Publish("EngineStarted", "engine", EventSeverity.Information, "3");
        Assert.Equal(["1", "2"], Messages(new ListEvents(Areas: ["PATHS"])));
        Assert.Equal(["1", "2"], Messages(new ListEvents(EventIds: ["path*"])));
        Assert.Equal(["1", "3"], Messages(new ListEvents(EventIds: ["PathFailed", "EngineStarted"])));
        Assert.Equal(["3"], Messages(new ListEvents(Since: between)));
        Assert.Equal(3, log.List(new ListEvents([], [])).Length);

        string[] Messages(ListEvents request) => [.. log.List(request).Select(item => item.Message)];
    }

    [Fact]
    public async Task A_watch_goes_on_where_it_was_asked_to_without_gap_or_repetition()
    {
        EventLog log = Log();
        Fill(log, 5);
        await using IAsyncEnumerator<EngineEvent> watch = log.WatchAsync(new WatchEvents(AfterSequence: 3), EngineRig.Token).GetAsyncEnumerator(EngineRig.Token);
        for (long expected = 4; expected <= 8; expected++)
        {
            Assert.True(await watch.MoveNextAsync());
            Assert.Equal(expected, watch.Current.Sequence);
            Fill(log, expected == 4 ? 3 : 0);
        }
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_loses_the_oldest_and_sees_the_gap()
    {
        EventLog log = Log();
        await using IAsyncEnumerator<EngineEvent> watch = log.WatchAsync(new WatchEvents(EventIds: ["E*"]), EngineRig.Token).GetAsyncEnumerator(EngineRig.Token);
        ValueTask<bool> first = watch.MoveNextAsync();
        Fill(log, 1);
        Assert.True(await first);
        Fill(log, 10_000);
        Assert.True(await watch.MoveNextAsync());
        Assert.True(watch.Current.Sequence > 1000);
    }

    private static void Fill(EventLog log, int count)
    {
        for (int number = 0; number < count; number++)
        {
            log.Publish("E", "engine", EventSeverity.Information, "text");
        }
    }

    private EventLog Log() => new(_clock, NullLogger<EventLog>.Instance);
}
