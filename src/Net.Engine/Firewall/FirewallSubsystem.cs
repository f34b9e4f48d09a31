using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Firewall.Runtime.Counters;
using Net.Engine.Metrics;
using Net.Engine.Reconciling;
using Net.Firewall;
using Net.Platform;

namespace Net.Engine.Firewall;

/// <summary>Keeps our table in nftables equal to the rules of the document.</summary>
internal sealed partial class FirewallSubsystem(IFirewallDatapath datapath, IFirewallReader reader, ILogger<FirewallSubsystem> logger) : ISection, IMetricSource
{
    private readonly TableWatch _table = new(reader, Platform.FirewallTable.NetModule, exception => Log.FingerprintUnreadable(logger, exception));
    private readonly FirewallModelCache _models = new();
    private CompiledFirewall? _inKernel;
    private string? _foundAtChange;
    private bool _isWatched;
    private volatile int _lastProcess;
    private volatile SubsystemStatus _status = new("firewall", false, "not applied yet");

    /// <inheritdoc />
    public string Name => "firewall";

    /// <inheritdoc />
    public SubsystemStatus Status => _status;

    /// <summary>Who touched our table last, for the event that tells of it; set by whoever hears of it.</summary>
    public string? LastForeignChange { get; set; }

    /// <summary>The model the kernel holds; null when that is not known.</summary>
    public FirewallModel? InForce => _inKernel?.Model;

    /// <summary>Knows rates and last hits of rules; null where nobody looks.</summary>
    public IRuleActivity? Activity { get; set; }

    /// <summary>Whether a process made our own last change, so that it is not taken for somebody else.</summary>
    public bool IsOurs(int? processId) => processId is { } id && id == _lastProcess;

    /// <summary>Our table as the kernel tells of it.</summary>
    public TableWatch Table => _table;

    /// <inheritdoc />
    public void Validate(NetConfiguration document, ICollection<ConfigurationProblem> problems) => FirewallRuleChecks.Run(document.Firewall, problems, _models);

    /// <inheritdoc />
    public void Describe(NetConfiguration from, NetConfiguration to, PlanBuilder plan) => FirewallPlan.Describe(from.Firewall, to.Firewall, plan);

    /// <inheritdoc />
    public async Task ApplyAsync(NetConfiguration? from, NetConfiguration to, CancellationToken cancellationToken)
    {
        if (from is not null && _inKernel is not null && _status.InDesiredState && ReferenceEquals(from.Firewall, to.Firewall))
        {
            return;
        }

        // A change on top of somebody else's would fail on what is gone, or take what is new for ours and never find it again.
        TableState? state = from is null || _inKernel is null ? null : _table.IsUntouched() ? TableState.Ours : _table.Look();
        string? found = state is null or TableState.Ours ? null : Describe(state.Value);
        await ApplyModelAsync(_models.ModelOf(to.Firewall), isUntouched: state == TableState.Ours, cancellationToken).ConfigureAwait(false);
        _foundAtChange = found ?? _foundAtChange;
    }

    /// <inheritdoc />
    public async Task<DriftReport?> RepairAsync(NetConfiguration desired, CancellationToken cancellationToken)
    {
        TableState state = _table.Look();
        if (state == TableState.Unreadable)
        {
            // Whether anything differs cannot be told now; the next look may.
            return null;
        }

        FirewallModel model = _models.ModelOf(desired.Firewall);
        bool isSame = _inKernel is not null && state == TableState.Ours;
        if (isSame && _status.InDesiredState && _inKernel!.Model.Equals(model))
        {
            LastForeignChange = null;
            DriftReport? repairedByChange = _foundAtChange is null ? null : Repaired(_foundAtChange, desired);
            _foundAtChange = null;
            return repairedByChange;
        }

        string found = !_status.InDesiredState ? _status.Reason : _inKernel is null ? "what the kernel holds could not be read back after the last change"
            : isSame ? "the rules in the kernel are not those of the configuration" : Describe(state);
        LastForeignChange = null;
        _foundAtChange = null;
        try
        {
            await ApplyModelAsync(model, isUntouched: false, cancellationToken).ConfigureAwait(false);
            return Repaired(found, desired);
        }
        catch (EngineException exception)
        {
            return new DriftReport("FirewallDriftFound", found, $"writing it anew failed: {exception.Message}", IsRepaired: false);
        }
    }

    private static DriftReport Repaired(string found, NetConfiguration desired) =>
        new("FirewallDriftRepaired", found, $"the table inet netmod was written anew with {desired.Firewall.Rules.Length} rules", IsRepaired: true);

    /// <inheritdoc />
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await RunAsync(NftablesCompiler.CompileRemoval(), isWhole: true, cancellationToken).ConfigureAwait(false);
        _inKernel = null;
        _table.Forget();
        _status = new SubsystemStatus(Name, false, "taken out of the kernel on request");
    }

    /// <summary>The rules of a section with position and, where asked, counters.</summary>
    public FirewallRule[] List(FirewallSection section, ListFirewallRules request)
    {
        RefuseUnknown(section, request.Names);
        IReadOnlyDictionary<string, CounterValue>? counters = request.Counters ? ReadCounters() : null;
        if (counters is not null)
        {
            Activity?.Take(counters);
        }

        var listed = new List<FirewallRule>(section.Rules.Length);
        for (int index = 0; index < section.Rules.Length; index++)
        {
            FirewallRule rule = section.Rules[index];
            if (NameFilter.Matches(request.Names, rule.Name))
            {
                CounterValue value = default;
                string counter = Net.Firewall.FirewallTable.Counter(rule.Id);
                bool isCounted = counters?.TryGetValue(counter, out value) == true;
                RuleTraffic traffic = isCounted && Activity is { } activity ? activity.Of(counter) : default;
                listed.Add(rule with
                {
                    Position = index + 1,
                    PacketCount = isCounted ? (long)value.Packets : null,
                    ByteCount = isCounted ? (long)value.Bytes : null,
                    PacketsPerSecond = traffic.PacketsPerSecond,
                    LastHit = traffic.LastHit,
                });
            }
        }

        return [.. listed];
    }

    /// <inheritdoc />
    public void Collect(PrometheusWriter writer)
    {
        writer.Metric("firewall_rules", "gauge", "Rules in the kernel.").Sample("firewall_rules", _inKernel?.Model.Rules.Length ?? 0);
        if (ReadCounters() is not { Count: > 0 } counters)
        {
            return;
        }

        writer.Metric("firewall_rule_packets_total", "counter", "Packets a rule matched.");
        WriteCounters("firewall_rule_packets_total", value => value.Packets);
        writer.Metric("firewall_rule_bytes_total", "counter", "Bytes of the packets a rule matched.");
        WriteCounters("firewall_rule_bytes_total", value => value.Bytes);

        // The id, not the name: names change, and a series should not.
        void WriteCounters(string name, Func<CounterValue, ulong> select)
        {
            foreach ((string counter, CounterValue value) in counters)
            {
                writer.Sample(name, select(value), ("rule", counter[1..]));
            }
        }
    }

    private static void RefuseUnknown(FirewallSection section, string[]? names)
    {
        foreach (string name in names ?? [])
        {
            if (NameFilter.IsLiteral(name) && !section.Rules.Any(rule => string.Equals(rule.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                throw new EngineException(ErrorCatalogue.FirewallRuleNotFound, $"No firewall rule is named '{name}'.", name);
            }
        }
    }

    private IReadOnlyDictionary<string, CounterValue>? ReadCounters()
    {
        try
        {
            return reader.ReadCounters(Platform.FirewallTable.NetModule);
        }
        catch (Exception exception)
        {
            // Rules without their counters are worth more than no answer.
            Log.CountersUnreadable(logger, exception);
            return null;
        }
    }

    private async Task ApplyModelAsync(FirewallModel model, bool isUntouched, CancellationToken cancellationToken)
    {
        // An engine without rules leaves no trace: no table, and nothing that other programs could trip over.
        if (model.Rules.IsEmpty)
        {
            await RunAsync(NftablesCompiler.CompileRemoval(), isWhole: true, cancellationToken).ConfigureAwait(false);
            Stand(CompiledFirewall.Empty, "no rules; the kernel holds no table of ours");
            return;
        }

        bool isChange = isUntouched && _inKernel is { Model.Rules.IsEmpty: false };
        FirewallCompilation compilation = isChange ? NftablesCompiler.CompileChange(_inKernel!, model) : NftablesCompiler.CompileFull(model, CountersSoFar());
        if (!compilation.Transaction.IsEmpty)
        {
            await RunAsync(compilation.Transaction, isWhole: !isChange, cancellationToken).ConfigureAwait(false);
        }

        Stand(compilation.Result, $"{model.Rules.Length} rules in the table inet netmod");
    }

    // A table written anew keeps what its rules counted.
    private Dictionary<long, RuleCounter> CountersSoFar()
    {
        var counters = new Dictionary<long, RuleCounter>();
        foreach ((string name, CounterValue value) in ReadCounters() ?? new Dictionary<string, CounterValue>())
        {
            if (Net.Firewall.FirewallTable.TryGetRuleId(name, out long id))
            {
                counters[id] = new RuleCounter(value.Packets, value.Bytes);
            }
        }

        return counters;
    }

    private void Stand(CompiledFirewall inKernel, string reason)
    {
        // What cannot be read back cannot be watched either; it is written anew as soon as it can.
        _inKernel = _isWatched ? inKernel : null;
        _status = new SubsystemStatus(Name, true, reason);
    }

    private async Task RunAsync(NftTransaction transaction, bool isWhole, CancellationToken cancellationToken)
    {
        try
        {
            _table.Begin();
            FirewallApplyResult result = await datapath.ApplyAsync(transaction.Utf8Text, cancellationToken).ConfigureAwait(false);
            _lastProcess = result.ProcessId;
            _isWatched = _table.Wrote(result.ProcessId, isWhole);
            Log.Applied(logger, transaction.Utf8Text.Length, result.Duration.TotalMilliseconds);
        }
        catch (FirewallDatapathException exception)
        {
            // Not in the desired state until something is applied again, be it what was before: the kernel still has that, whole.
            _status = new SubsystemStatus(Name, false, $"the last change was refused: {exception.Message}");
            throw new EngineException(ErrorCatalogue.FirewallApplyFailed, $"nftables refused the rules: {exception.Message}", inner: exception);
        }
        finally
        {
            _table.End();
        }
    }

    private string Describe(TableState state)
    {
        string who = LastForeignChange is { } change ? $" by {change}" : string.Empty;
        return state switch
        {
            TableState.Removed => $"the table inet netmod was removed{who}",
            TableState.Unknown when who.Length == 0 => "the table inet netmod was changed, or may have been, when somebody changed rule sets right after us",
            _ => $"the table inet netmod was changed{who}",
        };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Applied {Bytes} bytes of nftables commands in {Milliseconds:F1} ms.", EventName = "FirewallApplied")]
        public static partial void Applied(ILogger logger, int bytes, double milliseconds);

        [LoggerMessage(2, LogLevel.Warning, "The counters of the firewall could not be read.", EventName = "FirewallCountersUnreadable")]
        public static partial void CountersUnreadable(ILogger logger, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "The content of our table could not be read back.", EventName = "FirewallFingerprintUnreadable")]
        public static partial void FingerprintUnreadable(ILogger logger, Exception exception);
    }
}
