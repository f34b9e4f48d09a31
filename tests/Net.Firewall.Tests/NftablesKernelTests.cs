using System.Text;

namespace Net.Firewall.Tests;

/// <summary>What the real nft and kernel make of compiled rule sets.</summary>
public sealed class NftablesKernelTests
{
    [Fact]
    public void Nft_accepts_random_models()
    {
        Assert.SkipUnless(FirewallNamespace.Unavailable is null, FirewallNamespace.Unavailable ?? "");
        using var space = new FirewallNamespace();
        var batch = new StringBuilder();
        for (int seed = 0; seed < 50; seed++)
        {
            batch.Append(NftablesCompiler.CompileFull(new RandomModels(seed).Next(40)).Transaction);
        }

        space.Run(batch.ToString(), "-f", "-");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_chain_of_changes_ends_in_the_same_behaviour_as_a_fresh_table(int seed)
    {
        Assert.SkipUnless(FirewallNamespace.Unavailable is null, FirewallNamespace.Unavailable ?? "");
        using var changed = new FirewallNamespace();
        using var fresh = new FirewallNamespace();
        var random = new RandomModels(seed);
        FirewallModel model = random.Next(200);
        FirewallCompilation compiled = NftablesCompiler.CompileFull(model);
        changed.Apply(compiled.Transaction);

        foreach (int edits in (ReadOnlySpan<int>)[1, 5, 60, 400, 1, 200])
        {
            model = random.Edit(model, edits);
            compiled = NftablesCompiler.CompileChange(compiled.Result, model);
            changed.Apply(compiled.Transaction);
            fresh.Apply(NftablesCompiler.CompileFull(model).Transaction);

            Assert.Equal(fresh.Behaviour(), changed.Behaviour());
        }

        changed.Apply(NftablesCompiler.CompileChange(compiled.Result, FirewallModel.Empty).Transaction);
        fresh.Apply(NftablesCompiler.CompileFull(FirewallModel.Empty).Transaction);
        Assert.Equal(fresh.Behaviour(), changed.Behaviour());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_chain_of_changes_of_pages_ends_in_the_same_behaviour_as_a_fresh_table(int seed)
    {
        Assert.SkipUnless(FirewallNamespace.Unavailable is null, FirewallNamespace.Unavailable ?? "");
        using var changed = new FirewallNamespace();
        using var fresh = new FirewallNamespace();
        var random = new PagedModels(seed);
        FirewallModel model = random.Next(8);
        FirewallCompilation compiled = NftablesCompiler.CompileFull(model);
        changed.Apply(compiled.Transaction);

        foreach (int edits in (ReadOnlySpan<int>)[1, 1, 1, 5, 5, 60, 60, 400, 1, 200])
        {
            model = random.Edit(model, edits);
            compiled = NftablesCompiler.CompileChange(compiled.Result, model);
            changed.Apply(compiled.Transaction);
            fresh.Apply(NftablesCompiler.CompileFull(model).Transaction);

            Assert.Equal(fresh.Behaviour(), changed.Behaviour());
        }

        changed.Apply(NftablesCompiler.CompileChange(compiled.Result, FirewallModel.Empty).Transaction);
        fresh.Apply(NftablesCompiler.CompileFull(FirewallModel.Empty).Transaction);
        Assert.Equal(fresh.Behaviour(), changed.Behaviour());
    }

    [Fact]
    public void Counters_survive_a_change_and_a_repair()
    {
        Assert.SkipUnless(FirewallNamespace.Unavailable is null, FirewallNamespace.Unavailable ?? "");
        using var space = new FirewallNamespace();
        FirewallModel model = Rules.Ports(200);
        FirewallCompilation compiled = NftablesCompiler.CompileFull(model, model.Rules.ToDictionary(rule => rule.Id, rule => new RuleCounter((ulong)rule.Id, (ulong)rule.Id * 100)));
        space.Apply(compiled.Transaction);

        // Changed, moved, removed and added rules, in chains that are rewritten.
        FirewallModel next = new(model.Rules.SetItem(10, model.Rules[10] with { Action = RuleAction.Allow }).RemoveAt(20).Add(Rules.Block(999)).Add(model.Rules[20]).RemoveAt(5));
        space.Apply(NftablesCompiler.CompileChange(compiled.Result, next).Transaction);
        CheckCounters();

        // Somebody's edits: a chain, a counter and a rule of their own, and one of our chains emptied.
        space.Run("add chain inet netmod theirs\nadd counter inet netmod theirs\nadd rule inet netmod theirs counter name \"theirs\"\nadd rule inet netmod input jump theirs\nflush chain inet netmod in_1", "-f", "-");
        Dictionary<long, RuleCounter> soFar = [];
        foreach ((string name, RuleCounter value) in space.Counters())
        {
            if (FirewallTable.TryGetRuleId(name, out long ruleId))
            {
                soFar[ruleId] = value;
            }
        }

        space.Apply(NftablesCompiler.CompileFull(next, soFar).Transaction);
        CheckCounters();
        using var fresh = new FirewallNamespace();
        fresh.Apply(NftablesCompiler.CompileFull(next).Transaction);
        Assert.Equal(fresh.Behaviour(), space.Behaviour());

        void CheckCounters()
        {
            Assert.Equal(
                next.Rules.ToDictionary(rule => FirewallTable.Counter(rule.Id), rule => rule.Id == 999 ? default : new RuleCounter((ulong)rule.Id, (ulong)rule.Id * 100)),
                space.Counters().ToDictionary());
        }
    }

    [Fact]
    public void Removal_leaves_nothing_of_ours_and_everything_of_others()
    {
        Assert.SkipUnless(FirewallNamespace.Unavailable is null, FirewallNamespace.Unavailable ?? "");
        using var space = new FirewallNamespace();
        space.Run("add table inet theirs\nadd chain inet theirs input { type filter hook input priority 5; }", "-f", "-");
        string before = space.Run(null, "list", "ruleset");

        space.Apply(NftablesCompiler.CompileRemoval());
        space.Apply(NftablesCompiler.CompileFull(Rules.Ports(100)).Transaction);
        space.Apply(NftablesCompiler.CompileRemoval());

        Assert.Equal(before, space.Run(null, "list", "ruleset"));
    }

    [Fact]
    public void A_refused_change_leaves_the_table_as_it_was()
    {
        Assert.SkipUnless(FirewallNamespace.Unavailable is null, FirewallNamespace.Unavailable ?? "");
        using var space = new FirewallNamespace();
        FirewallCompilation compiled = NftablesCompiler.CompileFull(Rules.Ports(100));
        space.Apply(compiled.Transaction);
        IReadOnlyList<string> before = space.Behaviour();
        string change = NftablesCompiler.CompileChange(compiled.Result, Rules.Ports(10)).Transaction.ToString();

        Assert.ThrowsAny<Exception>(() => space.Run(change + "delete counter inet netmod r424242\n", "-f", "-"));

        Assert.Equal(before, space.Behaviour());
    }
}
