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
            CurrentFile? current = Choose();
            if (current is not null)
            {
                DeleteUncommitted(current.Generation);
            }

            if (ReadOnlyReason is null)
            {
                _inForce = _inForce with { Document = _policy.Enforce(_inForce.Document, _inForce.Document, isLoading: true) };
                await ApplyAtStartAsync().ConfigureAwait(false);
            }

            if (_inForce.Previous is not null && _inForce.Info.ConfirmBy is { } by)
            {
                TimeSpan left = by - _clock.GetUtcNow();
                StartConfirmTimer(left > TimeSpan.Zero ? left : TimeSpan.Zero);
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

    private CurrentFile? Choose()
    {
        CurrentFile? current = null;
        try
        {
            current = _store.ReadCurrent();
            if (current is null)
            {
                return FallBackUnlessNew();
            }

            TakeAsInForce(current);
            return current;
        }
        catch (FutureSchemaException exception)
        {
            RefuseChanges($"{exception.Message}, and was left untouched");
            return null;
        }
        catch (Exception exception) when (exception is StateDamagedException or IOException or UnauthorizedAccessException)
        {
            return FallBack(exception.Message, current?.Previous ?? long.MaxValue, current?.Generation);
        }
    }

    private CurrentFile? FallBackUnlessNew() => _store.List().Length == 0 ? null : FallBack("current.json is missing", long.MaxValue, null);

    private void TakeAsInForce(CurrentFile current)
    {
        StoredGeneration stored = _store.Read(current.Generation);
        Fallback? previous = current is { ConfirmBy: not null, Previous: { } number }
            ? new Fallback(number == 0 ? new NetConfiguration() : _store.Read(number).Document, number)
            : null;
        _inForce = new InForce(stored.Document, Describe(stored.File, confirmBy: previous is null ? null : current.ConfirmBy), previous);
        _events.Generation = current.Generation;
    }

    // Newest first, the damaged one excepted; an unconfirmed generation must not become permanent by a damaged disk.
    private CurrentFile? FallBack(string damage, long atMost, long? except)
    {
        foreach (long candidate in _store.List().Reverse().Where(number => number <= atMost && number != except))
        {
            try
            {
                TakeAsInForce(new CurrentFile(candidate));
                _store.WriteCurrent(new CurrentFile(candidate));
                _events.Publish("StateRecovered", "configuration", EventSeverity.Error, $"The state was damaged ({damage}); the last good generation, {candidate}, is in force instead.");
                return new CurrentFile(candidate);
            }
            catch (StateDamagedException)
            {
                // Look at the one before.
            }
            catch (FutureSchemaException exception)
            {
                RefuseChanges($"{exception.Message}, and was left untouched");
                return null;
            }
            catch (IOException exception)
            {
                RefuseChanges($"the state folder cannot be written: {exception.Message}");
                return null;
            }
        }

        RefuseChanges($"the state is damaged ({damage}) and no good generation is left; restore a backup into an empty state folder");
        return null;
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
            try
            {
                await section.ApplyAsync(null, _inForce.Document, CancellationToken.None).ConfigureAwait(false);
            }
            catch (EngineException exception)
            {
                _events.Publish("ConfigurationNotInForce", "configuration", EventSeverity.Error, $"The section {section.Name} could not be applied at start: {exception.Message} It is tried again.");
            }
        }
    }
}
