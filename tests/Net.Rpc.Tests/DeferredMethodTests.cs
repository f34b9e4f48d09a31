namespace Net.Rpc.Tests;

public sealed class DeferredMethodTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deferred_method_is_known_by_name_and_made_once_when_it_is_first_called()
    {
        int made = 0;
        var dispatcher = new RpcDispatcher();
        dispatcher.AddDeferred("late", one =>
        {
            made++;
            one.Add("late", RpcNothing.TypeInfo, RpcNothing.TypeInfo, (_, _, _) => ValueTask.FromResult(RpcNothing.Value));
        });
        (DuplexStream near, DuplexStream far) = DuplexStream.CreatePair();
        await using var server = new RpcConnection(far, dispatcher);
        await using var client = new RpcConnection(near, new RpcDispatcher());
        server.Start();
        client.Start();

        Assert.Contains("late", dispatcher.Methods);
        Assert.Equal(0, made);
        await client.InvokePositionalAsync("late", [], RpcNothing.TypeInfo, Token);
        await client.InvokePositionalAsync("late", [], RpcNothing.TypeInfo, Token);
        Assert.Equal(1, made);
    }

    [Fact]
    public void A_name_is_taken_from_the_moment_it_is_announced()
    {
        var dispatcher = new RpcDispatcher();
        dispatcher.AddDeferred("late", _ => { });

        Assert.Throws<ArgumentException>(() => dispatcher.AddDeferred("late", _ => { }));
    }
}
