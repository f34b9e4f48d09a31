using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Net.Contracts;

namespace Net.Engine.Events;

/// <summary>Keeps the newest events and hands them to whoever watches. A watcher that does not read loses the oldest of what waits
/// for it and sees the gap in the sequence numbers; the engine never waits for it.</summary>
internal sealed partial class EventLog(TimeProvider clock, ILogger<EventLog> logger)
{
    /// <summary>How many events are kept: about half a megabyte.</summary>
    public const int Capacity = 1024;

    private const int WatcherCapacity = 1024;

    private readonly Lock _gate = new();
    private readonly Queue<EngineEvent> _kept = new();
    private readonly HashSet<Channel<EngineEvent>> _watchers = [];
    private long _sequence;

    /// <summary>The generation of the configuration that new events are stamped with.</summary>
    public long Generation { get; set; }

    /// <summary>Publishes an event.</summary>
    public void Publish(string eventId, string area, EventSeverity severity, string message, string? target = null, string? actor = null)
    {
        EngineEvent published;
        lock (_gate)
        {
            published = new EngineEvent
            {
                Sequence = ++_sequence,
                Time = clock.GetUtcNow(),
                EventId = eventId,
                Area = area,
                Severity = severity,
                Message = message,
                Target = target,
                Actor = actor,
                Generation = Generation,
            };
            _kept.Enqueue(published);
            if (_kept.Count > Capacity)
            {
                _kept.Dequeue();
            }

            foreach (Channel<EngineEvent> watcher in _watchers)
            {
                watcher.Writer.TryWrite(published);
            }
        }

        LogLevel level = LevelOf(severity);
        Log.Published(logger, level, area, eventId, message);
    }

    /// <summary>The kept events that match, oldest first.</summary>
    public EngineEvent[] List(ListEvents request)
    {
        lock (_gate)
        {
            IEnumerable<EngineEvent> matching = _kept
                .Where(item => Matches(item, request.Areas, request.EventIds))
                .Where(item => request.Since is null || item.Time > request.Since);
            return request.Newest is { } newest ? [.. matching.TakeLast(newest)] : [.. matching];
        }
    }

    /// <summary>Events as they happen, after the kept ones the request asks for.</summary>
    public async IAsyncEnumerable<EngineEvent> WatchAsync(WatchEvents request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<EngineEvent> channel = Channel.CreateBounded<EngineEvent>(
            new BoundedChannelOptions(WatcherCapacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        EngineEvent[] before;
        lock (_gate)
        {
            before = request.AfterSequence is { } after ? [.. _kept.Where(item => item.Sequence > after)] : [];
            _watchers.Add(channel);
        }

        try
        {
            foreach (EngineEvent item in before.Where(item => Matches(item, request.Areas, request.EventIds)))
            {
                yield return item;
            }

            await foreach (EngineEvent item in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (Matches(item, request.Areas, request.EventIds))
                {
                    yield return item;
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(channel);
            }
        }
    }

    private static bool Matches(EngineEvent item, string[]? areas, string[]? eventIds) =>
        (areas is null or [] || areas.Contains(item.Area, StringComparer.OrdinalIgnoreCase)) && NameFilter.Matches(eventIds, item.EventId);

    private static LogLevel LevelOf(EventSeverity severity) => severity switch
    {
        EventSeverity.Error => LogLevel.Error,
        EventSeverity.Warning => LogLevel.Warning,
        _ => LogLevel.Information,
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Message = "{Area}: {EventId}: {Text}", EventName = "EventPublished")]
        public static partial void Published(ILogger logger, LogLevel level, string area, string eventId, string text);
    }
}
