using Microsoft.Extensions.Logging;

namespace Net.Engine.Configuration;

/// <content>Writing a generation whole that was written as a difference, so that nobody waited for it.</content>
internal sealed partial class ConfigurationManager
{
    // Long enough not to come between the changes of a script, short enough that a day's changes do not hang on each other.
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(2);

    private ITimer? _consolidationTimer;
    private int _isConsolidating;

    private void ConsolidateLater()
    {
        (bool isWanted, bool isUrgent) = _store.Consolidation;
        if (!isWanted)
        {
            return;
        }

        TimeSpan due = isUrgent ? TimeSpan.Zero : QuietTime;
        _consolidationTimer ??= _clock.CreateTimer(_ => Consolidate(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _consolidationTimer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Consolidate()
    {
        if (Interlocked.Exchange(ref _isConsolidating, 1) != 0)
        {
            return;
        }

        try
        {
            _store.Consolidate();
        }
        catch (Exception exception)
        {
            // As a difference it is as safe; the next change tries again.
            Log.NotConsolidated(_logger, exception);
        }
        finally
        {
            Volatile.Write(ref _isConsolidating, 0);
        }
    }

    private void StopConsolidation()
    {
        _consolidationTimer?.Dispose();
        _consolidationTimer = null;
    }

    private static partial class Log
    {
        [LoggerMessage(9, LogLevel.Warning, "A generation could not be written whole and stays a difference to the one before it.", EventName = "GenerationNotConsolidated")]
        public static partial void NotConsolidated(ILogger logger, Exception exception);
    }
}
