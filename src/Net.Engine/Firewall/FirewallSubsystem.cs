using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Net.Contracts;
using Net.Engine.Firewall.Checks;
using Net.Engine.Firewall.Runtime.Counters;
using Net.Engine.Firewall.Time;
using Net.Engine.Firewall.Translation;
using Net.Engine.Metrics;
using Net.Engine.Reconciling;
using Net.Firewall;
using Net.Platform;

namespace Net.Engine.Firewall;

/// <summary>Keeps our table in nftables equal to the rules of the document.</summary>
internal sealed partial class FirewallSubsystem(IFirewallDatapath datapath, IFirewallReader reader, TimeProvider clock, ILogger<FirewallSubsystem> logger) : ISection, IMetricSource
{
    // The monitor tells of a transaction within milliseconds; who it was is not worth a longer gap in the rules.
    private static readonly TimeSpan AnnouncementBound = TimeSpan.FromMilliseconds(250);

    // Below this the announcements of a transaction cost nothing to speak of.
    private const int ManyBytes = 64 << 10;

    private readonly HeardGenerations _heard = new(TimeProvider.System);
    private readonly TableWatch _table = new(reader, Platform.FirewallTable.NetModule, exception => Log.FingerprintUnreadable(logger, exception), clock);
    private CompiledFirewall? _inKernel;
    private string? _foundAtChange;
    private bool _isWatched;
    private bool _isDisturbed;
    private volatile int _lastProcess;
    private volatile SubsystemStatus _status = new("firewall", false, "not applied yet");

    /// <inheritdoc />
    public string Name => "firewall";

    /// <inheritdoc />
    public SubsystemStatus Status => _status;

    /// <summary>Who touched our table last, for the event that tells of it.</summary>
    public string? LastForeignChange { get; private set; }

    /// <summary>The model the kernel holds; null when that is not known.</summary>
    public FirewallModel? InForce => _inKernel?.Model;

    /// <summary>Knows rates and last hits of rules; null where nobody looks.</summary>
    public IRuleActivity? Activity { get; set; }

    /// <summary>Turns sections into models.</summary>
    public FirewallTranslator Translator { get; init; } = new(TimeProvider.System);

    /// <summary>Knows the TCP connections that go on although the profile would block them; null keeps none.</summary>
    public SessionKeeper? Sessions { get; init; }

    /// <summary>Finds control groups; null finds none.</summary>
    public ICgroupFinder? Cgroups { get; init; }

    /// <summary>Listens to transactions, and need not to large ones of ours; null where nobody does.</summary>
    public IFirewallMonitor? Monitor { get; init; }

    /// <summary>Hears that a section was applied, inside the turn of a change: it must not wait.</summary>
    public Action<FirewallSection>? Applied { get; set; }

    /// <summary>What the kernel holds of ours; null when that is not known.</summary>
    public FirewallModel? InKernel => _inKernel?.Model;

    /// <summary>Our table as the kernel tells of it.</summary>
    public TableWatch Table => _table;

    /// <summary>The monitor tells of a transaction, whoever made it. To be told of all, also of those that touch others' tables, so that they are known to have left ours alone.</summary>
    /// <returns>Whether our table may have been changed by it, so that it is to be looked at.</returns>
    public bool Heard(FirewallGeneration generation)
    {
        bool isSuspect = !_table.Heard(generation) && generation.Touches(Platform.FirewallTable.NetModule);
        if (isSuspect && generation is { ProcessName: { } name, ProcessId: { } process } && process != _lastProcess)
        {
            LastForeignChange = $"{name} (process {process})";
        }

        _heard.Heard(generation);
        return isSuspect;
    }

    /// <inheritdoc />
    public void Validate(NetConfiguration document, ICollection<ConfigurationProblem> problems) => FirewallChecks.Run(document.Firewall, Translator, problems);

    /// <inheritdoc />
    public void Describe(NetConfiguration from, NetConfiguration to, PlanBuilder plan)
    {
        FirewallPlan.Describe(from.Firewall, to.Firewall, plan);
        FirewallWarnings.Add(from.Firewall, to.Firewall, Translator, plan);
    }

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
        await ApplyModelAsync(ModelOf(to.Firewall), isUntouched: state == TableState.Ours, cancellationToken).ConfigureAwait(false);
        _foundAtChange = found ?? _foundAtChange;
        Applied?.Invoke(to.Firewall);
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

        FirewallModel model = ModelOf(desired.Firewall);
        bool isSame = _inKernel is not null && state == TableState.Ours;
        if (isSame && _status.InDesiredState && HoldsAlready(model))
        {
            LastForeignChange = null;
            DriftReport? repairedByChange = _foundAtChange is null ? null : Repaired(_foundAtChange, desired);
            _foundAtChange = null;
            return repairedByChange;
        }

        if (isSame && _status.InDesiredState)
        {
            // Nobody was there: time passed, or what a list holds changed.
            return await TryRefreshAsync(model, cancellationToken).ConfigureAwait(false);
        }

        if (_inKernel is not null && _status.InDesiredState && LastForeignChange is null)
        {
            // A look of our own may be ahead of the announcement that says who it was.
            await _heard.WaitForAsync(_table.LookedAt, AnnouncementBound, cancellationToken).ConfigureAwait(false);
        }

        string found = !_status.InDesiredState ? _status.Reason : _inKernel is null ? "what the kernel holds could not be read back after the last change"
            : Describe(state);
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

    private async Task<DriftReport?> TryRefreshAsync(FirewallModel model, CancellationToken cancellationToken)
    {
        try
        {
            await ApplyModelAsync(model, isUntouched: true, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (EngineException exception)
        {
            return new DriftReport("FirewallDriftFound", "the rules in the kernel are not those of this moment", $"writing them failed: {exception.Message}", IsRepaired: false);
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

    /// <summary>Applies the model anew after time or the contents of lists changed it. What the kernel lost meanwhile is left to <see cref="RepairAsync"/>.</summary>
    /// <returns>Whether anything differed and is in force now.</returns>
    /// <exception cref="EngineException">The kernel refused it.</exception>
    public async Task<bool> RefreshAsync(NetConfiguration desired, CancellationToken cancellationToken)
    {
        FirewallModel model = ModelOf(desired.Firewall);
        if (_inKernel is null || !_status.InDesiredState || HoldsAlready(model) || !_table.IsUntouched())
        {
            return false;
        }

        await ApplyModelAsync(model, isUntouched: true, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Runs a transaction over the elements of our dynamic lists. The caller holds the turn.</summary>
    /// <exception cref="EngineException">The kernel has no such list, or refused it.</exception>
    public async Task RunElementsAsync(NftTransaction transaction, CancellationToken cancellationToken)
    {
        if (_inKernel is null || !_table.IsUntouched())
        {
            throw new EngineException(ErrorCatalogue.FirewallApplyFailed, "The firewall is being repaired; its lists take nothing at the moment. Repeat the call.");
        }

        SubsystemStatus before = _status;
        try
        {
            await RunAsync(transaction, isWhole: false, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Whether it was taken says nothing about the rules.
            _status = before;
        }
    }

    /// <inheritdoc />
    public void Collect(PrometheusWriter writer)
    {
        writer.Metric("firewall_rules", "gauge", "Rules in the kernel.").Sample("firewall_rules", _inKernel?.Model.Rules.Length ?? 0);
        AddressList[] lists = [.. (_inKernel?.Model.AddressLists ?? []).Where(list => !list.IsDynamic)];
        if (lists.Length > 0)
        {
            writer.Metric("firewall_list_entries", "gauge", "Addresses, prefixes and ranges of an address list that is not dynamic.");
            foreach (AddressList list in lists)
            {
                writer.Sample("firewall_list_entries", list.Addresses.Length, ("list", list.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            }
        }

        if (ReadCounters() is not { Count: > 0 } counters)
        {
            return;
        }

        HashSet<string> nat = [.. (_inKernel?.Model.NatRules ?? []).Select(rule => Net.Firewall.FirewallTable.NatCounter(rule.Id))];
        writer.Metric("firewall_rule_packets_total", "counter", "Packets a rule matched.");
        WriteCounters("firewall_rule_packets_total", isNat: false, value => value.Packets);
        writer.Metric("firewall_rule_bytes_total", "counter", "Bytes of the packets a rule matched.");
        WriteCounters("firewall_rule_bytes_total", isNat: false, value => value.Bytes);
        if (nat.Count > 0)
        {
            writer.Metric("firewall_nat_connections_total", "counter", "Connections a NAT rule or port forward translated.");
            WriteCounters("firewall_nat_connections_total", isNat: true, value => value.Packets);
        }

        // The id, not the name: names change, and a series should not.
        void WriteCounters(string name, bool isNat, Func<CounterValue, ulong> select)
        {
            foreach ((string counter, CounterValue value) in counters)
            {
                if (nat.Contains(counter) == isNat)
                {
                    writer.Sample(name, select(value), ("rule", counter[1..]));
                }
            }
        }
    }

    /// <summary>The counters of the kernel by name; null when they cannot be read.</summary>
    public IReadOnlyDictionary<string, CounterValue>? ReadCounters()
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
        if (model.IsEmpty)
        {
            await RunAsync(NftablesCompiler.CompileRemoval(), isWhole: true, cancellationToken).ConfigureAwait(false);
            Stand(CompiledFirewall.Empty, "no rules; the kernel holds no table of ours");
            return;
        }

        bool isChange = isUntouched && _inKernel is { Model.IsEmpty: false };
        FirewallCompileOptions options = HostFacts(model);
        FirewallCompilation compilation = isChange
            ? NftablesCompiler.CompileChange(_inKernel!, model, options)
            : NftablesCompiler.CompileFull(model, CountersSoFar(), options with { DynamicAddresses = DynamicAddressesSoFar(model) });
        if (!compilation.Transaction.IsEmpty)
        {
            await RunAsync(compilation.Transaction, isWhole: !isChange, cancellationToken).ConfigureAwait(false);
        }

        Stand(compilation.Result, $"{model.Rules.Length} rules in the table inet netmod");
    }

    private FirewallModel ModelOf(FirewallSection section)
    {
        FirewallModel model = Translator.Translate(section).Model;
        ImmutableArray<KeptSession> kept = Sessions?.KeptFor(section.Profile, isStart: _inKernel is null) ?? [];
        return kept.IsEmpty ? model : model with { KeptSessions = kept };
    }

    // A control group that came, went or was made anew changes what stands as much as a rule does.
    private bool HoldsAlready(FirewallModel model) => _inKernel!.Model.Equals(model) && _inKernel.Options.Equals(HostFacts(model));

    private FirewallCompileOptions HostFacts(FirewallModel model)
    {
        Dictionary<string, ulong> groups = [];
        bool isAsked = false;
        foreach (Rule rule in model.Rules)
        {
            if (rule.Conditions?.Cgroup is { } path)
            {
                isAsked = true;
                if (Cgroups?.Find(path) is { } number)
                {
                    groups[path] = number;
                }
            }
        }

        // Where control groups are is nothing to a model without rules for any: it would look like a change each time.
        return isAsked ? new FirewallCompileOptions { Cgroups = groups, CgroupRoot = Cgroups?.Root ?? string.Empty } : FirewallCompileOptions.Default;
    }

    // A table written anew keeps what rules put into its dynamic lists.
    private Dictionary<long, IReadOnlyList<DynamicAddress>> DynamicAddressesSoFar(FirewallModel model)
    {
        var all = new Dictionary<long, IReadOnlyList<DynamicAddress>>();
        foreach (AddressList list in model.AddressLists.Where(list => list.IsDynamic))
        {
            if (ReadEntries(list.Id) is { Count: > 0 } entries)
            {
                all[list.Id] = [.. entries.Take(list.MaxEntries).Select(entry => new DynamicAddress(entry.Address, entry.ExpiresIn))];
            }
        }

        return all;
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
            FirewallApplyResult result = await RunUnheardAsync(transaction.Utf8Text, cancellationToken).ConfigureAwait(false);
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

    // Our own large transactions are not listened to. Where somebody else made one meanwhile, all is to be looked at, and the next time we listen.
    private async Task<FirewallApplyResult> RunUnheardAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        if (Monitor is not { } monitor || text.Length < ManyBytes || _isDisturbed)
        {
            _isDisturbed = false;
            return await datapath.ApplyAsync(text, cancellationToken).ConfigureAwait(false);
        }

        bool hasWritten = false;
        monitor.Pause();
        try
        {
            FirewallApplyResult result = await datapath.ApplyAsync(text, cancellationToken).ConfigureAwait(false);
            hasWritten = true;
            return result;
        }
        finally
        {
            monitor.Resume();
            if (!_table.WasAlone(hasWritten))
            {
                _isDisturbed = true;
                monitor.MissedSome();
            }
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
