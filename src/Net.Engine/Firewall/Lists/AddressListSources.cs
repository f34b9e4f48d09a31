using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Events;
using Net.Engine.Firewall.Translation;
using Net.Engine.Metrics;

namespace Net.Engine.Firewall.Lists;

/// <summary>Knows what files, host names and countries of address lists hold. Whoever asks gets what is known at once; <see cref="RefreshAsync"/> reads what changed or is due.
/// What cannot be read keeps its last good content, over a restart as well. Asking may come from any thread; refreshing one at a time.</summary>
internal sealed partial class AddressListSources(string stateFolder, IHostNames names, EventLog events, TimeProvider clock, ILogger logger) : IAddressListContents, IMetricSource
{
    private const int LookUpsAtOnce = 8;

    private readonly Lock _gate = new();
    private readonly AddressListCache _cache = new(stateFolder);
    private readonly SourceReader _reader = new(names, clock);
    private readonly Dictionary<long, Entry> _entries = [];
    private long _version;
    private long _failures;

    /// <inheritdoc />
    public long Version => Interlocked.Read(ref _version);

    /// <inheritdoc />
    public ImmutableArray<Net.Firewall.AddressRange> ContentOf(FirewallAddressList list)
    {
        if (KeysOf(list).Count == 0)
        {
            return [];
        }

        lock (_gate)
        {
            return EntryOf(list).ContentFor(list);
        }
    }

    /// <summary>What each source of a list holds, with words for what it is.</summary>
    public List<(string Origin, ImmutableArray<Net.Firewall.AddressRange> Addresses)> PartsOf(FirewallAddressList list)
    {
        lock (_gate)
        {
            Entry entry = EntryOf(list);
            return [.. KeysOf(list).Where(entry.Sources.ContainsKey).Select(key => (key, entry.Sources[key].Addresses))];
        }
    }

    /// <summary>What became of a list's sources; null for a list without any, or that was not looked at yet.</summary>
    public AddressListState? StateOf(long listId)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(listId, out Entry? entry) ? entry.State : null;
        }
    }

    /// <summary>Files whose changes matter.</summary>
    public static IEnumerable<string> FilesOf(FirewallAddressList list) => new[] { list.File, list.Country.Length > 0 ? list.CountryFile : null }.OfType<string>();

    /// <summary>When the next host name is due; null when there is none.</summary>
    /// <param name="lists">The lists in force.</param>
    public DateTimeOffset? NextDue(FirewallAddressList[] lists)
    {
        lock (_gate)
        {
            DateTimeOffset? next = null;
            foreach (FirewallAddressList list in lists.Where(list => list.HostName.Length > 0))
            {
                foreach (string name in list.HostName)
                {
                    DateTimeOffset due = EntryOf(list).Sources.TryGetValue(HostKey(name), out AddressSource? source) ? source.Due : DateTimeOffset.MinValue;
                    next = next is null || due < next ? due : next;
                }
            }

            return next;
        }
    }

    /// <summary>Reads every source that changed or is due.</summary>
    /// <param name="lists">The lists in force.</param>
    /// <param name="cancellationToken">Gives up between two sources.</param>
    /// <returns>Whether the content of any list changed.</returns>
    public async Task<bool> RefreshAsync(FirewallAddressList[] lists, CancellationToken cancellationToken)
    {
        bool isAnyChanged = false;
        foreach (FirewallAddressList list in lists.Where(list => KeysOf(list).Count > 0))
        {
            isAnyChanged |= await RefreshAsync(list, cancellationToken).ConfigureAwait(false);
        }

        Forget(lists);
        return isAnyChanged;
    }

    /// <inheritdoc />
    public void Collect(PrometheusWriter writer)
    {
        lock (_gate)
        {
            writer.Metric("firewall_list_problems", "gauge", "Address lists with a source that cannot be read.").Sample("firewall_list_problems", _entries.Values.Count(entry => entry.State.Problem is not null));
            writer.Metric("firewall_list_read_failures_total", "counter", "Attempts to read a source of an address list that failed.").Sample("firewall_list_read_failures_total", _failures);
        }
    }

    private static string HostKey(string name) => $"host {name.ToLowerInvariant()}";

    // In the order in which content is put together.
    private static List<string> KeysOf(FirewallAddressList list)
    {
        List<string> keys = [];
        if (list.File is { } file)
        {
            keys.Add($"file {file}");
        }

        keys.AddRange(list.HostName.Select(HostKey).Distinct());
        if (list is { Country.Length: > 0, CountryFile: { } countries })
        {
            keys.Add($"country {string.Join('+', list.Country.Select(code => code.ToUpperInvariant()).Distinct().Order(StringComparer.Ordinal))} {countries}");
        }

        return keys;
    }

    private async Task<bool> RefreshAsync(FirewallAddressList list, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_gate)
        {
            entry = EntryOf(list);
        }

        List<Reading> readings = [];
        if (list.File is { } file)
        {
            await ReadFileAsync(entry, $"file {file}", file, AddressFile.ReadList, readings).ConfigureAwait(false);
        }

        if (list is { Country.Length: > 0, CountryFile: { } countryFile })
        {
            await ReadFileAsync(entry, KeysOf(list)[^1], countryFile, reader => AddressFile.ReadCountries(reader, list.Country), readings).ConfigureAwait(false);
        }

        await ResolveAsync(entry, list, readings, cancellationToken).ConfigureAwait(false);
        return readings.Count > 0 && Take(list, entry, readings);
    }

    private async Task ReadFileAsync(Entry entry, string key, string path, Func<TextReader, ImmutableArray<Net.Firewall.AddressRange>> parse, List<Reading> readings)
    {
        string stamp = SourceReader.StampOf(path);
        if (entry.StampOf(key) == stamp)
        {
            return;
        }

        (ImmutableArray<Net.Firewall.AddressRange> addresses, string? problem) = await _reader.ReadFileAsync(path, parse).ConfigureAwait(false);
        readings.Add(new Reading(key, addresses, problem, stamp, default));
    }

    private async Task ResolveAsync(Entry entry, FirewallAddressList list, List<Reading> readings, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        string[] due = [.. list.HostName.Select(name => name.ToLowerInvariant()).Distinct().Where(name => entry.DueOf(HostKey(name)) <= now)];
        if (due.Length == 0)
        {
            return;
        }

        using var places = new SemaphoreSlim(LookUpsAtOnce);
        readings.AddRange(await Task.WhenAll(due.Select(ResolveOneAsync)).ConfigureAwait(false));

        async Task<Reading> ResolveOneAsync(string name)
        {
            await places.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                (ImmutableArray<Net.Firewall.AddressRange> addresses, string? problem) = await _reader.ResolveAsync(name, cancellationToken).ConfigureAwait(false);
                return new Reading(HostKey(name), addresses, problem, null, now + list.RefreshInterval);
            }
            finally
            {
                places.Release();
            }
        }
    }

    private bool Take(FirewallAddressList list, Entry entry, List<Reading> readings)
    {
        string? problemBefore;
        string? problem;
        int count;
        bool isChanged = false;
        List<AddressSource> kept;
        lock (_gate)
        {
            problemBefore = entry.State.Problem;
            foreach (Reading reading in readings)
            {
                AddressSource source = entry.SourceOf(reading.Key);
                source.Stamp = reading.Stamp;
                source.Due = reading.Due;
                source.Problem = reading.Problem;
                if (reading.Problem is not null)
                {
                    _failures++;
                    continue;
                }

                source.ReadAt = clock.GetUtcNow();
                if (!source.IsKnown || !source.Addresses.AsSpan().SequenceEqual(reading.Addresses.AsSpan()))
                {
                    source.Addresses = reading.Addresses;
                    source.IsKnown = true;
                    isChanged = true;
                }
            }

            List<string> keys = KeysOf(list);
            AddressSource[] sources = [.. keys.Where(entry.Sources.ContainsKey).Select(key => entry.Sources[key])];
            problem = string.Join("; ", sources.Select(source => source.Problem).OfType<string>().Take(5));
            problem = problem.Length == 0 ? null : problem;
            entry.State = new AddressListState(sources.Max(source => source.ReadAt), problem);
            if (isChanged)
            {
                entry.Forget();
                Interlocked.Increment(ref _version);
            }

            count = entry.ContentFor(list).Length;
            kept = [.. sources];
        }

        Tell(list, isChanged, count, problemBefore, problem);
        if (isChanged)
        {
            Keep(list, kept);
        }

        return isChanged;
    }

    private void Tell(FirewallAddressList list, bool isChanged, int count, string? problemBefore, string? problem)
    {
        if (problem is not null && problem != problemBefore)
        {
            events.Publish("FirewallListUnreadable", "firewall", EventSeverity.Warning, $"A source of the address list '{list.Name}' could not be read and keeps its last good content: {problem}.", list.Name);
        }
        else if (problem is null && problemBefore is not null)
        {
            events.Publish("FirewallListRecovered", "firewall", EventSeverity.Information, $"All sources of the address list '{list.Name}' can be read again.", list.Name);
        }

        if (isChanged)
        {
            events.Publish("FirewallListChanged", "firewall", EventSeverity.Information, $"The sources of the address list '{list.Name}' hold {count} addresses, prefixes and ranges now.", list.Name);
        }
    }

    private void Keep(FirewallAddressList list, List<AddressSource> sources)
    {
        try
        {
            _cache.Write(list.Id, sources);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotKept(logger, exception, list.Id);
        }
    }

    private void Forget(FirewallAddressList[] lists)
    {
        var ids = new HashSet<long>(lists.Where(list => KeysOf(list).Count > 0).Select(list => list.Id));
        bool isAnyGone;
        lock (_gate)
        {
            long[] gone = [.. _entries.Keys.Where(id => !ids.Contains(id))];
            isAnyGone = gone.Length > 0;
            foreach (long id in gone)
            {
                _entries.Remove(id);
            }
        }

        try
        {
            if (isAnyGone)
            {
                _cache.RemoveOthers(ids);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotKept(logger, exception, 0);
        }
    }

    private Entry EntryOf(FirewallAddressList list)
    {
        if (!_entries.TryGetValue(list.Id, out Entry? entry))
        {
            // Without an id it is not in force yet, and nothing is kept of it.
            entry = new Entry(list.Id == 0 ? [] : _cache.Read(list.Id));
            if (list.Id != 0)
            {
                _entries[list.Id] = entry;
            }
        }

        return entry;
    }

    private sealed record Reading(string Key, ImmutableArray<Net.Firewall.AddressRange> Addresses, string? Problem, string? Stamp, DateTimeOffset Due);

    private sealed class Entry
    {
        private string? _composedOf;
        private ImmutableArray<Net.Firewall.AddressRange> _content;

        public Entry(List<AddressSource> kept)
        {
            foreach (AddressSource source in kept)
            {
                Sources[source.Key] = source;
            }

            State = new AddressListState(kept.Count == 0 ? null : kept.Max(source => source.ReadAt), null);
        }

        public Dictionary<string, AddressSource> Sources { get; } = new(StringComparer.Ordinal);

        public AddressListState State { get; set; }

        public string? StampOf(string key) => Sources.TryGetValue(key, out AddressSource? source) ? source.Stamp : null;

        public DateTimeOffset DueOf(string key) => Sources.TryGetValue(key, out AddressSource? source) ? source.Due : default;

        public AddressSource SourceOf(string key)
        {
            if (!Sources.TryGetValue(key, out AddressSource? source))
            {
                Sources[key] = source = new AddressSource(key);
            }

            return source;
        }

        public void Forget() => _composedOf = null;

        public ImmutableArray<Net.Firewall.AddressRange> ContentFor(FirewallAddressList list)
        {
            List<string> keys = KeysOf(list);
            string composed = string.Join('\n', keys);
            if (composed != _composedOf)
            {
                ImmutableArray<Net.Firewall.AddressRange>[] parts = [.. keys.Where(Sources.ContainsKey).Select(key => Sources[key].Addresses).Where(part => !part.IsEmpty)];
                _content = parts.Length == 1 ? parts[0] : [.. parts.SelectMany(part => part)];
                _composedOf = composed;
            }

            return _content;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "What the sources of address list {List} hold could not be kept on disk; a start without them will not have it.", EventName = "FirewallListNotKept")]
        public static partial void NotKept(ILogger logger, Exception exception, long list);
    }
}
