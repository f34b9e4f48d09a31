using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Engine.Events;
using Net.Engine.Firewall.Translation;

namespace Net.Engine.Firewall.Time;

/// <summary>Makes time come into force: applies the firewall again whenever a schedule begins or ends, takes rules out of the document that expired, and forgets kept sessions
/// that ended. While there is nothing to wait for it has no timer; else it looks at least once a minute, because clocks are put right.</summary>
internal sealed partial class FirewallScheduler : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);

    private readonly ConfigurationManager _configuration;
    private readonly FirewallSubsystem _firewall;
    private readonly EventLog _events;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Lock _gate = new();
    private Dictionary<long, bool> _states = [];
    private ITimer? _timer;
    private bool _isDisposed;

    public FirewallScheduler(ConfigurationManager configuration, FirewallSubsystem firewall, EventLog events, TimeProvider clock, ILogger logger)
    {
        _configuration = configuration;
        _firewall = firewall;
        _events = events;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Begins to watch the time, and to hear of applied sections.</summary>
    public void Start()
    {
        _firewall.Applied += Arm;
        Arm(_configuration.Document.Firewall);
    }

    /// <summary>Does what is due.</summary>
    public async Task TickAsync()
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isDisposed)
            {
                return;
            }

            _firewall.Sessions?.Prune();
            await _configuration.WithTurnAsync(desired => _firewall.RefreshAsync(desired, CancellationToken.None), CancellationToken.None).ConfigureAwait(false);
            TellSwitched(_configuration.Document.Firewall);
            await RemoveExpiredAsync().ConfigureAwait(false);
        }
        catch (EngineException exception)
        {
            _events.Publish("FirewallRefreshFailed", "firewall", EventSeverity.Error, $"The firewall could not be applied again when a schedule changed: {exception.Message} It is tried again.");
        }
        catch (Exception exception)
        {
            // Nobody awaits this, and the next look must come.
            Log.TickFaulted(_logger, exception);
        }
        finally
        {
            _one.Release();
        }

        Arm(_configuration.Document.Firewall);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _firewall.Applied -= Arm;
        lock (_gate)
        {
            _isDisposed = true;
            _timer?.Dispose();
            _timer = null;
        }

        // What runs ends before the engine goes on to end; a timer that fired at this very moment finds that it is too late.
        await _one.WaitAsync().ConfigureAwait(false);
        _one.Release();
    }

    private static Dictionary<long, bool> StatesOf(TranslatedFirewall translated)
    {
        var states = new Dictionary<long, bool>();
        for (int index = 0; index < translated.Rules.Length; index++)
        {
            if (translated.Rules[index].Schedule is not null)
            {
                states[translated.Rules[index].Id] = translated.Activities[index].IsActive;
            }
        }

        return states;
    }

    private void Arm(FirewallSection section)
    {
        TranslatedFirewall translated = _firewall.Translator.Translate(section);
        DateTimeOffset now = _clock.GetUtcNow();
        bool hasExpired = section.Rules.Any(rule => rule.ExpiresAt <= now);
        bool isNeeded = translated.NextChange is not null || hasExpired || _firewall.Sessions?.HasAny == true;
        TimeSpan wait = translated.NextChange is { } next && next - now < LongestWait ? next - now : LongestWait;
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
            if (_isDisposed)
            {
                return;
            }

            // What a change of the document switches is in its plan; only what time switches is told of.
            _states = StatesOf(translated);
            if (isNeeded)
            {
                _timer = _clock.CreateTimer(_ => _ = TickAsync(), null, wait < ShortestWait ? ShortestWait : wait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void TellSwitched(FirewallSection section)
    {
        Dictionary<long, bool> now = StatesOf(_firewall.Translator.Translate(section));
        Dictionary<long, bool> before;
        lock (_gate)
        {
            before = _states;
            _states = now;
        }

        FirewallRule[] switched = [.. section.Rules.Where(rule => now.TryGetValue(rule.Id, out bool isActive) && before.TryGetValue(rule.Id, out bool wasActive) && isActive != wasActive)];
        if (switched.Length == 0)
        {
            return;
        }

        string on = Names([.. switched.Where(rule => now[rule.Id])]);
        string off = Names([.. switched.Where(rule => !now[rule.Id])]);
        string text = on.Length == 0 ? $"Not in force any more by their schedule: {off}." : off.Length == 0 ? $"In force by their schedule: {on}." : $"In force by their schedule: {on}; not any more: {off}.";
        _events.Publish("FirewallRulesSwitched", "firewall", EventSeverity.Information, text);
    }

    private async Task RemoveExpiredAsync()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        if (!_configuration.Document.Firewall.Rules.Any(rule => rule.ExpiresAt <= now))
        {
            return;
        }

        FirewallRule[] expired = [];
        try
        {
            ChangeOutcome outcome = await _configuration.ChangeAsync(
                new Actor("engine", EngineRole.Admin),
                new ChangeOptions { Comment = "rules that expired" },
                document =>
                {
                    expired = [.. document.Firewall.Rules.Where(rule => rule.ExpiresAt <= now)];
                    return document with { Firewall = document.Firewall with { Rules = [.. document.Firewall.Rules.Except(expired)] } };
                },
                CancellationToken.None).ConfigureAwait(false);
            if (outcome.Applied)
            {
                _events.Publish("FirewallRulesExpired", "firewall", EventSeverity.Information, $"Their time is over, and they were taken out: {Names(expired)}.");
            }
        }
        catch (EngineException exception)
        {
            // They are not in force either way; while a change waits for its confirmation the document must stay.
            Log.NotRemoved(_logger, exception.Message);
        }
    }

    private static string Names(FirewallRule[] rules) => string.Join(", ", rules.Take(10).Select(rule => rule.Name)) + (rules.Length > 10 ? $" and {rules.Length - 10} more" : string.Empty);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "What the time asks of the firewall could not be done; it is tried again.", EventName = "FirewallTimeFaulted")]
        public static partial void TickFaulted(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Debug, "Expired rules stay in the document for now: {Reason}", EventName = "FirewallExpiredNotRemoved")]
        public static partial void NotRemoved(ILogger logger, string reason);
    }
}
