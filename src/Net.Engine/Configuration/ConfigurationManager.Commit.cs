using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Reconciling;
using Net.Engine.State;

namespace Net.Engine.Configuration;

/// <content>Writing, applying, committing and rolling back.</content>
internal sealed partial class ConfigurationManager
{
    private static readonly TimeSpan RollBackRetry = TimeSpan.FromSeconds(1);

    private async Task<ChangeOutcome> CommitAsync(
        string author, ChangeOptions options, NetConfiguration next, ConfigurationPlan plan, CancellationToken cancellationToken)
    {
        InForce before = _inForce;
        long number = NextGeneration();
        cancellationToken.ThrowIfCancellationRequested();
        GenerationFile file = WriteGenerationOrExplain(number, next, author, options.Comment, plan);
        _steps?.Done(TransactionStep.GenerationWritten);

        DateTimeOffset? confirmBy = options.ConfirmWithin is { } within ? _clock.GetUtcNow() + within : null;
        try
        {
            // From here on the change is made whole or taken back whole; a caller that goes away does not stop it in between.
            await ApplySectionsAsync(before.Document, next).ConfigureAwait(false);
            WriteCurrentOrExplain(new CurrentFile(number, confirmBy, confirmBy is null ? null : before.Info.Generation));
        }
        catch (Exception exception)
        {
            Log.TransactionFailed(_logger, exception, number);
            await TakeBackAsync(next, before.Document).ConfigureAwait(false);
            DeleteQuietly(number);
            throw;
        }

        _steps?.Done(TransactionStep.Committed);
        _inForce = new InForce(next, Describe(file, confirmBy: confirmBy), confirmBy is null ? null : new Fallback(before.Document, before.Info.Generation));
        _events.Generation = number;
        Prune();
        _steps?.Done(TransactionStep.Pruned);
        string what = plan.Changes.Length == 1 ? plan.Changes[0].ToString() : $"{plan.Changes.Length} changes";
        string until = confirmBy is null ? string.Empty : $"; rolled back at {confirmBy:HH:mm:ss} UTC unless confirmed";
        _events.Publish("ConfigurationApplied", "configuration", EventSeverity.Information, $"Generation {number} is in force: {what}{until}.", actor: author);
        if (confirmBy is not null)
        {
            StartConfirmTimer(options.ConfirmWithin!.Value);
        }

        return new ChangeOutcome(Applied: true, number, plan, confirmBy);
    }

    private async Task ApplySectionsAsync(NetConfiguration? from, NetConfiguration to)
    {
        foreach (ISection section in _sections)
        {
            await section.ApplyAsync(from, to, CancellationToken.None).ConfigureAwait(false);
            if (section.Name == "firewall")
            {
                _steps?.Done(TransactionStep.FirewallApplied);
            }
            else if (section.Name == "paths")
            {
                _steps?.Done(TransactionStep.RoutesApplied);
            }
        }

        _steps?.Done(TransactionStep.Applied);
    }

    // A section that never came to apply the failed document finds nothing to do here.
    private async Task TakeBackAsync(NetConfiguration failed, NetConfiguration before)
    {
        foreach (ISection section in _sections)
        {
            try
            {
                await section.ApplyAsync(failed, before, CancellationToken.None).ConfigureAwait(false);
            }
            catch (EngineException exception)
            {
                Log.TakeBackFailed(_logger, exception, section.Name);
                _events.Publish("ConfigurationNotInForce", "configuration", EventSeverity.Error, $"After a failed change the section {section.Name} could not be brought back: {exception.Message}");
            }
        }
    }

    /// <summary>Makes the document before the unconfirmed one the one in force again, as a new generation. The caller holds the turn.</summary>
    private async Task RollBackAsync(string why, string author)
    {
        InForce unconfirmed = _inForce;
        Fallback previous = unconfirmed.Previous!;
        StopConfirmTimer();
        await ApplySectionsAsync(unconfirmed.Document, previous.Document).ConfigureAwait(false);
        ConfigurationPlan plan = PlanOf(unconfirmed.Document, previous.Document, unconfirmed.Info.Generation);
        NetConfiguration document = previous.Document with
        {
            Firewall = previous.Document.Firewall with { NextRuleId = Math.Max(previous.Document.Firewall.NextRuleId, unconfirmed.Document.Firewall.NextRuleId) },
        };
        long number = NextGeneration();
        string comment = $"rolled back from generation {unconfirmed.Info.Generation}: {why}";
        GenerationFile file;
        try
        {
            file = WriteGenerationOrExplain(number, document, author, comment, plan);
            WriteCurrentOrExplain(new CurrentFile(number));
        }
        catch (EngineException exception)
        {
            // The kernel is back already, and a restart would roll back once more: current.json still says so.
            Log.RollBackNotWritten(_logger, exception);
            file = new GenerationFile(previous.Generation, _clock.GetUtcNow(), author, comment, [], unconfirmed.Info.Hash, default);
        }

        _inForce = new InForce(document, Describe(file));
        _events.Generation = file.Generation;
        _events.Publish("ConfigurationRolledBack", "configuration", EventSeverity.Warning, $"Generation {unconfirmed.Info.Generation} was rolled back: {why}. What was in force before is again, as generation {file.Generation}.", actor: author);
    }

    private void StartConfirmTimer(TimeSpan due)
    {
        StopConfirmTimer();
        long generation = _inForce.Info.Generation;
        _confirmTimer = _clock.CreateTimer(_ => _ = RollBackUnconfirmedAsync(generation), null, due, Timeout.InfiniteTimeSpan);
    }

    private void StopConfirmTimer()
    {
        _confirmTimer?.Dispose();
        _confirmTimer = null;
    }

    private async Task RollBackUnconfirmedAsync(long generation)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_inForce.Previous is not null && _inForce.Info.Generation == generation)
            {
                await RollBackAsync("it was not confirmed in time", "engine").ConfigureAwait(false);
            }
        }
        catch (EngineException exception)
        {
            // Never give up: a lock-out lasts as long as this does not succeed.
            Log.RollBackFailed(_logger, exception);
            _confirmTimer = _clock.CreateTimer(_ => _ = RollBackUnconfirmedAsync(generation), null, RollBackRetry, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            _turn.Release();
        }
    }

    private long NextGeneration() => Math.Max(_inForce.Info.Generation, _store.List().LastOrDefault()) + 1;

    private GenerationFile WriteGenerationOrExplain(long number, NetConfiguration document, string author, string? comment, ConfigurationPlan plan)
    {
        const int summaryLines = 20;
        string[] summary = [.. plan.Changes.Take(summaryLines).Select(change => change.ToString())];
        if (plan.Changes.Length > summaryLines)
        {
            summary = [.. summary, $"and {plan.Changes.Length - summaryLines} more"];
        }

        try
        {
            return _store.Write(number, document, _clock.GetUtcNow(), author, comment, summary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCatalogue.StateNotWritable, $"The new generation could not be written: {exception.Message}", inner: exception);
        }
    }

    private void WriteCurrentOrExplain(CurrentFile current)
    {
        try
        {
            _store.WriteCurrent(current);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCatalogue.StateNotWritable, $"The change could not be made final: {exception.Message}", inner: exception);
        }
    }

    private void Prune()
    {
        long[] all = _store.List();
        foreach (long old in all.Take(all.Length - _options.KeptGenerations))
        {
            if (old != _inForce.Info.Generation && old != _inForce.Previous?.Generation)
            {
                DeleteQuietly(old);
            }
        }
    }

    private void DeleteQuietly(long generation)
    {
        try
        {
            _store.Delete(generation);
        }
        catch (IOException exception)
        {
            Log.NotDeleted(_logger, exception, generation);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Generation {Generation} failed and is taken back.", EventName = "TransactionFailed")]
        public static partial void TransactionFailed(ILogger logger, Exception exception, long generation);

        [LoggerMessage(2, LogLevel.Error, "Section {Section} could not be brought back after a failed change.", EventName = "TakeBackFailed")]
        public static partial void TakeBackFailed(ILogger logger, Exception exception, string section);

        [LoggerMessage(3, LogLevel.Error, "A rollback could not be written; the next start rolls back again.", EventName = "RollBackNotWritten")]
        public static partial void RollBackNotWritten(ILogger logger, Exception exception);

        [LoggerMessage(4, LogLevel.Error, "A rollback failed; it is tried again in a second.", EventName = "RollBackFailed")]
        public static partial void RollBackFailed(ILogger logger, Exception exception);

        [LoggerMessage(5, LogLevel.Warning, "Generation {Generation} could not be deleted.", EventName = "GenerationNotDeleted")]
        public static partial void NotDeleted(ILogger logger, Exception exception, long generation);

        [LoggerMessage(6, LogLevel.Error, "State could not be loaded: {Reason}", EventName = "StateNotLoaded")]
        public static partial void StateNotLoaded(ILogger logger, string reason);
    }
}
