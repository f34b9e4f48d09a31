namespace Net.Firewall.Tests;

/// <summary>What a change writes, and above all what it leaves alone.</summary>
public sealed class NftablesChangeTests
{
    [Fact]
    public void A_list_is_changed_by_its_difference()
    {
        FirewallModel model = GoldenFeatures.Lists();
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;

        string text = Change(before, model with { AddressLists = model.AddressLists.SetItem(0, model.AddressLists[0] with { Addresses = [.. model.AddressLists[0].Addresses, Rules.Address("203.0.113.5")] }) });

        Assert.Equal("add element inet netmod l1_4 { 203.0.113.5 }\n", text);
    }

    [Fact]
    public void A_list_that_changes_as_a_whole_is_emptied_first()
    {
        FirewallModel model = Rules.Model(Rules.Block(1) with { Conditions = new() { SourceLists = [1] } }) with { AddressLists = [List(Enumerable.Range(0, 100))] };
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;

        string text = Change(before, model with { AddressLists = [List(Enumerable.Range(1000, 100))] });

        Assert.StartsWith("flush set inet netmod l1_4\nadd element inet netmod l1_4 { ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("chain", text, StringComparison.Ordinal);

        static AddressList List(IEnumerable<int> numbers) => new() { Id = 1, Name = "list", Addresses = [.. numbers.Select(n => Rules.Address($"10.0.{n / 100}.{n % 100 * 2}"))] };
    }

    [Fact]
    public void A_list_that_came_and_went_brings_and_takes_its_sets()
    {
        FirewallModel model = GoldenFeatures.Lists();
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;
        FirewallModel next = model with { Rules = model.Rules.RemoveAt(1), AddressLists = [model.AddressLists[0], new() { Id = 9, Name = "nine" }] };

        string text = Change(before, next);

        Assert.Contains("delete chain inet netmod fwd_0\ndelete set inet netmod l2_4\ndelete set inet netmod l2_6\ndelete set inet netmod l3_4\n", text, StringComparison.Ordinal);
        Assert.Contains("\tset l9_4 { type ipv4_addr; flags interval; }\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("l1_4", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dynamic_list_is_touched_only_when_it_must_be_made_anew()
    {
        FirewallModel model = GoldenFeatures.Effects();
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;

        string longer = Change(before, model with { AddressLists = model.AddressLists.SetItem(0, model.AddressLists[0] with { Timeout = TimeSpan.FromSeconds(91) }) });
        string larger = Change(before, model with { AddressLists = model.AddressLists.SetItem(0, model.AddressLists[0] with { MaxEntries = 7 }) });

        Assert.DoesNotContain("set", longer, StringComparison.Ordinal);
        Assert.Contains("update @l1_4 { ip saddr timeout 91s }", longer, StringComparison.Ordinal);
        Assert.Contains("flush chain inet netmod e3\n", larger, StringComparison.Ordinal);
        Assert.Contains("delete set inet netmod l1_4\ndelete set inet netmod l1_6\n", larger, StringComparison.Ordinal);
        Assert.DoesNotContain("l2_4", larger, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_next_to_a_limit_leaves_its_chain_and_set_alone()
    {
        FirewallModel model = GoldenFeatures.Limits();
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;

        string text = Change(before, model with { Rules = model.Rules.Insert(3, Rules.BlockPort(99, 99)) });

        Assert.DoesNotContain("chain s3", text, StringComparison.Ordinal);
        Assert.DoesNotContain("m3_4", text, StringComparison.Ordinal);
        Assert.Contains("jump s3", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_control_group_that_came_up_puts_its_rule_in_and_one_made_anew_again()
    {
        FirewallModel model = Rules.Model(Rules.Block(1) with { Conditions = new() { Cgroup = "a" } }, Rules.Block(2));
        FirewallCompilation without = NftablesCompiler.CompileFull(model);

        FirewallCompilation with = NftablesCompiler.CompileChange(without.Result, model, Options(1));
        FirewallCompilation same = NftablesCompiler.CompileChange(with.Result, model);
        FirewallCompilation anew = NftablesCompiler.CompileChange(same.Result, model, Options(2));
        FirewallCompilation gone = NftablesCompiler.CompileChange(anew.Result, model, new());

        Assert.Equal("There is no control group 'a' now; the rule is put in when there is.", Assert.Single(without.Result.LeftOut).Reason);
        Assert.DoesNotContain("cgroup", without.Transaction.ToString(), StringComparison.Ordinal);
        Assert.Contains("socket cgroupv2 level 1 \"a\"", with.Transaction.ToString(), StringComparison.Ordinal);
        Assert.True(with.Result.LeftOut.IsEmpty && same.Transaction.IsEmpty);
        Assert.Contains("socket cgroupv2 level 1 \"a\"", anew.Transaction.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("cgroup", gone.Transaction.ToString(), StringComparison.Ordinal);

        static FirewallCompileOptions Options(ulong number) => new() { Cgroups = new Dictionary<string, ulong> { ["a"] = number } };
    }

    [Fact]
    public void Nat_chains_come_change_and_go_as_a_whole_and_counters_stay()
    {
        FirewallModel model = GoldenFeatures.Nat();
        CompiledFirewall none = NftablesCompiler.CompileFull(Rules.Model(Rules.Block(999))).Result;
        FirewallCompilation come = NftablesCompiler.CompileChange(none, model with { Rules = none.Model.Rules });
        NatRule renamed = model.NatRules[1] with { Name = "renamed" };

        string rename = Change(come.Result, come.Result.Model with { NatRules = model.NatRules.SetItem(1, renamed) });
        string changed = Change(come.Result, come.Result.Model with { NatRules = model.NatRules.SetItem(1, renamed with { IsRandom = false }) });
        string gone = Change(come.Result, none.Model);

        Assert.Contains("type nat hook postrouting priority srcnat", come.Transaction.ToString(), StringComparison.Ordinal);
        Assert.Empty(rename);
        Assert.StartsWith("flush chain inet netmod postrouting\nadd chain inet netmod postrouting {\n", changed, StringComparison.Ordinal);
        Assert.DoesNotContain("counter n2 ", changed, StringComparison.Ordinal);
        Assert.Contains("delete chain inet netmod prerouting\n", gone, StringComparison.Ordinal);
        Assert.Contains("delete counter inet netmod n1\n", gone, StringComparison.Ordinal);
    }

    [Fact]
    public void Kept_sessions_leave_one_by_one()
    {
        FirewallModel model = GoldenFeatures.Kept();
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;

        string one = Change(before, model with { KeptSessions = model.KeptSessions.RemoveAt(0) });
        string all = Change(before, model with { KeptSessions = [] });

        Assert.Equal("delete element inet netmod k4 { 192.0.2.7 . 50000 . 22 }\n", one);
        Assert.Contains("delete set inet netmod k4\n", all, StringComparison.Ordinal);
        Assert.Contains("delete counter inet netmod kept\n", all, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_made_anew_gets_back_what_its_dynamic_lists_held()
    {
        FirewallCompileOptions options = new()
        {
            DynamicAddresses = new Dictionary<long, IReadOnlyList<DynamicAddress>>
            {
                [1] = [new(System.Net.IPAddress.Parse("192.0.2.1"), TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(30.5)), new(System.Net.IPAddress.Parse("2001:db8::1"))],
            },
        };

        string text = NftablesCompiler.CompileFull(GoldenFeatures.Effects(), options: options).Transaction.ToString();

        Assert.Contains("set l1_4 { type ipv4_addr; flags dynamic,timeout; size 65536; elements = { 192.0.2.1 timeout 90s expires 30500ms }; }\n", text, StringComparison.Ordinal);
        Assert.Contains("set l1_6 { type ipv6_addr; flags dynamic,timeout; size 65536; elements = { 2001:db8::1 }; }\n", text, StringComparison.Ordinal);
        if (FirewallNamespace.Unavailable is null)
        {
            using var space = new FirewallNamespace();
            space.Run(text, "-f", "-");
        }
    }

    [Fact]
    public void One_rule_of_ten_thousand_is_a_small_change_whatever_the_order_of_addresses()
    {
        FirewallModel model = Rules.Model(Enumerable.Range(1, 10_000).Select(n => Rules.Block(n) with { SourceAddresses = [Address((uint)n)] }));
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;

        FirewallCompilation same = NftablesCompiler.CompileChange(before, model with { Rules = model.Rules.SetItem(5_000, model.Rules[5_000] with { Action = RuleAction.Allow }) });
        FirewallCompilation moved = NftablesCompiler.CompileChange(before, model with { Rules = model.Rules.SetItem(5_000, model.Rules[5_000] with { SourceAddresses = [Address(77_777)] }) });

        Assert.Matches(@"\Aflush chain inet netmod (in_\d+)\nadd chain inet netmod \1 \{\n(\t\tip saddr [\d.]+ counter name ""r\d+"" (drop|accept)\n){2,6}\t\}\n\z", same.Transaction.ToString());
        Assert.Equal(2, moved.Transaction.ChainsWritten);
        Assert.Matches(@"\Aflush chain inet netmod (in_\d+)\nflush chain inet netmod (in_\d+)\nadd chain inet netmod \1 \{\n", moved.Transaction.ToString());
        Assert.DoesNotContain("element", moved.Transaction.ToString(), StringComparison.Ordinal);

        static AddressRange Address(uint n) => AddressRange.FromNumbers(RuleAddressFamily.IPv4, n * 2_654_435_761u, n * 2_654_435_761u);
    }

    [Theory]
    [InlineData("10.0.17.0", @"\Aflush chain inet netmod in_10\nadd counter ", @"\nadd element inet netmod in_0_s4_512 \{ 10.0.20.2 : jump in_10, .* 10.0.20.10 : jump in_101, .*10.0.20.18 : jump in_101 \}\n\z")]
    [InlineData(
        "10.0.17.0/31",
        @"\Aflush chain inet netmod in_3\ndelete element inet netmod in_0_s4 \{ 10.0.17.0-10.0.24.255 \}\nadd counter ",
        @"\nadd element inet netmod in_0_s4 \{ 10.0.17.0-10.0.20.[\d.]+ : jump in_3, 10.0.20.\d+-10.0.24.255 : jump in_26 \}\n\z")]
    public void A_page_that_grew_too_long_is_cut_and_its_map_gets_the_difference(string seventeenth, string begins, string ends)
    {
        FirewallModel model = Rules.Model(Enumerable.Range(1, 200).Select(n => Rules.Block(n) with { SourceAddresses = [Rules.Address(n == 17 ? seventeenth : $"10.0.{n}.0")] }));
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;
        FirewallModel next = model with { Rules = [.. model.Rules, .. Enumerable.Range(1, 9).Select(n => Rules.Block(300 + n) with { SourceAddresses = [Rules.Address($"10.0.20.{n * 2}")] })] };

        FirewallCompilation there = NftablesCompiler.CompileChange(before, next);

        Assert.Matches(begins, there.Transaction.ToString());
        Assert.Matches(ends, there.Transaction.ToString());
        CheckInKernel(model, there, next);
    }

    [Fact]
    public void A_range_among_single_values_makes_a_map_of_ranges_and_a_hash_again_when_it_goes()
    {
        FirewallModel model = Rules.Model(Enumerable.Range(1, 200).Select(n => Rules.Block(n) with { SourceAddresses = [Rules.Address($"10.0.{n}.0")] }));
        FirewallModel next = model with { Rules = model.Rules.Insert(9, Rules.Block(300) with { SourceAddresses = [Rules.Address("10.0.50.0/23")] }) };
        CompiledFirewall before = NftablesCompiler.CompileFull(model).Result;

        FirewallCompilation there = NftablesCompiler.CompileChange(before, next);
        FirewallCompilation back = NftablesCompiler.CompileChange(there.Result, model);

        Assert.Contains("\ndelete map inet netmod in_0_s4_512\n", there.Transaction.ToString(), StringComparison.Ordinal);
        Assert.Contains("\tmap in_0_s4 { type ipv4_addr : verdict; flags interval; ", there.Transaction.ToString(), StringComparison.Ordinal);
        Assert.Contains("\ndelete map inet netmod in_0_s4\n", back.Transaction.ToString(), StringComparison.Ordinal);
        CheckInKernel(model, there, next);
        CheckInKernel(next, NftablesCompiler.CompileChange(NftablesCompiler.CompileFull(next).Result, model), model);
    }

    [Fact]
    public void A_hash_that_is_full_is_made_anew_with_twice_the_room()
    {
        FirewallModel model = Rules.Model(Enumerable.Range(1, 170).Select(n => Rules.Block(n) with { SourceAddresses = [Rules.Address($"10.0.{n}.0")] }));
        FirewallModel next = model with { Rules = [.. model.Rules, .. Enumerable.Range(1, 90).Select(n => Rules.Block(300 + n) with { SourceAddresses = [Rules.Address($"10.1.{n}.0")] })] };

        FirewallCompilation there = NftablesCompiler.CompileChange(NftablesCompiler.CompileFull(model).Result, next);

        Assert.Contains("\ndelete map inet netmod in_0_s4_256\n", there.Transaction.ToString(), StringComparison.Ordinal);
        Assert.Contains("\tmap in_0_s4_512 { type ipv4_addr : verdict; size 512; ", there.Transaction.ToString(), StringComparison.Ordinal);
        CheckInKernel(model, there, next);
    }

    [Fact]
    public void Rules_for_new_values_wait_behind_the_hash_until_they_are_many()
    {
        FirewallModel model = Rules.Model(Enumerable.Range(1, 100).Select(n => Rules.Block(n) with { SourceAddresses = [Rules.Address($"10.0.{n}.0")] }));
        FirewallCompilation compiled = NftablesCompiler.CompileFull(model);
        List<string> steps = [];
        List<NftTransaction> transactions = [compiled.Transaction];
        for (int n = 1; n <= PageOverflow.MaxLength + 1; n++)
        {
            model = model with { Rules = model.Rules.Insert(n * 5, Rules.Block(300 + n) with { SourceAddresses = [Rules.Address($"10.1.{n}.0")] }) };
            compiled = NftablesCompiler.CompileChange(compiled.Result, model);
            steps.Add(compiled.Transaction.ToString());
            transactions.Add(compiled.Transaction);
        }

        Assert.All(steps.SkipLast(1), step => Assert.DoesNotContain("element", step, StringComparison.Ordinal));
        Assert.Contains("add element inet netmod in_0_s4_256 { 10.1.1.0 : jump ", steps[^1], StringComparison.Ordinal);
        Assert.Empty(Assert.IsType<PagedBlock>(Assert.Single(compiled.Result.Layout.Of(RuleDirection.Inbound).Parts)).Maps[0].Overflow!.Rules);
        if (FirewallNamespace.Unavailable is null)
        {
            using var space = new FirewallNamespace();
            using var fresh = new FirewallNamespace();
            transactions.ForEach(space.Apply);
            fresh.Apply(NftablesCompiler.CompileFull(model).Transaction);
            Assert.Equal(fresh.Behaviour(), space.Behaviour());
        }
    }

    private static void CheckInKernel(FirewallModel model, FirewallCompilation change, FirewallModel next)
    {
        if (FirewallNamespace.Unavailable is null)
        {
            using var space = new FirewallNamespace();
            using var fresh = new FirewallNamespace();
            space.Apply(NftablesCompiler.CompileFull(model).Transaction);
            space.Apply(change.Transaction);
            fresh.Apply(NftablesCompiler.CompileFull(next).Transaction);
            Assert.Equal(fresh.Behaviour(), space.Behaviour());
        }
    }

    private static string Change(CompiledFirewall before, FirewallModel next) => NftablesCompiler.CompileChange(before, next).Transaction.ToString();
}
