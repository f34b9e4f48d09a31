using Net.Contracts;
using Net.Engine.Reconciling;
using Net.Engine.State;

namespace Net.Engine.Configuration;

/// <content>Loading at start, and reading kept generations.</content>
internal sealed partial class ConfigurationManager
{
    /// <summary>Loads the generation in force and makes it real. Never fails: what cannot be loaded is said in events and in
    /// <see cref="ReadOnlyReason"/>, and the engine serves so that somebody can look.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Choose();
            if (ReadOnlyReason is not null)
            {
                return;
            }

            _inForce = _inForce with
            {
                Document = WithPolicy(_inForce.Document),
                Previous = _inForce.Previous is { } fallback ? fallback with { Document = WithPolicy(fallback.Document) } : null,
            };
            TimeSpan? left = _inForce.Previous is null ? null : _inForce.Info.ConfirmBy - _clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                // What locked somebody out must not come into force again for even a moment.
                await RollBackAsync(NotConfirmed, "engine", isApplied: false).ConfigureAwait(false);
                return;
            }

            await ApplyAtStartAsync().ConfigureAwait(false);
            if (left is { } due)
            {
                StartConfirmTimer(due);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The kept generations, newest first.</summary>
    public GenerationInfo[] ListGenerations()
    {
        GenerationInfo current = _inForce.Info;
        return
        [
            .. _store.List().Reverse()
                .Select(_store.TryReadInfo)
                .OfType<GenerationFile>()
                .Select(file => file.Generation == current.Generation ? current : Describe(file, isCurrent: false)),
        ];
    }

    /// <summary>A document with its generation: the one in force, or a kept one.</summary>
    public ConfigurationSnapshot GetSnapshot(long? generation)
    {
        InForce now = _inForce;
        if (generation is null || generation == now.Info.Generation)
        {
            return new ConfigurationSnapshot(now.Info, now.Document, _policy.Locked);
        }

        StoredGeneration stored = ReadKept(generation.Value);
        return new ConfigurationSnapshot(Describe(stored.File, isCurrent: false), stored.Document, _policy.Locked);
    }

    private StoredGeneration ReadKept(long generation)
    {
        if (generation == 0)
        {
            // Before the first change there was nothing, which needs no file: whoever made that change can go back behind it.
            return new StoredGeneration(NothingYet, WithPolicy(new NetConfiguration()));
        }

        if (!_store.List().Contains(generation))
        {
            throw new EngineException(ErrorCatalogue.GenerationNotFound, $"Generation {generation} is not kept.", generation.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        try
        {
            return _store.Read(generation);
        }
        catch (StateDamagedException exception)
        {
            throw new EngineException(ErrorCatalogue.GenerationNotFound, $"Generation {generation} cannot be used: {exception.Message}.", inner: exception);
        }
        catch (FutureSchemaException exception)
        {
            throw new EngineException(ErrorCatalogue.ConfigurationFromFuture, $"Generation {generation} cannot be used: {exception.Message}.", inner: exception);
        }
    }

    private void Choose()
    {
        CurrentFile? current = null;
        try
        {
            current = _store.ReadCurrent();
            if (current is null && _store.Highest() == 0)
            {
                NameNothingQuietly();
                return;
            }

            if (current is null)
            {
                FallBack("current.json is missing", long.MaxValue, mayBeNothing: false);
                return;
            }

            TakeAsInForce(current);
            DeleteUncommitted(current.Generation);
        }
        catch (FutureSchemaException exception)
        {
            RefuseChanges($"{exception.Message}, and was left untouched");
        }
        catch (Exception exception) when (exception is StateDamagedException or IOException or UnauthorizedAccessException)
        {
            // Newer ones than the one named were never committed, and an unconfirmed one must not become permanent by a damaged disk.
            FallBack(exception.Message, current is null ? long.MaxValue : current.Previous ?? current.Generation - 1, mayBeNothing: current?.Previous == 0);
        }
    }

    private void NameNothingQuietly()
    {
        try
        {
            _store.WriteCurrent(new CurrentFile(0));
            _isCurrentNamed = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The first change needs it and says so.
            Log.StateNotLoaded(_logger, $"the state folder cannot be written: {exception.Message}");
        }
    }

    private NetConfiguration WithPolicy(NetConfiguration document) => Normalized(document, _policy.Enforce(document, document, isLoading: true));

    private void TakeAsInForce(CurrentFile current)
    {
        _isCurrentNamed = true;
        if (current.Generation == 0)
        {
            return;
        }

        StoredGeneration stored = _store.Read(current.Generation);
        Fallback? previous = null;
        if (current is { ConfirmBy: not null, Previous: { } number })
        {
            StoredGeneration? before = number == 0 ? null : _store.Read(number);
            previous = new Fallback(before?.Document ?? new NetConfiguration(), number, before?.File.Hash ?? string.Empty);
        }

        _inForce = new InForce(stored.Document, Describe(stored.File, confirmBy: previous is null ? null : current.ConfirmBy), previous);
        _events.Generation = current.Generation;
    }

    // Newest first. An empty firewall lets everything in, so without any good generation the kernel is left as it is, unless the damaged
    // one was an unconfirmed first one.
    private void FallBack(string damage, long atMost, bool mayBeNothing)
    {
        try
        {
            long[] all = _store.List();
            long? good = all.Reverse().Where(candidate => candidate <= atMost && TryTake(candidate)).Cast<long?>().FirstOrDefault() ?? (mayBeNothing ? 0 : null);
            if (good is { } chosen)
            {
                _store.WriteCurrent(new CurrentFile(chosen));
                foreach (long unusable in all.Where(number => number > chosen))
                {
                    // Its number stays used.
                    _store.SetAside(unusable);
                }

                string instead = chosen == 0 ? "nothing was configured before that, so nothing is" : $"the last good generation, {chosen}, is";
                _events.Publish("StateRecovered", "configuration", EventSeverity.Error, $"The state was damaged ({damage}); {instead} in force instead.");
                return;
            }

            RefuseChanges($"the state is damaged ({damage}) and no good generation is left; restore a backup into an empty state folder");
        }
        catch (FutureSchemaException exception)
        {
            RefuseChanges($"{exception.Message}, and was left untouched");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            RefuseChanges($"the state is damaged ({damage}) and its folder cannot be written: {exception.Message}");
        }
    }

    private bool TryTake(long candidate)
    {
        try
        {
            TakeAsInForce(new CurrentFile(candidate));
            return true;
        }
        catch (StateDamagedException)
        {
            return false;
        }
    }

    private void RefuseChanges(string reason)
    {
        ReadOnlyReason = reason;
        Log.StateNotLoaded(_logger, reason);
        _events.Publish("StateNotLoaded", "configuration", EventSeverity.Error, $"The engine takes no changes and leaves the kernel as it is: {reason}.");
    }

    // A crash between writing a generation and committing it leaves a file nobody was told about.
    private void DeleteUncommitted(long current)
    {
        foreach (long number in _store.List().Where(number => number > current))
        {
            DeleteQuietly(number);
        }
    }

    private async Task ApplyAtStartAsync()
    {
        foreach (ISection section in _sections)
        {
            if (await TryApplyAsync(section, null, _inForce.Document).ConfigureAwait(false) is { } exception)
            {
                Log.BringBackFailed(_logger, exception, section.Name);
                _events.Publish("ConfigurationNotInForce", "configuration", EventSeverity.Error, $"The section {section.Name} could not be applied at start: {exception.Message} It is tried again.");
            }
        }
    }
}
