using System.Collections.Immutable;
using System.Globalization;

namespace Net.Firewall;

/// <summary>Everything our table holds for a model but counters: its sets and chains, by name and in the order they are written in.</summary>
internal sealed class TablePlan
{
    private readonly List<NftSet> _sets = [];
    private readonly List<TableChain> _chains = [];
    private readonly Dictionary<string, NftSet> _setsByName = [];
    private readonly Dictionary<string, TableChain> _chainsByName = [];

    private TablePlan(RuleContext context) => Context = context;

    /// <summary>What rules are written with.</summary>
    public RuleContext Context { get; }

    /// <summary>The sets.</summary>
    public IReadOnlyList<NftSet> Sets => _sets;

    /// <summary>The chains, those that are led to before those that lead to them.</summary>
    public IReadOnlyList<TableChain> Chains => _chains;

    /// <summary>Rules in force that are not written.</summary>
    public ImmutableArray<RuleLeftOut> LeftOut { get; private set; } = [];

    /// <summary>The plan of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="options">What is known of the host.</param>
    public static TablePlan For(FirewallModel model, TableLayout layout, FirewallCompileOptions options)
    {
        var plan = new TablePlan(new RuleContext(model.AddressLists, options));
        foreach (FixedChain chain in FixedChain.All)
        {
            plan.Add(chain);
        }

        plan.AddLists(model, options);
        ImmutableArray<RuleLeftOut>.Builder leftOut = ImmutableArray.CreateBuilder<RuleLeftOut>();
        foreach (Rule rule in model.Rules)
        {
            if (rule.Enabled && (rule.Conditions is not null || rule.Effects is not null))
            {
                plan.AddRule(rule, leftOut);
            }
        }

        plan.LeftOut = leftOut.DrainToImmutable();
        foreach (RuleDirection direction in TableLayout.Directions)
        {
            plan.AddDirection(direction, layout, !model.KeptSessions.IsEmpty);
        }

        foreach (NatChain chain in NatChain.For(model.NatRules))
        {
            plan.Add(chain);
        }

        return plan;
    }

    /// <summary>The set of a name, or null.</summary>
    /// <param name="name">The name.</param>
    public NftSet? FindSet(string name) => _setsByName.GetValueOrDefault(name);

    /// <summary>The chain of a name, or null.</summary>
    /// <param name="name">The name.</param>
    public TableChain? FindChain(string name) => _chainsByName.GetValueOrDefault(name);

    private void AddLists(FirewallModel model, FirewallCompileOptions options)
    {
        foreach (AddressList list in model.AddressLists)
        {
            IReadOnlyList<DynamicAddress> start = options.DynamicAddresses.GetValueOrDefault(list.Id) ?? [];
            foreach (RuleAddressFamily family in (ReadOnlySpan<RuleAddressFamily>)[RuleAddressFamily.IPv4, RuleAddressFamily.IPv6])
            {
                bool isIPv6 = family == RuleAddressFamily.IPv6;
                string name = FirewallTable.ListSet(list.Id, family);
                Add(list.IsDynamic
                    ? new NftSet(name, isIPv6 ? NftSetKind.DynamicIPv6 : NftSetKind.DynamicIPv4) { Size = list.MaxEntries, Start = start }
                    : new NftSet(name, isIPv6 ? NftSetKind.IPv6 : NftSetKind.IPv4) { Addresses = list.Addresses });
            }
        }

        if (!model.KeptSessions.IsEmpty)
        {
            Add(new NftSet("k4", NftSetKind.SessionsIPv4) { Sessions = model.KeptSessions });
            Add(new NftSet("k6", NftSetKind.SessionsIPv6) { Sessions = model.KeptSessions });
        }
    }

    private void AddRule(Rule rule, ImmutableArray<RuleLeftOut>.Builder leftOut)
    {
        if (Context.IsLeftOut(rule))
        {
            leftOut.Add(new RuleLeftOut(rule.Id, $"There is no control group '{rule.Conditions!.Cgroup}' now; the rule is put in when there is."));
            return;
        }

        if (NftRuleWriter.HasEffects(rule))
        {
            Add(new RuleChain(RuleChainKind.Effects, rule, Context));
        }

        if (NftRuleWriter.HasState(rule))
        {
            AddMeters(rule);
            Add(new RuleChain(RuleChainKind.State, rule, Context));
        }

        if (NftRuleWriter.NeedsAlternatives(rule))
        {
            Add(new RuleChain(RuleChainKind.Alternatives, rule, Context));
        }
    }

    private void AddMeters(Rule rule)
    {
        RuleMatch match = RuleMatch.Of(rule);
        foreach (RuleAddressFamily family in (ReadOnlySpan<RuleAddressFamily>)[RuleAddressFamily.IPv4, RuleAddressFamily.IPv6])
        {
            if (!match.Applies(family))
            {
                continue;
            }

            bool isIPv6 = family == RuleAddressFamily.IPv6;
            NftSetKind kind = isIPv6 ? NftSetKind.DynamicIPv6 : NftSetKind.DynamicIPv4;
            string ending = string.Create(CultureInfo.InvariantCulture, $"{rule.Id}_{(isIPv6 ? 6 : 4)}");
            if (rule.Conditions!.Rate is { PerSource: true } rate)
            {
                Add(new NftSet($"m{ending}", kind) { Size = NftSet.MaxSources, Timeout = rate.TimeToFill(), State = rate });
            }

            if (rule.Conditions.Connections is { PerSource: true } connections)
            {
                Add(new NftSet($"c{ending}", kind) { Size = NftSet.MaxSources, State = connections });
            }
        }
    }

    private void AddDirection(RuleDirection direction, TableLayout layout, bool hasKept)
    {
        JumpList jumps = AddBranch(layout.Of(direction));
        Add(new FilterChain(direction, hasKept && direction != RuleDirection.Forward, layout.HoistedOf(direction), jumps, Context));
    }

    private JumpList AddBranch(RuleBranch branch)
    {
        foreach (LayoutPart part in branch.Parts)
        {
            Add(part);
        }

        foreach (ChunkGroup group in branch.Groups)
        {
            JumpList toChunks = JumpList.To(group);
            AddGuards(toChunks);
            Add(new GroupChain(group.Name, toChunks));
        }

        JumpList jumps = JumpList.To(branch);
        AddGuards(jumps);
        return jumps;
    }

    private void Add(LayoutPart part)
    {
        switch (part)
        {
            case RuleChunk chunk:
                Add(new ChunkChain(chunk, Context));
                break;
            case RuleBranch branch:
                Add(new GroupChain(branch.Name, AddBranch(branch)));
                break;
            default:
                var block = (PagedBlock)part;
                foreach (PageMap map in block.Maps.Where(map => !map.Pages.IsEmpty))
                {
                    foreach (LayoutPage page in map.Pages)
                    {
                        Add(page.Content);
                    }

                    if (map.Overflow is { } overflow)
                    {
                        Add(overflow);
                    }

                    Add(GuardWriter.MapOf(block.Name, map));
                }

                break;
        }
    }

    private void AddGuards(JumpList jumps)
    {
        foreach (JumpStep step in jumps.Steps)
        {
            foreach (NftSet set in GuardWriter.SetsOf(step.Target, step.Guard))
            {
                Add(set);
            }

            if (step.Map is null && GuardWriter.HasChain(step.Guard))
            {
                Add(new GuardChain(step.Target, step.Guard));
            }
        }
    }

    private void Add(NftSet set)
    {
        _sets.Add(set);
        _setsByName.Add(set.Name, set);
    }

    private void Add(TableChain chain)
    {
        _chains.Add(chain);
        _chainsByName.Add(chain.Name, chain);
    }
}
