using System.Globalization;
using System.Text;
using Net.Platform.Linux;

namespace Net.Platform.Tests.Linux;

public sealed class NftablesTests
{
    private const string RuleSet = """
        table inet netmod
        delete table inet netmod
        table inet netmod {
            counter r1 { }
            counter r2 { }
            quota q { over 1 mbytes }
            set blocked { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.0.2.1 } }
            set seen { type ipv4_addr; flags dynamic,timeout; timeout 1m; }
            map ports { type inet_service : verdict; elements = { 80 : accept, 81 : jump other } }
            chain other { counter name r2 accept comment "second"; }
            chain input {
                type filter hook input priority -10; policy accept;
                ip saddr @blocked drop
                tcp dport { 22, 443, 8080 } counter accept
                tcp dport vmap @ports
                ct state vmap { established : accept, invalid : drop }
                meta l4proto icmp counter name r1
                add @seen { ip saddr }
                limit rate 10/second accept
                ip saddr 10.1.1.1 jump { tcp dport 99 drop; }
            }
        }
        """;

    public static TheoryData<string> Changes =>
    [
        "add rule inet netmod other drop", "insert rule inet netmod input accept", "flush chain inet netmod other", "flush ruleset",
        "add chain inet netmod extra", "add element inet netmod blocked { 192.0.2.2 }", "delete element inet netmod blocked { 192.0.2.1 }",
        "add element inet netmod ports { 82 : drop }", "add counter inet netmod r3", "add set inet netmod more { type ipv4_addr; }",
        "chain inet netmod input { policy drop; }", "add table inet netmod { flags dormant; }",
    ];

    [Fact]
    public async Task The_fingerprint_stays_over_a_reload_and_moving_counters()
    {
        SkipUnlessPossible();
        using var place = new TestNamespace();
        using NftablesReader reader = place.In(() => new NftablesReader());
        NftTextLoader loader = Loader(place);
        Assert.Null(reader.ComputeFingerprint(FirewallTable.NetModule));

        await loader.ApplyAsync(RuleSet, TestContext.Current.CancellationToken);
        string? first = reader.ComputeFingerprint(FirewallTable.NetModule);
        using (IcmpEchoProber prober = place.In(() => new IcmpEchoProber()))
        {
            await prober.SendAsync(new EchoRequest { Destination = System.Net.IPAddress.Loopback }, TestContext.Current.CancellationToken);
        }

        IReadOnlyDictionary<string, CounterValue> moved = reader.ReadCounters(FirewallTable.NetModule);
        string? second = reader.ComputeFingerprint(FirewallTable.NetModule);
        await loader.ApplyAsync(RuleSet, TestContext.Current.CancellationToken);
        string? third = reader.ComputeFingerprint(FirewallTable.NetModule);

        Assert.Equal(32, first!.Length);
        Assert.True(moved["r1"].Packets > 0);
        Assert.Equal(first, second);
        Assert.Equal(first, third);
    }

    [Fact]
    public async Task Elements_of_a_set_are_read_with_the_time_they_stay()
    {
        SkipUnlessPossible();
        using var place = new TestNamespace();
        using NftablesReader reader = place.In(() => new NftablesReader());
        NftTextLoader loader = Loader(place);
        await loader.ApplyAsync(RuleSet, TestContext.Current.CancellationToken);
        await loader.ApplyAsync(
            "add set inet netmod six { type ipv6_addr; }\nadd element inet netmod six { 2001:db8::1 }\nadd element inet netmod seen { 192.0.2.7 timeout 1h }\n",
            TestContext.Current.CancellationToken);

        SetElement seen = Assert.Single(reader.ReadSetElements(FirewallTable.NetModule, "seen"));
        Assert.Equal("192.0.2.7", seen.Address.ToString());
        Assert.InRange(seen.ExpiresIn!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        Assert.Equal(new SetElement(System.Net.IPAddress.Parse("2001:db8::1"), null), Assert.Single(reader.ReadSetElements(FirewallTable.NetModule, "six")));
        Assert.Empty(reader.ReadSetElements(FirewallTable.NetModule, "absent"));
        Assert.Empty(reader.ReadSetElements(new FirewallTable(FirewallFamily.Inet, "absent"), "seen"));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task The_fingerprint_differs_after_any_change(string change)
    {
        SkipUnlessPossible();
        using var place = new TestNamespace();
        using NftablesReader reader = place.In(() => new NftablesReader());
        await Loader(place).ApplyAsync(RuleSet, TestContext.Current.CancellationToken);
        string? before = reader.ComputeFingerprint(FirewallTable.NetModule);

        place.Exec("nft", "-f -", change);

        Assert.NotEqual(before, reader.ComputeFingerprint(FirewallTable.NetModule));
    }

    [Theory]
    [InlineData("8080", "8081")]
    [InlineData("tcp dport 99 drop", "tcp dport 98 drop")]
    [InlineData("established : accept", "established : drop")]
    [InlineData("10/second", "11/second")]
    [InlineData("1 mbytes", "2 mbytes")]
    [InlineData("\"second\"", "\"another\"")]
    public async Task The_fingerprint_sees_what_differs_inside_a_rule(string old, string current)
    {
        SkipUnlessPossible();
        using var place = new TestNamespace();
        using NftablesReader reader = place.In(() => new NftablesReader());
        await Loader(place).ApplyAsync(RuleSet, TestContext.Current.CancellationToken);
        string? before = reader.ComputeFingerprint(FirewallTable.NetModule);

        await Loader(place).ApplyAsync(RuleSet.Replace(old, current, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        Assert.NotEqual(before, reader.ComputeFingerprint(FirewallTable.NetModule));
    }

    [Fact]
    public async Task Ten_thousand_counters_are_read_and_reset()
    {
        SkipUnlessPossible();
        using var place = new TestNamespace();
        using NftablesReader reader = place.In(() => new NftablesReader());
        const int count = 10_000;
        await Loader(place).ApplyAsync(TenThousandRules(), TestContext.Current.CancellationToken);

        IReadOnlyDictionary<string, CounterValue> values = reader.ReadCounters(FirewallTable.NetModule);
        IReadOnlyDictionary<string, CounterValue> reset = reader.ResetCounters(FirewallTable.NetModule);

        Assert.Equal(count, values.Count);
        Assert.Equal(new CounterValue(5, 500), values["r5"]);
        Assert.Equal(new CounterValue(5, 500), reset["r5"]);
        Assert.All(reader.ReadCounters(FirewallTable.NetModule).Values, value => Assert.Equal(default, value));
        Assert.Empty(reader.ReadCounters(new FirewallTable(FirewallFamily.Inet, "absent")));
    }

    [Fact]
    public void Foreign_tables_and_their_base_chains_are_named()
    {
        SkipUnlessPossible();
        using var place = new TestNamespace();
        using NftablesReader reader = place.In(() => new NftablesReader());
        place.Exec("nft", "-f -", """
            table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop; }; chain DOCKER { }; }
            table ip6 nat { chain POST { type nat hook postrouting priority 100; }; }
            table netdev early { chain in { type filter hook ingress device lo priority -500; }; }
            """);

        IReadOnlyList<BaseChainInfo> chains = reader.GetBaseChains();

        Assert.Equal(3, reader.GetTables().Count);
        Assert.Equal(
            [
                new BaseChainInfo(new FirewallTable(FirewallFamily.Ip, "filter"), "FORWARD", "filter", FirewallHook.Forward, 0, true, null),
                new BaseChainInfo(new FirewallTable(FirewallFamily.Ip6, "nat"), "POST", "nat", FirewallHook.Postrouting, 100, false, null),
                new BaseChainInfo(new FirewallTable(FirewallFamily.Netdev, "early"), "in", "filter", FirewallHook.Ingress, -500, false, "lo"),
            ],
            chains);
    }

    [Fact]
    public async Task The_monitor_names_who_touched_which_table()
    {
        SkipUnlessPossible();
        using var place = new TestNamespace();
        using NftablesMonitor monitor = place.In(() => new NftablesMonitor());

        FirewallApplyResult own = await Loader(place).ApplyAsync(RuleSet, TestContext.Current.CancellationToken);
        FirewallGeneration first = await NextAsync(monitor);
        place.Exec("nft", "-f -", "table ip other { chain c { }; }");
        FirewallGeneration second = await NextAsync(monitor);

        Assert.True(first.Touches(FirewallTable.NetModule));
        Assert.Equal(own.ProcessId, first.ProcessId);
        Assert.Equal("nft", second.ProcessName);
        Assert.NotEqual(own.ProcessId, second.ProcessId);
        Assert.Equal([new FirewallTable(FirewallFamily.Ip, "other")], second.Tables);
        Assert.False(second.Touches(FirewallTable.NetModule));
        Assert.Equal(first.Id + 1, second.Id);
    }

    [Fact]
    public async Task A_monitor_that_pauses_hears_nothing_of_the_time_between_and_all_that_comes_after()
    {
        SkipUnlessPossible();
        using var place = new TestNamespace();
        using NftablesMonitor monitor = place.In(() => new NftablesMonitor());

        monitor.Pause();
        await Loader(place).ApplyAsync(RuleSet, TestContext.Current.CancellationToken);
        monitor.Resume();
        place.Exec("nft", "-f -", "table ip other { chain c { }; }");
        FirewallGeneration heard = await NextAsync(monitor);
        monitor.MissedSome();
        FirewallGeneration missed = await NextAsync(monitor);

        Assert.Equal([new FirewallTable(FirewallFamily.Ip, "other")], heard.Tables);
        Assert.True(missed.IsOverrun);
    }

    [Fact]
    public async Task Lost_announcements_mean_verify_everything()
    {
        SkipUnlessPossible();
        using var place = new TestNamespace();
        using var isLoaded = new ManualResetEventSlim();
        using NftablesMonitor monitor = place.In(() => new NftablesMonitor(receiveBufferBytes: 2048, isLoaded.Wait));

        await Loader(place).ApplyAsync(TenThousandRules(), TestContext.Current.CancellationToken);
        isLoaded.Set();
        FirewallGeneration generation = await NextAsync(monitor);

        Assert.True(generation.IsOverrun);
        Assert.True(generation.Touches(FirewallTable.NetModule));
    }

    [Fact]
    public async Task A_refused_text_changes_nothing_and_names_the_line()
    {
        SkipUnlessPossible();
        using var place = new TestNamespace();
        using NftablesReader reader = place.In(() => new NftablesReader());
        NftTextLoader loader = Loader(place);
        await loader.CheckAsync(RuleSet, TestContext.Current.CancellationToken);

        FirewallDatapathException refusal = await Assert.ThrowsAsync<FirewallDatapathException>(
            () => loader.ApplyAsync("add table inet netmod\nadd rule inet netmod nowhere accept\n", TestContext.Current.CancellationToken));
        FirewallDatapathException nonsense = await Assert.ThrowsAsync<FirewallDatapathException>(
            () => loader.CheckAsync("add table inet netmod\nbogus line\n", TestContext.Current.CancellationToken));

        Assert.Empty(reader.GetTables());
        Assert.Contains(refusal.Errors, error => error is { Line: 2, LineText: "add rule inet netmod nowhere accept" });
        Assert.Contains(nonsense.Errors, error => error is { Line: 2, LineText: "bogus line" });
        Assert.Contains("syntax error", nonsense.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_takes_too_long_is_killed()
    {
        SkipUnlessPossible();
        using var place = new TestNamespace();
        var loader = new NftTextLoader(new NftTextLoaderOptions { NetworkNamespace = place.Namespace, Timeout = TimeSpan.FromMilliseconds(1) });

        FirewallDatapathException failure = await Assert.ThrowsAsync<FirewallDatapathException>(
            () => loader.ApplyAsync(TenThousandRules(), TestContext.Current.CancellationToken));

        Assert.Contains("killed", failure.Message, StringComparison.Ordinal);
    }

    internal static string TenThousandRules()
    {
        var text = new StringBuilder("table inet netmod {\n");
        for (int i = 0; i < 10_000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"counter r{i} {{ packets {i} bytes {i * 100} }}\n");
        }

        for (int chain = 0; chain < 10_000; chain += 64)
        {
            text.Append(CultureInfo.InvariantCulture, $"chain c{chain} {{\n");
            for (int i = chain; i < Math.Min(chain + 64, 10_000); i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"ip saddr 10.0.{i / 250}.{i % 250} tcp dport {1000 + i} counter name r{i} accept\n");
            }

            text.Append("}\n");
        }

        return text.Append("}\n").ToString();
    }

    private static void SkipUnlessPossible()
    {
        TestNamespace.SkipUnlessPossible();
        Assert.SkipUnless(NftTextLoader.FindProgram() is not null, "needs the package nftables");
    }

    private static NftTextLoader Loader(TestNamespace place) => new(new NftTextLoaderOptions { NetworkNamespace = place.Namespace });

    private static async Task<FirewallGeneration> NextAsync(NftablesMonitor monitor)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        return await monitor.Generations.ReadAsync(limit.Token);
    }
}
