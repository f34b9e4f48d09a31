using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Events;
using Net.Firewall;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Logging;

/// <summary>Packets that rules log: takes them from the kernel, names their rule and hands them to the file, to whoever watches and to detection. Nothing of it ever holds up packets: what
/// comes too fast is dropped and counted. The log group is held only while a rule in force logs.</summary>
/// <param name="host">The kernel; null where this host has none of it.</param>
/// <param name="models">Rules by id.</param>
/// <param name="addresses">Names of interfaces.</param>
/// <param name="file">The file.</param>
/// <param name="events">Hears when the log cannot be read.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Hears of faults.</param>
internal sealed partial class FirewallLog(
    IFirewallHost? host, FirewallModels models, HostAddresses addresses, FirewallLogFile file, EventLog events, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private const int MostSubscribers = 32;
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(30);

    private readonly LogEntryBuilder _builder = new(addresses);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private LogSubscription[] _subscriptions = [];
    private IPacketLogReader? _reader;
    private Task _reading = Task.CompletedTask;
    private FirewallModel? _looked;
    private bool _isLogging;
    private long? _failedAt;
    private string? _failure;
    private long _entries;
    private long _lostBefore;

    /// <summary>Hears of each entry, with the packet's headers. Must return at once.</summary>
    public Action<FirewallLogEntry, PacketTuple>? Seen { get; set; }

    /// <summary>Entries taken since the engine started.</summary>
    public long Entries => Interlocked.Read(ref _entries);

    /// <summary>Entries lost since the engine started: by the kernel, here, or on the way to the file.</summary>
    public long Lost
    {
        get
        {
            lock (_gate)
            {
                return _lostBefore + LostOf(_reader) + file.Lost;
            }
        }
    }

    /// <summary>Why the log is not read although rules log, or null.</summary>
    public string? Failure => _failure;

    /// <summary>Takes hold of the log group, or lets go of it, as the rules in force ask for.</summary>
    public void Tick()
    {
        FirewallModel model = models.InForce(clock.GetUtcNow());
        if (!ReferenceEquals(model, _looked))
        {
            _looked = model;
            _isLogging = model.Rules.Any(rule => rule is { Enabled: true, Effects.Log: true });
        }

        if (!_isLogging)
        {
            _failure = null;
            _failedAt = null;
            Close();
            return;
        }

        bool isTooEarly = _failedAt is { } failed && clock.GetElapsedTime(failed) < s_retryAfter;
        if (_reader is null && !isTooEarly && host is not null)
        {
            Open(host);
        }
    }

    /// <summary>Entries as they come.</summary>
    /// <param name="request">Of which rules.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<FirewallLogEntry> WatchAsync(WatchFirewallLog request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_failure is { } failure)
        {
            throw new EngineException(ErrorCatalogue.PlatformLacksSupport, failure);
        }

        var subscription = new LogSubscription(request.Names);
        lock (_gate)
        {
            if (_subscriptions.Length >= MostSubscribers)
            {
                throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"{MostSubscribers} clients watch the log already, which is the most.");
            }

            _subscriptions = [.. _subscriptions, subscription];
        }

        try
        {
            await foreach (FirewallLogEntry entry in subscription.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return entry;
            }
        }
        finally
        {
            lock (_gate)
            {
                _subscriptions = [.. _subscriptions.Where(one => one != subscription)];
            }
        }
    }

    /// <summary>Takes a packet, as the kernel logged it.</summary>
    /// <param name="packet">The packet.</param>
    public void Take(LoggedPacket packet)
    {
        if (packet.Packet is not { } headers || !LogEntryBuilder.TryGetRule(packet.Prefix, out long id))
        {
            return;
        }

        FirewallLogEntry entry = _builder.Build(packet, headers, id, models.RulesById(clock.GetUtcNow()).GetValueOrDefault(id));
        Interlocked.Increment(ref _entries);
        file.Offer(entry);
        foreach (LogSubscription subscription in Volatile.Read(ref _subscriptions))
        {
            subscription.Offer(entry);
        }

        Seen?.Invoke(entry, headers);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Close();
        await _reading.ConfigureAwait(false);
        _stop.Dispose();
    }

    private static long LostOf(IPacketLogReader? reader) => reader is null ? 0 : reader.Dropped + reader.Lost;

    private void Open(IFirewallHost kernel)
    {
        try
        {
            IPacketLogReader reader = kernel.OpenPacketLog(new PacketLogOptions { TimeProvider = clock });
            lock (_gate)
            {
                _reader = reader;
            }

            _failure = null;
            _failedAt = null;
            _reading = ReadAllAsync(reader);
        }
        catch (Exception exception) when (KernelFailure.Is(exception))
        {
            _failedAt = clock.GetTimestamp();
            string failure = $"Packets that rules log cannot be read: {exception.Message.TrimEnd('.')}. Another program may hold log group {PacketLogOptions.DefaultGroup}.";
            if (_failure is null)
            {
                events.Publish("FirewallLogNotRead", "firewall", EventSeverity.Warning, failure);
            }

            _failure = failure;
        }
    }

    private void Close()
    {
        IPacketLogReader? reader;
        lock (_gate)
        {
            reader = _reader;
            _lostBefore += LostOf(reader);
            _reader = null;
        }

        reader?.Dispose();
    }

    private async Task ReadAllAsync(IPacketLogReader reader)
    {
        try
        {
            await foreach (LoggedPacket packet in reader.Packets.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                Take(packet);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception exception)
        {
            Log.ReadingEnded(logger, exception);
        }

        // The kernel's end is gone; the next look opens it again.
        bool isOurs;
        lock (_gate)
        {
            isOurs = _reader == reader;
        }

        if (isOurs)
        {
            Close();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Reading the firewall's log ended; it is opened again.", EventName = "FirewallLogReadingEnded")]
        public static partial void ReadingEnded(ILogger logger, Exception exception);
    }
}
