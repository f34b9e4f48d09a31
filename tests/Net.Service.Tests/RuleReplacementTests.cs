using Net.Client;
using Net.Contracts;
using Net.Lab;
using Net.Service.Tests.Flood;

namespace Net.Service.Tests;

/// <summary>Packets that pass while rules change: at no moment does any of them meet something between the old rules and the new ones.</summary>
public sealed class RuleReplacementTests : IAsyncLifetime
{
    private const int Replacements = 10;
    private const int ChangesEach = 4;
    private const int Repairs = 2;
    private const double PacketsPerSecond = 2_000;

    private readonly EngineFolder _folder = new();
    private readonly FloodFlow[] _flows = FloodedRules.Flows("10.2.0.2", "2001:db8:2::2");
    private Lab.Lab? _lab;
    private EngineProcess? _engine;
    private EngineClient? _client;

    private LabNode Router => _lab!.Node("router");

    private string Left => _lab!.Node("left").NamespaceName;

    private string Right => _lab!.Node("right").NamespaceName;

    public async ValueTask InitializeAsync()
    {
        TestHost.RequireRoot();
        _lab = await TestHost.UpAsync(LabTopologies.Chain());
        _engine = await EngineProcess.StartAsync(Router, _folder);
        _client = await _engine.ConnectAsync();
        await ApplyAsync(FloodedRules.Beginning);
        foreach (FloodFlow standing in _flows.Where(flow => flow.MustPass))
        {
            RuleFlood.Establish(Left, Right, standing);
        }
    }

    [Fact]
    public async Task No_forbidden_packet_passes_and_no_allowed_one_is_lost_while_rule_sets_are_replaced_changed_repaired_and_the_engine_restarts()
    {
        await ApplyAsync(FloodedRules.Document(0));
        using RuleFlood flood = RuleFlood.Start(Left, Right, _flows, PacketsPerSecond);

        int change = 0;
        for (int number = 1; number <= Replacements; number++)
        {
            await ApplyAsync(FloodedRules.Document(number));
            for (int count = 0; count < ChangesEach; count++)
            {
                await FloodedRules.ChangeOneAsync(_client!, number, change++, TestContext.Current.CancellationToken);
            }

            if (number % (Replacements / Repairs) == 0)
            {
                await RepairAsync();
            }
        }

        await _engine!.KillAsync();
        await _engine.DisposeAsync();
        _engine = await EngineProcess.StartAsync(Router, _folder);

        IReadOnlyList<FloodOutcome> outcomes = await flood.EndAsync();
        Assert.All(outcomes, outcome => Assert.True(outcome.Sent > PacketsPerSecond, $"{outcome}"));
        Assert.All(outcomes, outcome => Assert.True(outcome.Flow.MustPass ? outcome.Lost == 0 : outcome.Delivered == 0, $"{outcome}"));
    }

    [Fact]
    public async Task The_flood_sees_what_a_rule_set_in_between_lets_through_and_drops()
    {
        await ApplyAsync(FloodedRules.Document(0));
        using RuleFlood flood = RuleFlood.Start(Left, Right, _flows, PacketsPerSecond);

        // What a replacement in two steps would be: first nothing, then everything is dropped.
        await Kernel.NftAsync(Router, "add table inet netmod\ndelete table inet netmod");
        await Kernel.NftAsync(Router, "add table inet between\nadd chain inet between forward { type filter hook forward priority 10; policy drop; }");
        await EngineProcess.EventAsync(_client!, "FirewallDriftRepaired");
        await Kernel.NftAsync(Router, "delete table inet between");

        IReadOnlyList<FloodOutcome> outcomes = await flood.EndAsync();
        Assert.All(outcomes, outcome => Assert.True(outcome.Flow.MustPass ? outcome.Lost > 0 : outcome.Delivered > 0, $"{outcome}"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _folder.Dispose();
    }

    private Task<ChangeOutcome> ApplyAsync(NetConfiguration document) =>
        _client!.CallAsync(EngineApi.ConfigurationApply, new ApplyConfiguration(document), TestContext.Current.CancellationToken);

    // Somebody else's chain in our table has it written anew, whole.
    private async Task RepairAsync()
    {
        await Kernel.NftAsync(Router, "add chain inet netmod intruder");
        await Wait.UntilAsync("the chain is gone", async () => !(await Kernel.TableAsync(Router)).Contains("intruder", StringComparison.Ordinal));
    }
}
