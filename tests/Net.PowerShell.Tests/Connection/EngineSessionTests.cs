using Net.Contracts;
using Net.PowerShell.Connection;
using Net.PowerShell.Tests.Fakes;

namespace Net.PowerShell.Tests.Connection;

public sealed class EngineSessionTests
{
    private static readonly EngineTarget Default = new("/default.sock", TimeSpan.FromSeconds(1));
    private readonly List<(EngineTarget Target, FakeEngine Engine)> _connections = [];
    private Func<EngineTarget, FakeEngine> _create = _ => new FakeEngine();

    private FirewallRule[] Rules { get; } = [Sample.Rule("web")];

    [Fact]
    public async Task Nothing_is_opened_before_the_first_call()
    {
        await using EngineSession session = Session();

        Assert.Empty(_connections);
    }

    [Fact]
    public async Task The_first_call_connects_to_the_default_engine_and_later_ones_use_the_same_connection()
    {
        _create = _ => WithRules();
        await using EngineSession session = Session();

        await ListAsync(session);
        await ListAsync(session);

        Assert.Equal(Default, Assert.Single(_connections).Target);
    }

    [Fact]
    public async Task Calls_at_the_same_time_share_one_connection()
    {
        _create = _ => WithRules();
        await using EngineSession session = Session();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => ListAsync(session))));

        Assert.Single(_connections);
    }

    [Fact]
    public async Task A_chosen_engine_stays_the_sessions_engine_even_after_its_connection_broke()
    {
        _create = _ => WithRules();
        await using EngineSession session = Session();
        var other = new EngineTarget("/other.sock", TimeSpan.FromSeconds(1));
        await session.ConnectAsync(other, CancellationToken.None);
        _connections[0].Engine.IsOpen = false;

        await ListAsync(session);

        Assert.Equal([other, other], _connections.Select(one => one.Target));
    }

    [Fact]
    public async Task A_failed_connect_leaves_the_present_connection()
    {
        _create = target => target.SocketPath == "/bad.sock" ? throw Sample.Failure(ErrorCatalogue.EngineNotReachable) : WithRules();
        await using EngineSession session = Session();
        await ListAsync(session);

        await Assert.ThrowsAsync<EngineException>(
            () => session.ConnectAsync(new EngineTarget("/bad.sock", TimeSpan.Zero), CancellationToken.None));
        await ListAsync(session);

        Assert.Single(_connections);
        Assert.False(_connections[0].Engine.IsDisposed);
    }

    [Fact]
    public async Task Connecting_elsewhere_closes_the_connection_before()
    {
        await using EngineSession session = Session();
        await session.ConnectAsync(Default, CancellationToken.None);

        await session.ConnectAsync(new EngineTarget("/other.sock", TimeSpan.Zero), CancellationToken.None);

        Assert.True(_connections[0].Engine.IsDisposed);
        Assert.False(_connections[1].Engine.IsDisposed);
    }

    [Fact]
    public async Task A_read_on_a_connection_that_breaks_is_repeated_on_a_new_one()
    {
        int opened = 0;
        _create = _ => opened++ == 0 ? Broken() : WithRules();
        await using EngineSession session = Session();

        FirewallRule[] rules = await ListAsync(session);

        Assert.Same(Rules, rules);
        Assert.Equal(2, _connections.Count);
        Assert.True(_connections[0].Engine.IsDisposed);
    }

    [Fact]
    public async Task A_change_on_a_connection_that_breaks_is_never_repeated()
    {
        _create = _ => new FakeEngine().Answer(EngineApi.SecretsRemove, Fail<RemoveSecret, Done>);
        await using EngineSession session = Session();

        EngineException failure = await Assert.ThrowsAsync<EngineException>(
            () => session.CallAsync(EngineApi.SecretsRemove, new RemoveSecret("a"), CancellationToken.None));

        Assert.Equal("ConnectionLost", failure.ErrorId);
        Assert.Single(_connections);
    }

    [Fact]
    public async Task After_a_disconnect_the_default_engine_is_used_again()
    {
        _create = _ => WithRules();
        await using EngineSession session = Session();
        await session.ConnectAsync(new EngineTarget("/other.sock", TimeSpan.Zero), CancellationToken.None);

        Assert.True(await session.DisconnectAsync());
        Assert.False(await session.DisconnectAsync());
        await ListAsync(session);

        Assert.Equal(Default, _connections[^1].Target);
    }

    private static TResult Fail<TRequest, TResult>(TRequest request) => throw Sample.Failure(ErrorCatalogue.ConnectionLost);

    private static Task<FirewallRule[]> ListAsync(EngineSession session) =>
        session.CallAsync(EngineApi.FirewallListRules, new ListFirewallRules(), CancellationToken.None);

    private static FakeEngine Broken() => new FakeEngine().Answer(EngineApi.FirewallListRules, Fail<ListFirewallRules, FirewallRule[]>);

    private FakeEngine WithRules() => new FakeEngine().Answer(EngineApi.FirewallListRules, _ => Rules);

    private EngineSession Session() => new(() => Default, async (target, token) =>
    {
        await Task.Yield();
        FakeEngine engine = _create(target);
        lock (_connections)
        {
            _connections.Add((target, engine));
        }

        return engine;
    });
}
