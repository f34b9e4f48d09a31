using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Net.Platform;

namespace Net.Engine.Tests;

/// <summary>A kernel's packet filter as far as the engine looks at it: one table's text, and who changed it.</summary>
internal sealed class FakeFirewall : IFirewallDatapath, IFirewallReader, IFirewallMonitor
{
    /// <summary>The process that applies our rule sets.</summary>
    public const int OwnProcess = 4711;

    private readonly Lock _gate = new();
    private readonly Channel<FirewallGeneration> _generations = Channel.CreateUnbounded<FirewallGeneration>();
    private string? _content;
    private uint _generation;

    /// <summary>The rule sets that were accepted, oldest first.</summary>
    public List<string> Applied { get; } = [];

    /// <summary>Why the next rule sets are refused; null takes them.</summary>
    public string? Refusal { get; set; }

    /// <summary>How many of the next rule sets are refused; null for all.</summary>
    public int? RefusalsLeft { get; set; }

    /// <summary>Whether nothing can be read back.</summary>
    public bool IsUnreadable { get; set; }

    public Dictionary<string, CounterValue> Counters { get; } = [];

    /// <summary>Elements of dynamic lists: set and address, with the time they were given.</summary>
    public Dictionary<(string Set, string Address), TimeSpan?> Elements { get; } = [];

    public ChannelReader<FirewallGeneration> Generations => _generations.Reader;

    /// <summary>The table of the overlays' gateways; null without one.</summary>
    public string? Gateways { get; set; }

    /// <summary>How often a table was read.</summary>
    public int Readings { get; private set; }

    /// <summary>Done once right before the next rule set is taken: what somebody else does between a look and our transaction.</summary>
    public Action? BeforeNext { get; set; }

    /// <summary>Done once right after the next rule set was taken: what somebody else does before we can look again.</summary>
    public Action? AfterNext { get; set; }

    public bool HasTable => _content is not null;

    /// <summary>All that the table was told since it was written anew.</summary>
    public string Content => _content ?? string.Empty;

    public Task<FirewallApplyResult> ApplyAsync(string nftText, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Refusal is { } words && RefusalsLeft is null or > 0)
            {
                RefusalsLeft--;
                throw new FirewallDatapathException(words);
            }

            if (nftText.Contains("netmod_overlay", StringComparison.Ordinal))
            {
                Gateways = nftText.Contains("chain", StringComparison.Ordinal) ? nftText : null;
                return Task.FromResult(new FirewallApplyResult(OwnProcess, TimeSpan.FromMilliseconds(1)));
            }

            if (nftText.Contains("netmod_trace", StringComparison.Ordinal))
            {
                Trace = nftText.Contains("chain", StringComparison.Ordinal) ? nftText : null;
                return Task.FromResult(new FirewallApplyResult(OwnProcess, TimeSpan.FromMilliseconds(1)));
            }

            Action? before = BeforeNext;
            BeforeNext = null;
            before?.Invoke();
            if (nftText.StartsWith("add element", StringComparison.Ordinal))
            {
                RunElements(nftText);
                Applied.Add(nftText);
                Announce(OwnProcess, "nft");
                return Task.FromResult(new FirewallApplyResult(OwnProcess, TimeSpan.FromMilliseconds(1)));
            }

            bool isNew = nftText.Contains("delete table inet netmod", StringComparison.Ordinal);
            if (!isNew && _content is null)
            {
                throw new FirewallDatapathException("No such file or directory");
            }

            bool isRemoval = isNew && nftText.TrimEnd().EndsWith("delete table inet netmod", StringComparison.Ordinal);
            _content = isRemoval ? null : isNew ? nftText : _content + nftText;
            Applied.Add(nftText);
            Announce(OwnProcess, "nft");
            Action? after = AfterNext;
            AfterNext = null;
            after?.Invoke();
            return Task.FromResult(new FirewallApplyResult(OwnProcess, TimeSpan.FromMilliseconds(1)));
        }
    }

    /// <summary>Somebody changes a table of their own.</summary>
    public void ChangeForeign(bool isAnnounced = true)
    {
        lock (_gate)
        {
            _generation++;
            if (isAnnounced && !IsPaused)
            {
                _generations.Writer.TryWrite(new FirewallGeneration { Id = _generation, ProcessId = 77, ProcessName = "dockerd", Tables = [new FirewallTable(FirewallFamily.Ip, "nat")] });
            }
        }
    }

    /// <summary>How often nothing was listened to.</summary>
    public int Pauses { get; private set; }

    private bool IsPaused { get; set; }

    public void Pause()
    {
        lock (_gate)
        {
            Pauses++;
            IsPaused = true;
        }
    }

    public void Resume()
    {
        lock (_gate)
        {
            IsPaused = false;
        }
    }

    public void MissedSome() => Overrun();

    /// <summary>The monitor tells that it lost announcements.</summary>
    public void Overrun() => _generations.Writer.TryWrite(new FirewallGeneration { IsOverrun = true });

    public Task CheckAsync(string nftText, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Somebody removes our table.</summary>
    public void Flush(string processName = "nft", int processId = 99)
    {
        lock (_gate)
        {
            _content = null;
            Announce(processId, processName);
        }
    }

    /// <summary>Somebody adds something to our table.</summary>
    public void Tamper(bool isAnnounced = true, int processId = 98)
    {
        lock (_gate)
        {
            _content += "add rule inet netmod input accept\n";
            if (isAnnounced)
            {
                Announce(processId, "other");
            }
            else
            {
                _generation++;
            }
        }
    }

    public IReadOnlyList<FirewallTable> GetTables() =>
        [.. _content is null ? [] : (FirewallTable[])[FirewallTable.NetModule], .. Trace is null ? [] : (FirewallTable[])[new FirewallTable(FirewallFamily.Inet, "netmod_trace")]];

    public IReadOnlyList<BaseChainInfo> GetBaseChains() => BaseChains;

    /// <summary>How often counters were read.</summary>
    public int CounterReads { get; private set; }

    /// <summary>Base chains of all tables.</summary>
    public List<BaseChainInfo> BaseChains { get; } = [];

    /// <summary>The table that marks packets for tracing; null without one.</summary>
    public string? Trace { get; set; }

    public IReadOnlyDictionary<string, CounterValue> ReadCounters(FirewallTable table)
    {
        CounterReads++;
        return Counters.ToDictionary();
    }

    public IReadOnlyDictionary<string, CounterValue> ResetCounters(FirewallTable table) => Counters;

    public CounterValue? ResetCounter(FirewallTable table, string name)
    {
        CounterValue? before = Counters.TryGetValue(name, out CounterValue value) ? value : null;
        if (before is not null)
        {
            Counters[name] = default;
        }

        return before;
    }

    public string? ComputeFingerprint(FirewallTable table) => ComputeFingerprint(table, out _);

    public uint GetGeneration()
    {
        lock (_gate)
        {
            return IsUnreadable ? throw new InvalidOperationException("netlink is gone") : _generation;
        }
    }

    public string? ComputeFingerprint(FirewallTable table, out uint generation)
    {
        lock (_gate)
        {
            generation = _generation;
            Readings++;
            if (table.Name == "netmod_overlay")
            {
                return Gateways;
            }

            return IsUnreadable ? throw new InvalidOperationException("netlink is gone")
                : _content is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_content)));
        }
    }

    public IReadOnlyList<SetElement> ReadSetElements(FirewallTable table, string set) =>
        [.. Elements.Where(element => element.Key.Set == set).Select(element => new SetElement(System.Net.IPAddress.Parse(element.Key.Address), element.Value))];

    public void Dispose() => _generations.Writer.TryComplete();

    // add element inet netmod l5_4 { 192.0.2.1 timeout 60s }
    private void RunElements(string text)
    {
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            (string, string) key = (words[4], words[6]);
            if (words[0] == "delete")
            {
                Elements.Remove(key);
            }
            else
            {
                Elements.TryAdd(key, words.Length > 9 && words[7] == "timeout" ? TimeSpan.FromSeconds(int.Parse(words[8].TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture)) : null);
            }
        }
    }

    private void Announce(int processId, string processName)
    {
        _generation++;
        if (!IsPaused)
        {
            _generations.Writer.TryWrite(new FirewallGeneration { Id = _generation, ProcessId = processId, ProcessName = processName, Tables = [FirewallTable.NetModule] });
        }
    }
}
