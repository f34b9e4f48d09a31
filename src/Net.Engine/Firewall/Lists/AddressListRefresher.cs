using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Configuration;
using Net.Engine.Events;

namespace Net.Engine.Firewall.Lists;

/// <summary>Keeps address lists up to date in the kernel: hears of changed files at once, looks at all of them every 30 s, resolves names when they are due. A change of
/// contents is applied between two changes of the configuration and makes no generation.</summary>
internal sealed partial class AddressListRefresher : IAsyncDisposable
{
    /// <summary>Time between two looks at files, for file systems that do not tell.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly ConfigurationManager _configuration;
    private readonly FirewallSubsystem _firewall;
    private readonly AddressListSources _sources;
    private readonly EventLog _events;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<string, FileSystemWatcher> _watchers = new(StringComparer.Ordinal);
    private Task _running = Task.CompletedTask;
    private bool _isApplyDue;

    public AddressListRefresher(ConfigurationManager configuration, FirewallSubsystem firewall, AddressListSources sources, EventLog events, TimeProvider clock, ILogger logger)
    {
        _configuration = configuration;
        _firewall = firewall;
        _sources = sources;
        _events = events;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Begins to refresh.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Looks at all lists soon. Never waits.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Reads what changed or is due, and applies it.</summary>
    /// <returns>Whether anything in the kernel changed.</returns>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        FirewallAddressList[] lists = _configuration.Document.Firewall.AddressLists;
        Watch(lists);
        _isApplyDue |= await _sources.RefreshAsync(lists, cancellationToken).ConfigureAwait(false);
        if (!_isApplyDue)
        {
            return false;
        }

        try
        {
            bool isChanged = await _configuration.WithTurnAsync(desired => _firewall.RefreshAsync(desired, cancellationToken), cancellationToken).ConfigureAwait(false);
            _isApplyDue = false;
            return isChanged;
        }
        catch (EngineException exception)
        {
            _events.Publish("FirewallRefreshFailed", "firewall", EventSeverity.Error, $"New contents of address lists could not be applied: {exception.Message} It is tried again.");
            return false;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        foreach (FileSystemWatcher watcher in _watchers.Values)
        {
            watcher.Dispose();
        }

        _watchers.Clear();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await RefreshAsync(_stop.Token).ConfigureAwait(false);
                await WaitAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception)
            {
                // One fault must not end the refreshing of all lists; the next look comes with the next wake or poll.
                Log.RefreshFaulted(_logger, exception);
                await WaitQuietlyAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task WaitAsync()
    {
        TimeSpan wait = Poll;
        if (_sources.NextDue(_configuration.Document.Firewall.AddressLists) is { } due)
        {
            TimeSpan left = due - _clock.GetUtcNow();
            wait = left < wait ? left : wait;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task delay = Task.Delay(wait < Shortest ? Shortest : wait, _clock, patience.Token);
        Task<bool> woken = _wake.Reader.WaitToReadAsync(patience.Token).AsTask();
        await Task.WhenAny(delay, woken).ConfigureAwait(false);
        await patience.CancelAsync().ConfigureAwait(false);
        _wake.Reader.TryRead(out _);
        _stop.Token.ThrowIfCancellationRequested();
    }

    private async Task WaitQuietlyAsync()
    {
        try
        {
            await Task.Delay(Poll, _clock, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop ends by itself.
        }
    }

    // Folders rather than files: editors and downloads replace a file by another.
    private void Watch(FirewallAddressList[] lists)
    {
        HashSet<string> folders = [.. lists.SelectMany(AddressListSources.FilesOf).Select(Path.GetDirectoryName).OfType<string>()];
        foreach (string gone in _watchers.Keys.Where(folder => !folders.Contains(folder)).ToArray())
        {
            _watchers.Remove(gone, out FileSystemWatcher? watcher);
            watcher!.Dispose();
        }

        foreach (string folder in folders.Where(folder => !_watchers.ContainsKey(folder) && Directory.Exists(folder)))
        {
            try
            {
                var watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.Size };
                watcher.Changed += (_, _) => Wake();
                watcher.Created += (_, _) => Wake();
                watcher.Renamed += (_, _) => Wake();
                watcher.Deleted += (_, _) => Wake();
                watcher.EnableRaisingEvents = true;
                _watchers[folder] = watcher;
            }
            catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
            {
                // The host has no watch to spare; the slow look finds changes as well.
                Log.NotWatched(_logger, exception, folder);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Address lists could not be refreshed.", EventName = "FirewallListRefreshFaulted")]
        public static partial void RefreshFaulted(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "The folder {Folder} cannot be watched; its files are looked at every 30 s.", EventName = "FirewallListFolderNotWatched")]
        public static partial void NotWatched(ILogger logger, Exception exception, string folder);
    }
}
