using System.Net;
using Net.Contracts;
using Net.Engine.Relay.Membership;
using Net.Engine.Relay.Model;
using Net.Relay;
using Net.Relay.Bytecode;

namespace Net.Engine.Relay;

/// <content>Bringing kernel, workers and memberships to what rules mean now.</content>
internal sealed partial class RelaySubsystem
{
    private const int MaxRounds = 3;
    private const int EventsPerRefresh = 20;
    private static readonly TimeSpan RefusalHolds = TimeSpan.FromSeconds(60);

    private Task RefreshAsync()
    {
        ForgetRefusals(_section);
        var links = new LinkIndex(_monitor.Snapshot);
        return RefreshAsync(RelayResolver.Resolve(_section.Rules, InputsNow(links, _section.Settings)), links);
    }

    // The rules are the section's as resolved just now: with ten thousand of them that is not done twice.
    private async Task RefreshAsync(ResolvedRule[] rules, LinkIndex links)
    {
        if (_isDisposed)
        {
            return;
        }

        Ledger.Keep(_section.Rules.Select(rule => checked((int)rule.Id)).ToHashSet());
        _memberships!.SetQueriers(QueriersOf(rules, links));

        // Thousands of groups take the kernel its time, which needs nothing of what is loaded meanwhile. Joined before anything is taken off workers: what was joined stays so while a rule
        // moves from one engine to another.
        MembershipManager memberships = _memberships;
        List<GroupJoin> joins = JoinsOf(rules);
        var joining = Task.Run(() => memberships.SetJoins(joins));

        // A rule the kernel refuses goes to a worker in the next round.
        bool isResolvedAnew = false;
        try
        {
            for (int round = 1; round <= MaxRounds && ApplyKernel(rules) && round < MaxRounds; round++)
            {
                isResolvedAnew = true;
                rules = RelayResolver.Resolve(_section.Rules, InputsNow(links, _section.Settings));
            }
        }
        finally
        {
            await joining.ConfigureAwait(false);
        }

        if (isResolvedAnew)
        {
            memberships.SetJoins(JoinsOf(rules));
        }

        Dictionary<int, string> failures = await _pool.ApplyAsync(rules, _section.Settings, links).ConfigureAwait(false);
        RelayFlow[] taken = [.. rules.Where(rule => rule.Engine == RelayEngineKind.Packet && !failures.ContainsKey(rule.Id)).SelectMany(rule => rule.Flows)];
        TryKernel(kernel => kernel.SetDropped(taken));
        AskNeighbors(rules, links);
        Resolution before = _resolution;
        _resolution = new Resolution(rules, failures, links);
        UpdateStatus();
        TellChanges(before, _resolution);
    }

    private ResolverInputs InputsNow(LinkIndex links, RelaySettings settings) => new()
    {
        Links = links,
        Availability = _availability!,
        HasReceivers = _memberships!.HasReceivers,
        HasNativeXdp = index => HasNativeXdp(index, links),
        AllowVirtualXdp = settings.AllowVirtualXdp,
        Refused = _refused.ToDictionary(one => one.Key, one => one.Value.Reason),
        Traced = _traced,
    };

    private bool HasNativeXdp(int index, LinkIndex links)
    {
        string name = links.NameOf(index);
        if (!_drivers.TryGetValue(index, out (string Name, bool IsNative) known) || known.Name != name)
        {
            known = (name, _host.HasNativeXdp(name));
            _drivers[index] = known;
        }

        return known.IsNative;
    }

    // What the kernel refused may go another time; a changed rule is another rule.
    private void ForgetRefusals(RelaySection section)
    {
        if (_refused.Count == 0)
        {
            return;
        }

        var rules = new HashSet<RelayRule>(section.Rules, ReferenceEqualityComparer.Instance);
        foreach ((int id, Refusal refusal) in _refused.ToArray())
        {
            if (_clock.GetElapsedTime(refusal.Since) > RefusalHolds || !rules.Contains(refusal.Rule))
            {
                _refused.Remove(id);
            }
        }
    }

    /// <summary>Loads the kernel's engines.</summary>
    /// <returns>Whether some rules were refused that have to be resolved anew.</returns>
    private bool ApplyKernel(ResolvedRule[] resolved)
    {
        ReadKernelCounters();
        Dictionary<int, RelayRule> rules = resolved.ToDictionary(rule => rule.Id, rule => rule.Parsed.Rule);
        bool isRefused = false;
        HashSet<int> loaded = [];
        foreach (RelayEngineKind kind in new[] { RelayEngineKind.Xdp, RelayEngineKind.Tcx })
        {
            RelayFlow[] flows = [.. resolved.Where(rule => rule.Engine == kind).SelectMany(rule => rule.Flows)];
            if (flows.Length == 0 && !_loaded.ContainsKey(kind) && !_availability![kind].IsAvailable)
            {
                continue;
            }

            try
            {
                IReadOnlyList<KernelRefusal> refusals = _kernel!.Apply(kind, flows);
                HashSet<int> refused = [.. refusals.Select(refusal => refusal.RuleId)];
                foreach (KernelRefusal refusal in refusals.DistinctBy(refusal => refusal.RuleId))
                {
                    isRefused |= Refuse(rules, refusal.RuleId, refusal.Reason);
                }

                RelayFlow[] taken = [.. flows.Where(flow => !refused.Contains(flow.RuleId))];
                loaded.UnionWith(taken.Select(flow => flow.RuleId));
                _loaded[kind] = RelayFingerprint.Of(taken);
            }
            catch (Exception exception) when (IsOfKernel(exception))
            {
                Log.KernelFailed(_logger, exception.Message);
                foreach (int id in flows.Select(flow => flow.RuleId).Distinct())
                {
                    isRefused |= Refuse(rules, id, exception.Message);
                }
            }
        }

        Ledger.Keep(KernelOrigin, loaded);
        return isRefused;
    }

    private bool Refuse(Dictionary<int, RelayRule> rules, int id, string reason) =>
        rules.TryGetValue(id, out RelayRule? rule) && _refused.TryAdd(id, new Refusal(rule, reason, _clock.GetTimestamp()));

    private static List<GroupJoin> JoinsOf(ResolvedRule[] rules)
    {
        List<GroupJoin> joins = [];
        foreach (RelayFlow flow in rules.SelectMany(rule => rule.Flows))
        {
            RelayInput input = flow.Input;
            if (input.Destination is { IsExact: true, IsMulticast: true })
            {
                joins.Add(new GroupJoin(input.InterfaceIndex, input.Destination.Address, input.Source is { IsExact: true } source ? source.Address : null));
            }
        }

        return joins;
    }

    private List<QuerierSettings> QueriersOf(ResolvedRule[] rules, LinkIndex links)
    {
        Dictionary<int, QuerierSettings> result = [];
        foreach (RelayQuerier querier in _section.Settings.Queriers)
        {
            if (links.Find(querier.InterfaceAlias) is { } link)
            {
                result[link.Index] = new QuerierSettings
                {
                    InterfaceIndex = link.Index,
                    Enabled = querier.Enabled,
                    Options = OptionsOf(querier),
                    Address = querier.Address is { } address ? IPAddress.Parse(address) : null,
                };
            }
        }

        // Where outputs pause without receivers somebody has to listen, even if another router asks.
        foreach (ResolvedRule rule in rules)
        {
            foreach (RelayOutput output in rule.Parsed.Rule.Outputs.Where(output => output.PauseWithoutReceivers))
            {
                if (links.Find(output.InterfaceAlias) is { } link)
                {
                    result.TryAdd(link.Index, new QuerierSettings { InterfaceIndex = link.Index, Enabled = false });
                }
            }
        }

        return [.. result.Values];
    }

    private static Net.Relay.Membership.QuerierOptions OptionsOf(RelayQuerier querier)
    {
        var options = new Net.Relay.Membership.QuerierOptions();

        // RFC 9776 section 8.3: answers come within less than the time between queries.
        TimeSpan response = options.QueryResponseInterval < querier.QueryInterval ? options.QueryResponseInterval : querier.QueryInterval / 2;
        return options with { QueryInterval = querier.QueryInterval, QueryResponseInterval = response };
    }

    private void AskNeighbors(IReadOnlyList<ResolvedRule> rules, LinkIndex links)
    {
        foreach ((int InterfaceIndex, IPAddress Address) neighbor in rules.SelectMany(rule => rule.Unknown).Distinct())
        {
            _host.AskNeighbor(links.NameOf(neighbor.InterfaceIndex), neighbor.Address);
        }
    }

    private void UpdateStatus()
    {
        Resolution now = _resolution;
        ResolvedRule? failed = now.Rules.FirstOrDefault(rule => rule.State == RelayRuleState.Failed || now.Failures.ContainsKey(rule.Id));
        int relaying = now.Rules.Count(rule => rule.State == RelayRuleState.Forwarding && !now.Failures.ContainsKey(rule.Id));
        _status = failed is null
            ? new SubsystemStatus(Name, true, now.Rules.Count == 0 ? "no rules" : $"{relaying} of {now.Rules.Count} rules relay")
            : new SubsystemStatus(Name, false, $"{relaying} of {now.Rules.Count} rules relay; {failed.Parsed.Rule.Name}: {now.Failures.GetValueOrDefault(failed.Id, failed.Reason)}");
    }

    private void TellChanges(Resolution before, Resolution now)
    {
        int told = 0;
        foreach (ResolvedRule rule in now.Rules)
        {
            RelayRuleState state = StateOf(rule, now);
            ResolvedRule? old = before.Find(rule.Id);
            RelayRuleState was = old is null ? RelayRuleState.Forwarding : StateOf(old, before);
            string reason = now.Failures.GetValueOrDefault(rule.Id, rule.Reason);
            bool isSame = state == was && (old is null || state == RelayRuleState.Disabled || before.Failures.GetValueOrDefault(old.Id, old.Reason) == reason);
            if (isSame || (old is null && state == RelayRuleState.Disabled) || ++told > EventsPerRefresh)
            {
                continue;
            }

            EventSeverity severity = state switch
            {
                RelayRuleState.Failed => EventSeverity.Error,
                RelayRuleState.Waiting => EventSeverity.Warning,
                _ => EventSeverity.Information,
            };
            _events.Publish("RelayRuleStateChanged", "relay", severity, $"Rule '{rule.Parsed.Rule.Name}' of the relay is {state.ToString().ToLowerInvariant()}. {reason}", rule.Parsed.Rule.Name);
        }

        if (told > EventsPerRefresh)
        {
            _events.Publish("RelayRuleStateChanged", "relay", EventSeverity.Information, $"{told - EventsPerRefresh} more rules of the relay changed their state; Get-RelayRule shows them.");
        }
    }

    private static RelayRuleState StateOf(ResolvedRule rule, Resolution resolution) => resolution.Failures.ContainsKey(rule.Id) ? RelayRuleState.Failed : rule.State;
}
