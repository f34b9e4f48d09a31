using System.Collections;
using Net.Contracts;
using Net.PowerShell.Completion;
using Net.PowerShell.Tests.Fakes;

namespace Net.PowerShell.Tests.Completion;

public sealed class RelayCompletionTests
{
    [Fact]
    public async Task Rules_workers_and_groups_complete_with_what_they_are()
    {
        FakeEngine engine = new FakeEngine()
            .Answer(EngineApi.RelayListRules, _ => [new RelayRule { Name = "news", InterfaceAlias = "eth0", Group = AddressRange.Parse("239.1.1.1"), Port = new PortRange(5000), State = RelayRuleState.Waiting }])
            .Answer(EngineApi.RelayListWorkers, _ => [new RelayWorker { Index = 1, Reason = "relays", RuleCount = 3, State = RelayWorkerState.Running }])
            .Answer(EngineApi.RelayListGroups, _ =>
            [
                new MulticastGroup { InterfaceAlias = "eth0", Group = "239.1.1.1" },
                new MulticastGroup { InterfaceAlias = "br1", Group = "239.1.1.1", Role = MulticastGroupRole.Receiver },
            ]);

        Assert.Equal([new Candidate("news", "Waiting: 239.1.1.1 port 5000 at eth0 to 0 outputs")], await Ask(new RelayRuleNameCompleter(), engine));
        Assert.Equal([new Candidate("1", "Running, 3 rules: relays")], await Ask(new RelayWorkerIndexCompleter(), engine));
        Assert.Equal([new Candidate("239.1.1.1", "Joined at eth0, Receiver at br1")], await Ask(new MulticastGroupCompleter(), engine));
    }

    private static Task<IEnumerable<Candidate>> Ask(EngineCompleter completer, FakeEngine engine) => completer.AskAsync(engine, new Hashtable(), CancellationToken.None);
}
