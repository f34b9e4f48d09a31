using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Net.Platform;

namespace Net.Engine.Tests;

/// <summary>A kernel's packet filter as far as the engine looks at it: one table's text, and who changed it.</summary>
internal sealed class FakeFirewall : IFirewallDatapath, IFirewallReader, IFirewallMonitor
{
    private const int OwnProcess = 4711;
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

    public ChannelReader<FirewallGeneration> Generations => _generations.Reader;

    /// <summary>The table of the overlays' gateways; null without one.</summary>
    public string? Gateways { get; set; }

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

            bool isNew = nftText.Contains("delete table inet netmod", StringComparison.Ordinal);
            if (!isNew && _content is null)
            {
                throw new FirewallDatapathException("No such file or directory");
            }

            bool isRemoval = isNew && nftText.TrimEnd().EndsWith("delete table inet netmod", StringComparison.Ordinal);
            _content = isRemoval ? null : isNew ? nftText : _content + nftText;
            Applied.Add(nftText);
            Announce(OwnProcess, "nft");
            return Task.FromResult(new FirewallApplyResult(OwnProcess, TimeSpan.FromMilliseconds(1)));
        }
    }

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
    public void Tamper(bool isAnnounced = true)
    {
        lock (_gate)
        {
            _content += "add rule inet netmod input accept\n";
            if (isAnnounced)
            {
                Announce(98, "other");
            }
        }
    }

    public IReadOnlyList<FirewallTable> GetTables() => _content is null ? [] : [FirewallTable.NetModule];

    public IReadOnlyList<BaseChainInfo> GetBaseChains() => [];

    public IReadOnlyDictionary<string, CounterValue> ReadCounters(FirewallTable table) => Counters;

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

    public string? ComputeFingerprint(FirewallTable table)
    {
        lock (_gate)
        {
            if (table.Name == "netmod_overlay")
            {
                return Gateways;
            }

            return IsUnreadable ? throw new InvalidOperationException("netlink is gone")
                : _content is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_content)));
        }
    }

    public void Dispose() => _generations.Writer.TryComplete();

    private void Announce(int processId, string processName) => _generations.Writer.TryWrite(
        new FirewallGeneration { Id = ++_generation, ProcessId = processId, ProcessName = processName, Tables = [FirewallTable.NetModule] });
}
