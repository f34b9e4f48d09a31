using Net.Contracts;
using Net.Engine.Access;
using Net.Engine.Configuration;
using Net.Engine.Relay.Host;
using Net.Engine.Relay.Membership;
using Net.Engine.Relay.Model;
using Net.Engine.Relay.Workers;

namespace Net.Engine.Relay.Api;

/// <summary>Serves the API of the relay: each change becomes an edit of the document.</summary>
internal sealed partial class RelayService(ConfigurationManager configuration, RelaySubsystem relay, IRelayHost host, TimeProvider clock)
{
    private RelayRule[] All => configuration.Document.Relay.Rules;

    /// <summary>Lists rules.</summary>
    /// <param name="request">Which.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RelayRule[]> ListAsync(ListRelayRules request, CancellationToken cancellationToken)
    {
        RelayRule[] rules = Matching(request.Names);
        if (request.Counters && rules.Length > 0)
        {
            await relay.ReadCountersAsync(cancellationToken).ConfigureAwait(false);
        }

        var view = new RelayView(relay);
        return [.. rules.Select(rule => view.Describe(rule, request.Counters))];
    }

    /// <summary>Adds rules.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="request">The rules.</param>
    /// <param name="cancellationToken">Gives up while nothing is written.</param>
    public async Task<RelayRulesChanged> CreateAsync(Actor actor, CreateRelayRules request, CancellationToken cancellationToken)
    {
        RefuseNone(request.Rules.Length);
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document =>
        {
            var names = new HashSet<string>(document.Relay.Rules.Select(rule => rule.Name), StringComparer.OrdinalIgnoreCase);
            foreach (RelayRule rule in request.Rules)
            {
                if (!names.Add(rule.Name))
                {
                    throw new EngineException(ErrorCatalogue.RelayRuleExists, $"A rule of the relay named '{rule.Name}' exists already.", rule.Name);
                }
            }

            return With(document, [.. document.Relay.Rules, .. request.Rules.Select(rule => RelayNumbering.Clean(rule) with { Id = 0 })]);
        }, cancellationToken).ConfigureAwait(false);
        return Changed(request.Rules, outcome);
    }

    /// <summary>Replaces rules.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="request">The rules.</param>
    /// <param name="cancellationToken">Gives up while nothing is written.</param>
    public async Task<RelayRulesChanged> SetAsync(Actor actor, SetRelayRules request, CancellationToken cancellationToken)
    {
        RefuseNone(request.Rules.Length);
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document =>
        {
            RelayRule[] rules = [.. document.Relay.Rules];
            Dictionary<long, int> byId = [];
            var byName = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
            for (int index = 0; index < rules.Length; index++)
            {
                byId[rules[index].Id] = index;
                byName[rules[index].Name] = index;
            }

            foreach (RelayRule wanted in request.Rules)
            {
                int index = wanted.Id != 0 ? byId.GetValueOrDefault(wanted.Id, -1) : byName.GetValueOrDefault(wanted.Name, -1);
                if (index < 0)
                {
                    throw NotFound(wanted.Id != 0 && wanted.Name.Length == 0 ? $"id {wanted.Id}" : wanted.Name);
                }

                rules[index] = RelayNumbering.Clean(wanted) with { Id = rules[index].Id };
            }

            return With(document, rules);
        }, cancellationToken).ConfigureAwait(false);
        return Changed(request.Rules, outcome);
    }

    /// <summary>Removes rules.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="request">Their names.</param>
    /// <param name="cancellationToken">Gives up while nothing is written.</param>
    public async Task<RelayRulesChanged> RemoveAsync(Actor actor, RemoveRelayRules request, CancellationToken cancellationToken)
    {
        RefuseNone(request.Names.Length);
        RelayRule[] removed = [];
        ChangeOutcome outcome = await configuration.ChangeAsync(actor, request.Change, document =>
        {
            var names = new HashSet<string>(request.Names, StringComparer.OrdinalIgnoreCase);
            removed = [.. document.Relay.Rules.Where(rule => names.Contains(rule.Name))];
            if (removed.Length < names.Count)
            {
                names.ExceptWith(removed.Select(rule => rule.Name));
                throw NotFound(names.First());
            }

            return With(document, [.. document.Relay.Rules.Where(rule => !names.Contains(rule.Name))]);
        }, cancellationToken).ConfigureAwait(false);
        return new RelayRulesChanged(removed, outcome);
    }

    /// <summary>What holds for all rules, with who asks for receivers now.</summary>
    public RelaySettings GetSettings()
    {
        RelaySettings settings = configuration.Document.Relay.Settings;
        IReadOnlyList<QuerierStatus> now = relay.Memberships?.Queriers ?? [];
        LinkIndex links = relay.Current.Links;
        return settings with
        {
            Queriers =
            [
                .. settings.Queriers.Select(querier =>
                {
                    QuerierStatus? status = links.Find(querier.InterfaceAlias) is { } link
                        ? now.FirstOrDefault(one => one.InterfaceIndex == link.Index && one.Family == System.Net.Sockets.AddressFamily.InterNetwork)
                        : null;
                    return querier with
                    {
                        IsElected = status is null ? null : status.Role == Net.Relay.Membership.QuerierRole.Querier,
                        ElectedAddress = status?.Querier?.ToString(),
                    };
                }),
            ],
        };
    }

    /// <summary>Replaces what holds for all rules.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="request">The settings.</param>
    /// <param name="cancellationToken">Gives up while nothing is written.</param>
    public async Task<RelaySettingsChanged> SetSettingsAsync(Actor actor, SetRelaySettings request, CancellationToken cancellationToken)
    {
        RelaySettings wanted = RelayNumbering.Clean(request.Settings);
        ChangeOutcome outcome = await configuration.ChangeAsync(
            actor, request.Change, document => document with { Relay = document.Relay with { Settings = wanted } }, cancellationToken).ConfigureAwait(false);
        return new RelaySettingsChanged(outcome.Applied ? GetSettings() : wanted, outcome);
    }

    /// <summary>Groups that were joined, and those receivers asked for.</summary>
    /// <param name="request">Which.</param>
    public MulticastGroup[] ListGroups(ListMulticastGroups request)
    {
        Resolution now = relay.Current;
        return
        [
            .. (relay.Memberships?.Groups ?? [])
                .Where(group => request.Role is null || request.Role == RoleOf(group))
                .Select(group => Describe(group, now))
                .Where(group => NameFilter.Matches(request.Interfaces, group.InterfaceAlias)),
        ];
    }

    /// <summary>Workers.</summary>
    public RelayWorker[] ListWorkers()
    {
        LinkIndex links = relay.Current.Links;
        IEnumerable<RelayWorker> workers = relay.Workers.Select(slot => slot.Describe(links.NameOf));
        return relay.Spare is { ProcessId: { } process } spare
            ? [.. workers, new RelayWorker
            {
                Index = relay.Workers.Length,
                ProcessId = process,
                State = RelayWorkerState.Standby,
                Reason = "It takes the place of a worker that ends.",
                ResidentBytes = spare.ReadResidentBytes(),
            }]
            : [.. workers];
    }

    /// <summary>Sets how much workers log.</summary>
    /// <param name="request">Which worker, and how much.</param>
    public Done SetLogLevel(SetRelayWorkerLogLevel request)
    {
        WorkerSlot[] slots = [.. relay.Workers.Where(slot => request.Worker is null || slot.Index == request.Worker)];
        if (slots.Length == 0 && request.Worker is { } index)
        {
            throw new EngineException(ErrorCatalogue.RelayWorkerNotFound, $"There is no worker {index} of the relay.", "worker");
        }

        foreach (WorkerSlot slot in slots)
        {
            slot.SetLogLevel(request.Level);
        }

        return new Done();
    }

    private static MulticastGroupRole RoleOf(GroupStatus group) => group.Role == GroupRole.Joined ? MulticastGroupRole.Joined : MulticastGroupRole.Receiver;

    private static MulticastGroup Describe(GroupStatus group, Resolution now)
    {
        const int mostRules = 16;
        bool isJoined = group.Role == GroupRole.Joined;
        IEnumerable<ResolvedRule> rules = isJoined
            ? now.Rules.Where(rule => rule.Flows.Any(flow => flow.Input.InterfaceIndex == group.InterfaceIndex && flow.Input.Destination.IsExact && flow.Input.Destination.Address.Equals(group.Group)))
            : now.Rules.Where(rule => rule.Flows.Any(flow => flow.Targets.Any(target => target.InterfaceIndex == group.InterfaceIndex && target.DestinationFor(flow.Input).Contains(group.Group))));
        return new MulticastGroup
        {
            InterfaceAlias = now.Links.NameOf(group.InterfaceIndex),
            Group = group.Group.ToString(),
            Role = RoleOf(group),
            Sources = [.. (group.ExcludedSources.Count > 0 ? group.ExcludedSources : group.Sources).Select(source => source.ToString())],
            ExcludesSources = group.ExcludedSources.Count > 0,
            Rules = [.. rules.Take(mostRules).Select(rule => rule.Parsed.Rule.Name)],
            Since = group.Since,
            Reporter = group.Reporter?.ToString(),
            ExpiresAt = group.Expires,
            Problem = group.Reason,
        };
    }

    private static void RefuseNone(int count)
    {
        if (count == 0)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "No rule of the relay was given.", "rules");
        }
    }

    private static EngineException NotFound(string name) => new(ErrorCatalogue.RelayRuleNotFound, $"No rule of the relay is named '{name}'.", name);

    private static NetConfiguration With(NetConfiguration document, RelayRule[] rules) => document with { Relay = document.Relay with { Rules = rules } };

    private RelayRule[] Matching(string[]? names)
    {
        RelayRule[] all = All;
        if (names is null or [])
        {
            return all;
        }

        var known = new HashSet<string>(all.Select(rule => rule.Name), StringComparer.OrdinalIgnoreCase);
        if (names.FirstOrDefault(name => NameFilter.IsLiteral(name) && !known.Contains(name)) is { } unknown)
        {
            throw NotFound(unknown);
        }

        return [.. all.Where(rule => NameFilter.Matches(names, rule.Name))];
    }

    // A worker that is dead or stuck gets its rules when it is started anew; whoever made the change shall know that they are not in force yet.
    private RelayRulesChanged Changed(RelayRule[] asked, ChangeOutcome outcome)
    {
        if (!outcome.Applied)
        {
            return new RelayRulesChanged(asked, outcome);
        }

        var names = new HashSet<string>(asked.Select(rule => rule.Name), StringComparer.OrdinalIgnoreCase);
        var ids = new HashSet<long>(asked.Select(rule => rule.Id).Where(id => id != 0));
        RelayRule[] now = [.. All.Where(rule => names.Contains(rule.Name) || ids.Contains(rule.Id))];
        var view = new RelayView(relay);
        if (now.FirstOrDefault(rule => view.IsStuck(rule)) is { } stuck)
        {
            throw new EngineException(
                ErrorCatalogue.RelayWorkerNotResponding, $"Generation {outcome.Generation} has the change, but the worker of rule '{stuck.Name}' does not answer; it is started anew and given all its rules.", stuck.Name);
        }

        return new RelayRulesChanged([.. now.Select(rule => view.Describe(rule, withCounters: false))], outcome);
    }
}
