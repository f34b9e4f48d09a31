using Net.Contracts;

namespace Net.Service.Tests.Relay;

/// <summary>Where the kernel takes no programs, workers relay, and say why.</summary>
public sealed class RelayFallbackTests : IAsyncLifetime
{
    // CAP_SYS_ADMIN includes CAP_BPF (capabilities(7)).
    private readonly RelayLab _lab = new() { Through = ["setpriv", "--bounding-set=-bpf,-sys_admin", "--"] };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _lab.StartAsync();

    [Fact]
    public async Task Without_the_right_to_load_programs_a_worker_relays_with_the_same_rewriting_and_says_why()
    {
        RelaySocket source = _lab.Open(_lab.Source);
        RelaySocket sink = _lab.Open(_lab.Sink(1));
        await _lab.CreateAsync(RelayLab.Rule("auto", "239.1.9.1", 5800, new RelayOutput { InterfaceAlias = "out1", Destination = "239.2.9.1", Port = 6800, Ttl = 4, Source = "interface", Dscp = 10 }));

        RelayRule rule = await _lab.RuleAsync("auto");
        RelayArrival arrival = await RelayLab.PassAsync(source, sink, "239.1.9.1", 5800);
        EngineException refused = await Assert.ThrowsAsync<EngineException>(
            () => _lab.CreateAsync(RelayLab.Rule("tcx", "239.1.9.2", 5801, new RelayOutput { InterfaceAlias = "out1" }) with { Engine = RelayEngine.Tcx }));

        Assert.Equal(RelayEngine.Packet, rule.EngineInUse);
        Assert.Contains("tcx cannot", rule.EngineReason, StringComparison.Ordinal);
        Assert.Equal(("10.2.0.1", "239.2.9.1", 6800, 4, 10, true), (arrival.Source, arrival.Destination, arrival.Port, arrival.Ttl, arrival.Dscp, arrival.IsIntact));
        Assert.Equal(ErrorCatalogue.RelayEngineNotUsable.Id, refused.ErrorId);
        EngineStatus status = await _lab.Client.CallAsync(EngineApi.EngineStatus, new GetStatus(), Token);
        Assert.Contains(status.Subsystems, part => part is { Name: "relay", InDesiredState: true });
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();
}
