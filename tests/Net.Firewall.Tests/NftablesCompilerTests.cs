namespace Net.Firewall.Tests;

public sealed class NftablesCompilerTests
{
    [Fact]
    public void Rules_that_nothing_tells_apart_are_laid_out_in_chains_of_up_to_64()
    {
        TableLayout layout = NftablesCompiler.CompileFull(Rules.Marks(130)).Result.Layout;

        Assert.Equal([(0, 43), (1, 43), (2, 44)], layout.Of(RuleDirection.Inbound).Parts.Select(chunk => (chunk.Number, chunk.Rules.Length)));
        Assert.Empty(layout.Of(RuleDirection.Outbound).Parts);
        Assert.Empty(layout.Of(RuleDirection.Forward).Parts);
    }

    [Fact]
    public void Rules_that_a_port_tells_apart_are_laid_out_in_pages_of_2_behind_a_hash()
    {
        FirewallCompilation compiled = NftablesCompiler.CompileFull(Rules.Ports(130));

        var block = Assert.IsType<PagedBlock>(Assert.Single(compiled.Result.Layout.Of(RuleDirection.Inbound).Parts));
        PageMap map = Assert.Single(block.Maps);
        Assert.Equal((65, 2, 2, 256), (map.Pages.Length, map.Pages[0].Content.Rules.Length, map.Pages[^1].Content.Rules.Length, map.Capacity));
        Assert.Contains("\tmap in_0_dp_256 { type inet_service : verdict; size 256; elements = { 1 : jump in_1, 2 : jump in_1, 3 : jump in_2, ", compiled.Transaction.ToString(), StringComparison.Ordinal);
        Assert.Contains(", 130 : jump in_65 }; }\n", compiled.Transaction.ToString(), StringComparison.Ordinal);
        Assert.Contains("\t\tth dport vmap @in_0_dp_256\n", compiled.Transaction.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_range_among_the_ports_makes_pages_of_8_in_a_map_of_ranges()
    {
        FirewallModel model = Rules.Ports(130);
        FirewallCompilation compiled = NftablesCompiler.CompileFull(model with { Rules = model.Rules.SetItem(4, model.Rules[4] with { DestinationPorts = [new PortRange(5, 6)] }) });

        var block = Assert.IsType<PagedBlock>(Assert.Single(compiled.Result.Layout.Of(RuleDirection.Inbound).Parts));
        PageMap map = Assert.Single(block.Maps);
        Assert.Equal((17, 8, 2), (map.Pages.Length, map.Pages[0].Content.Rules.Length, map.Pages[^1].Content.Rules.Length));
        Assert.Contains("\tmap in_0_dp { type inet_service : verdict; flags interval; elements = { 0-8 : jump in_1, 9-16 : jump in_2, ", compiled.Transaction.ToString(), StringComparison.Ordinal);
        Assert.Contains(", 129-65535 : jump in_17 }; }\n", compiled.Transaction.ToString(), StringComparison.Ordinal);
        Assert.Contains("\t\tth dport vmap @in_0_dp\n", compiled.Transaction.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_changed_is_nothing_to_do()
    {
        CompiledFirewall before = NftablesCompiler.CompileFull(Rules.Ports(200)).Result;

        FirewallCompilation same = NftablesCompiler.CompileChange(before, Rules.Ports(200));

        Assert.True(same.Transaction.IsEmpty);
        Assert.Equal("", same.Transaction.ToString());
    }

    [Fact]
    public void A_rename_does_not_touch_the_datapath()
    {
        FirewallModel model = Rules.Ports(3);
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;

        FirewallCompilation renamed = NftablesCompiler.CompileChange(before, new FirewallModel(model.Rules.SetItem(1, model.Rules[1] with { Name = "new" })));

        Assert.True(renamed.Transaction.IsEmpty);
        Assert.Equal("new", renamed.Result.Layout.Of(RuleDirection.Inbound).Parts[0].Rules[1].Name);
    }

    [Fact]
    public void A_changed_rule_rewrites_its_chain_and_no_other()
    {
        FirewallModel model = Rules.Ports(10_000);
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;

        FirewallCompilation changed = NftablesCompiler.CompileChange(
            before,
            new FirewallModel(model.Rules.SetItem(5_000, model.Rules[5_000] with { Action = RuleAction.Allow })));

        Assert.Equal(1, changed.Transaction.ChainsWritten);
        Assert.StartsWith("flush chain inet netmod in_2501\nadd chain inet netmod in_2501 {\n", changed.Transaction.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("add counter", changed.Transaction.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Inserting_leaves_the_chains_around_alone()
    {
        FirewallModel model = Rules.Marks(1_000);
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;

        FirewallCompilation changed = NftablesCompiler.CompileChange(before, new FirewallModel(model.Rules.Insert(300, Rules.Marked(5_000))));

        Assert.Equal(1, changed.Transaction.ChainsWritten);
        Assert.Contains("add counter inet netmod r5000\n", changed.Transaction.ToString(), StringComparison.Ordinal);
        Assert.Equal(63, changed.Result.Layout.Of(RuleDirection.Inbound).Parts[4].Rules.Length);
    }

    [Fact]
    public void Moving_a_rule_from_the_end_to_the_start_rewrites_two_chains()
    {
        FirewallModel model = Rules.Marks(1_000);
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;

        FirewallCompilation moved = NftablesCompiler.CompileChange(before, new FirewallModel(model.Rules.RemoveAt(999).Insert(0, model.Rules[999])));

        Assert.Equal(2, moved.Transaction.ChainsWritten);
        Assert.Equal(1_000, moved.Result.Layout.Of(RuleDirection.Inbound).Parts[0].Rules[0].Id);
    }

    [Fact]
    public void A_chain_splits_when_it_grows_past_128_and_goes_when_it_is_empty()
    {
        CompiledFirewall at = NftablesCompiler.CompileFull(Rules.Marks(64)).Result;

        CompiledFirewall full = NftablesCompiler.CompileChange(at, Rules.Marks(128)).Result;
        FirewallCompilation split = NftablesCompiler.CompileChange(full, Rules.Marks(129));
        FirewallCompilation shrunk = NftablesCompiler.CompileChange(split.Result, Rules.Model(Rules.Marks(129).Rules.Skip(43)));

        Assert.Single(full.Layout.Of(RuleDirection.Inbound).Parts);
        Assert.Equal([(0, 43), (2, 43), (3, 43)], split.Result.Layout.Of(RuleDirection.Inbound).Parts.Select(chunk => (chunk.Number, chunk.Rules.Length)));
        Assert.Contains("flush chain inet netmod input\n", split.Transaction.ToString(), StringComparison.Ordinal);
        Assert.Equal([(2, 43), (3, 43)], shrunk.Result.Layout.Of(RuleDirection.Inbound).Parts.Select(chunk => (chunk.Number, chunk.Rules.Length)));
        Assert.Contains("flush chain inet netmod in_0\n", shrunk.Transaction.ToString(), StringComparison.Ordinal);
        Assert.Contains("delete chain inet netmod in_0\ndelete counter inet netmod r1\n", shrunk.Transaction.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, shrunk.Transaction.ChainsWritten);
    }

    [Fact]
    public void Disabling_takes_the_rule_out_and_keeps_its_place_and_counter()
    {
        FirewallModel model = Rules.Ports(3);
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;

        FirewallCompilation disabled = NftablesCompiler.CompileChange(before, new FirewallModel(model.Rules.SetItem(1, model.Rules[1] with { Enabled = false })));

        Assert.DoesNotContain("\"r2\"", disabled.Transaction.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("delete counter", disabled.Transaction.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, disabled.Result.Layout.Of(RuleDirection.Inbound).Parts[0].Rules.Length);
    }

    [Fact]
    public void A_new_disabled_rule_only_brings_its_counter()
    {
        FirewallModel model = Rules.Ports(3);
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;

        FirewallCompilation changed = NftablesCompiler.CompileChange(before, new FirewallModel(model.Rules.Add(Rules.BlockPort(9, 9) with { Enabled = false })));

        Assert.Equal("add counter inet netmod r9\n", changed.Transaction.ToString());
    }

    [Fact]
    public void A_rule_that_changes_direction_keeps_its_counter()
    {
        CompiledFirewall before = NftablesCompiler.CompileFull(Rules.Model(Rules.Block(7))).Result;

        string text = NftablesCompiler.CompileChange(before, Rules.Model(Rules.Block(7, RuleDirection.Forward))).Transaction.ToString();

        Assert.DoesNotContain("counter inet netmod r7", text, StringComparison.Ordinal);
        Assert.DoesNotContain("delete counter", text, StringComparison.Ordinal);
        Assert.Contains("delete chain inet netmod in_0\n", text, StringComparison.Ordinal);
        Assert.Contains("jump fwd_0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_the_rules_is_the_order_of_the_model_after_any_number_of_changes()
    {
        var random = new Random(20_261);
        CompiledFirewall at = CompiledFirewall.Empty;
        List<Rule> rules = [];
        long nextId = 1;
        for (int step = 0; step < 300; step++)
        {
            for (int edit = random.Next(1, 40); edit > 0; edit--)
            {
                int place = random.Next(rules.Count + 1);
                switch (random.Next(step < 150 ? 3 : 5))
                {
                    case 0 or 1:
                        rules.Insert(place, Rules.BlockPort(nextId++, 1, (RuleDirection)random.Next(3)));
                        break;
                    case 2 when place < rules.Count:
                        Rule moved = rules[place];
                        rules.RemoveAt(place);
                        rules.Insert(random.Next(rules.Count + 1), moved);
                        break;
                    case 3 or 4 when place < rules.Count:
                        rules.RemoveAt(place);
                        break;
                    default:
                        break;
                }
            }

            at = NftablesCompiler.CompileChange(at, Rules.Model(rules)).Result;

            foreach (RuleDirection direction in Enum.GetValues<RuleDirection>())
            {
                Assert.Equal(
                    rules.Where(rule => rule.Direction == direction).Select(rule => rule.Id),
                    at.Layout.Of(direction).Parts.SelectMany(chunk => chunk.Rules).Select(rule => rule.Id));
                Assert.All(at.Layout.Of(direction).Parts, chunk => Assert.InRange(chunk.Rules.Length, 1, RuleChunk.MaxLength));
                Assert.Distinct(at.Layout.Of(direction).Parts.Select(chunk => chunk.Number));
            }
        }
    }

    [Fact]
    public void Counters_can_start_with_given_values()
    {
        string text = NftablesCompiler.CompileFull(
            Rules.Ports(2),
            new Dictionary<long, RuleCounter> { [2] = new(5, 300), [99] = new(1, 1) }).Transaction.ToString();

        Assert.Contains("\tcounter r1 { }\n\tcounter r2 { packets 5 bytes 300 }\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("r99", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Removal_names_our_table_and_nothing_else()
    {
        Assert.Equal("add table inet netmod\ndelete table inet netmod\n", NftablesCompiler.CompileRemoval().ToString());
    }
}
