using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Reconciling;
using Net.Engine.State;

namespace Net.Engine.Configuration;

/// <content>Writing, applying, committing and rolling back.</content>
internal sealed partial class ConfigurationManager
{
    private async Task<ChangeOutcome> CommitAsync(
        string author, ChangeOptions options, NetConfiguration next, ConfigurationPlan plan, CancellationToken cancellationToken)
    {
        InForce before = _inForce;
        long number = NextGeneration();
        cancellationToken.ThrowIfCancellationRequested();
        NameCurrentOrExplain(before);
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
            UncommitQuietly(number, before);
            await BringBackAsync(next, before.Document, "a failed change").ConfigureAwait(false);
            DeleteQuietly(number);
            throw;
        }

        _steps?.Done(TransactionStep.Committed);
        _inForce = new InForce(
            next, Describe(file, confirmBy: confirmBy), confirmBy is null ? null : new Fallback(before.Document, before.Info.Generation, before.Info.Hash));
        _events.Generation = number;
        if (confirmBy is not null)
        {
            // Before anything else that could go wrong: without it nobody would take the change back.
            StartConfirmTimer(options.ConfirmWithin!.Value);
        }

        Prune();
        ConsolidateLater();
        _steps?.Done(TransactionStep.Pruned);
        string what = plan.Changes.Length == 1 ? plan.Changes[0].ToString() : $"{plan.Changes.Length} changes";
        string until = confirmBy is null ? string.Empty : $"; rolled back at {confirmBy:HH:mm:ss} UTC unless confirmed";
        _events.Publish("ConfigurationApplied", "configuration", EventSeverity.Information, $"Generation {number} is in force: {what}{until}.", actor: author);

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

    // A section that never came to apply the other document finds nothing to do here. One that fails must not keep the rest from coming
    // back; it reports itself as not in the desired state, and the reconciler goes on trying.
    private async Task BringBackAsync(NetConfiguration? from, NetConfiguration to, string after)
    {
        foreach (ISection section in _sections)
        {
            Exception? failure = await TryApplyAsync(section, from, to).ConfigureAwait(false);
            if (failure is not null && from is not null)
            {
                // Without a document before, nothing is taken for granted and what has to wait may wait.
                failure = await TryApplyAsync(section, null, to).ConfigureAwait(false);
            }

            if (failure is null)
            {
                continue;
            }

            Log.BringBackFailed(_logger, failure, section.Name);
            _events.Publish("ConfigurationNotInForce", "configuration", EventSeverity.Error, $"After {after} the section {section.Name} could not be brought back: {failure.Message} It is tried again.");
        }
    }

    private static async Task<Exception?> TryApplyAsync(ISection section, NetConfiguration? from, NetConfiguration to)
    {
        try
        {
            await section.ApplyAsync(from, to, CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    /// <summary>Makes the document before the unconfirmed one the one in force again, as a new generation. The caller holds the turn.
    /// It always succeeds: what cannot be applied at once waits for the reconciler, and what cannot be written is rolled back again by the next start.</summary>
    private async Task RollBackAsync(string why, string author, bool isApplied = true)
    {
        InForce unconfirmed = _inForce;
        Fallback previous = unconfirmed.Previous!;
        StopConfirmTimer();
        await BringBackAsync(isApplied ? unconfirmed.Document : null, previous.Document, "a rollback").ConfigureAwait(false);
        ConfigurationPlan plan = PlanOf(unconfirmed.Document, previous.Document, unconfirmed.Info.Generation);
        NetConfiguration document = previous.Document with
        {
            Firewall = previous.Document.Firewall with { NextRuleId = Math.Max(previous.Document.Firewall.NextRuleId, unconfirmed.Document.Firewall.NextRuleId) },
            Relay = previous.Document.Relay with { NextRuleId = Math.Max(previous.Document.Relay.NextRuleId, unconfirmed.Document.Relay.NextRuleId) },
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
            file = new GenerationFile(previous.Generation, _clock.GetUtcNow(), author, comment, [], previous.Hash, default);
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
            if (!_isDisposed && _inForce.Previous is not null && _inForce.Info.Generation == generation)
            {
                await RollBackAsync(NotConfirmed, "engine").ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // Nobody awaits this.
            Log.RollBackFailed(_logger, exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    private long NextGeneration()
    {
        try
        {
            return Math.Max(_inForce.Info.Generation, _store.Highest()) + 1;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorCatalogue.StateNotWritable, $"The state folder cannot be read: {exception.Message}", inner: exception);
        }
    }

    // Without a current.json a crash in the first change would leave a generation that looks like the one in force.
    private void NameCurrentOrExplain(InForce before)
    {
        if (!_isCurrentNamed)
        {
            WriteCurrentOrExplain(new CurrentFile(before.Info.Generation));
            _isCurrentNamed = true;
        }
    }

    // Renaming may have worked and only the flush of the folder failed: then the disk names a generation that is taken back.
    private void UncommitQuietly(long failed, InForce before)
    {
        try
        {
            if (_store.ReadCurrent()?.Generation == failed)
            {
                _store.WriteCurrent(new CurrentFile(before.Info.Generation));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or StateDamagedException)
        {
            Log.NotUncommitted(_logger, exception, failed);
        }
    }

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
        try
        {
            long[] all = _store.List();
            InForce now = _inForce;
            _store.Prune(all.Take(all.Length - _options.KeptGenerations).Where(old => old != now.Info.Generation && old != now.Previous?.Generation));
            _store.DeleteDamagedBefore(all[0]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The change is made; old generations that stay harm nothing.
            Log.NotPruned(_logger, exception);
        }
    }

    private void DeleteQuietly(long generation)
    {
        try
        {
            _store.Delete(generation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotDeleted(_logger, exception, generation);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7, LogLevel.Error, "current.json may still name generation {Generation}, which was taken back.", EventName = "GenerationNotUncommitted")]
        public static partial void NotUncommitted(ILogger logger, Exception exception, long generation);

        [LoggerMessage(8, LogLevel.Warning, "Old generations could not be listed and stay.", EventName = "GenerationsNotPruned")]
        public static partial void NotPruned(ILogger logger, Exception exception);

        [LoggerMessage(1, LogLevel.Warning, "Generation {Generation} failed and is taken back.", EventName = "TransactionFailed")]
        public static partial void TransactionFailed(ILogger logger, Exception exception, long generation);

        [LoggerMessage(2, LogLevel.Error, "Section {Section} could not be brought back.", EventName = "BringBackFailed")]
        public static partial void BringBackFailed(ILogger logger, Exception exception, string section);

        [LoggerMessage(3, LogLevel.Error, "A rollback could not be written; the next start rolls back again.", EventName = "RollBackNotWritten")]
        public static partial void RollBackNotWritten(ILogger logger, Exception exception);

        [LoggerMessage(4, LogLevel.Error, "A rollback failed by a fault of the engine.", EventName = "RollBackFailed")]
        public static partial void RollBackFailed(ILogger logger, Exception exception);

        [LoggerMessage(5, LogLevel.Warning, "Generation {Generation} could not be deleted.", EventName = "GenerationNotDeleted")]
        public static partial void NotDeleted(ILogger logger, Exception exception, long generation);

        [LoggerMessage(6, LogLevel.Error, "State could not be loaded: {Reason}", EventName = "StateNotLoaded")]
        public static partial void StateNotLoaded(ILogger logger, string reason);
    }
}
