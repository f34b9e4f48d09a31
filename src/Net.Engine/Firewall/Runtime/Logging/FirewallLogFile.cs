using System.Text.Json;
using System.Threading.Channels;
using Net.Contracts;
using Net.Contracts.Json;
using Net.Engine.Events;
using Net.Engine.State;

namespace Net.Engine.Firewall.Runtime.Logging;

/// <summary>Writes log entries to a file of JSON lines, on a task of its own so that nobody waits for the disk. What comes faster than the disk takes it is counted only.</summary>
internal sealed class FirewallLogFile : IAsyncDisposable
{
    private const int WaitingEntries = 8192;
    private const int MostInBatch = 512;
    private const long MaxFileBytes = 32L << 20;
    private const int MaxFiles = 4;

    private readonly Channel<FirewallLogEntry> _waiting;
    private readonly JsonLinesFile _file;
    private readonly EventLog _events;
    private readonly Task _writing;
    private long _lost;
    private bool _isFailing;

    /// <summary>Makes a file; it is opened with the first entry.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="events">Hears when it cannot be written.</param>
    public FirewallLogFile(string folder, EventLog events)
    {
        _events = events;
        _file = new JsonLinesFile(folder, "firewall");
        _waiting = Channel.CreateBounded<FirewallLogEntry>(
            new BoundedChannelOptions(WaitingEntries) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true },
            _ => Interlocked.Increment(ref _lost));
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Where it is.</summary>
    public string FilePath => _file.PathOf(0);

    /// <summary>Entries that were not written.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Offers an entry; never waits.</summary>
    /// <param name="entry">The entry.</param>
    public void Offer(FirewallLogEntry entry) => _waiting.Writer.TryWrite(entry);

    /// <summary>Writes what still waits and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
        _file.Dispose();
    }

    private async Task WriteAllAsync()
    {
        using var lines = new MemoryStream();
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            lines.SetLength(0);
            int count = 0;
            while (count < MostInBatch && _waiting.Reader.TryRead(out FirewallLogEntry? entry))
            {
                JsonSerializer.Serialize(lines, entry, ContractsJsonContext.Default.FirewallLogEntry);
                lines.WriteByte((byte)'\n');
                count++;
            }

            Write(lines.GetBuffer().AsSpan(0, (int)lines.Length), count);
        }
    }

    private void Write(ReadOnlySpan<byte> lines, int count)
    {
        try
        {
            _file.Append(lines, MaxFileBytes, MaxFiles, toDisk: false);
            _isFailing = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Interlocked.Add(ref _lost, count);
            _file.Dispose();
            if (!_isFailing)
            {
                // Said once, not with every batch of a disk that stays full.
                _isFailing = true;
                _events.Publish("FirewallLogNotWritten", "firewall", EventSeverity.Error, $"The firewall's log cannot be written to {FilePath}: {exception.Message} Entries are streamed and counted all the same.");
            }
        }
    }
}
