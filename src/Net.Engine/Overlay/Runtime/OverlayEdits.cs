using System.Threading.Channels;
using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Engine.Events;

namespace Net.Engine.Overlay.Runtime;

/// <summary>Changes of the document that the engine makes by itself: a peer that was trusted at first use, a key that was rotated, a certificate that was granted.
/// They wait while another change waits for its confirmation, one after the other, and are made as any other change is.</summary>
internal sealed class OverlayEdits(EventLog events, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    // Strangers cause some of these; beyond this many they have to come again.
    private const int MaxWaiting = 256;

    private readonly Channel<Edit> _waiting = Channel.CreateBounded<Edit>(MaxWaiting);
    private readonly CancellationTokenSource _stop = new();
    private Task? _running;

    /// <summary>Begins to make changes.</summary>
    public void Start(ConfigurationManager configuration) => _running ??= RunAsync(configuration);

    /// <summary>Queues an edit of an overlay.</summary>
    /// <param name="overlay">The overlay's name; nothing happens when it is gone.</param>
    /// <param name="comment">What the change is for.</param>
    /// <param name="edit">Gives the new overlay; null leaves it.</param>
    /// <returns>False when too many wait.</returns>
    public bool TryQueue(string overlay, string comment, Func<OverlaySettings, OverlaySettings?> edit) => _waiting.Writer.TryWrite(new Edit(overlay, comment, edit));

    /// <summary>A document with one overlay edited.</summary>
    public static NetConfiguration Apply(NetConfiguration document, string overlay, Func<OverlaySettings, OverlaySettings?> edit)
    {
        OverlaySettings[] all = [.. document.Overlay.Overlays];
        int index = Array.FindIndex(all, one => string.Equals(one.Name, overlay, StringComparison.OrdinalIgnoreCase));
        if (index < 0 || edit(all[index]) is not { } next)
        {
            return document;
        }

        all[index] = next;
        return document with { Overlay = document.Overlay with { Overlays = all } };
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_running is { } running)
        {
            await running.ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private async Task RunAsync(ConfigurationManager configuration)
    {
        try
        {
            await foreach (Edit edit in _waiting.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                while (!await TryMakeAsync(configuration, edit).ConfigureAwait(false))
                {
                    await Task.Delay(Retry, clock, _stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The engine stops.
        }
    }

    private async Task<bool> TryMakeAsync(ConfigurationManager configuration, Edit edit)
    {
        try
        {
            await configuration.ChangeAsync(
                Actor.Engine, new ChangeOptions { Comment = edit.Comment }, document => Apply(document, edit.Overlay, edit.Change), _stop.Token).ConfigureAwait(false);
            return true;
        }
        catch (EngineException exception) when (exception.ErrorId == ErrorCatalogue.ConfirmationPending.Id)
        {
            return false;
        }
        catch (EngineException exception)
        {
            events.Publish("OverlayChangeRefused", "overlay", EventSeverity.Error, $"A change of overlay '{edit.Overlay}' ({edit.Comment}) could not be made: {exception.Message}", edit.Overlay);
            return true;
        }
    }

    private sealed record Edit(string Overlay, string Comment, Func<OverlaySettings, OverlaySettings?> Change);
}
