using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Net.Rpc.Transport;

namespace Net.Rpc.Tests;

/// <summary>Two hundred clients at once over a real Unix socket, cancelling at random from a fixed seed.</summary>
public sealed class ManyConnectionsTests
{
    private const int Clients = 200;
    private const int CallsEach = 30;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_connections_with_cancellations_all_get_right_answers_and_leave_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The clients connect to a Unix socket.");
        int running = 0;
        var dispatcher = new RpcDispatcher();
        dispatcher.Add("pair", CamelJson.Default.Pair, CamelJson.Default.Int32, (pair, _, _) => ValueTask.FromResult(pair.A + pair.B));
        dispatcher.Add("wait", RpcNothing.TypeInfo, async (_, _, stop) =>
        {
            Interlocked.Increment(ref running);
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(stop);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        });
        dispatcher.AddStream("count", CamelJson.Default.Pair, CamelJson.Default.Int32, (pair, _, stop) => CountAsync(pair, stop));
        string path = Path.Combine(Path.GetTempPath(), $"net-rpc-{Guid.NewGuid():N}.sock");
        await using var server = new RpcServer(dispatcher);
        using Socket listener = UnixSocketTransport.Listen(path);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task accepting = server.RunAsync(token => UnixSocketTransport.AcceptAsync(listener, null, token), stop.Token);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(seed => RunClientAsync(path, seed)));
        await stop.CancelAsync();
        await accepting;
        await server.DrainAsync(RawPeer.Patience, Stop);
        Assert.Equal(0, Volatile.Read(ref running));
        Assert.Empty(server.Connections);
    }

    private static async Task RunClientAsync(string path, int seed)
    {
        var random = new Random(seed);
        await using var client = new RpcConnection(await UnixSocketTransport.ConnectAsync(path, Stop), new RpcDispatcher());
        client.Start();
        for (int i = 0; i < CallsEach; i++)
        {
            switch (random.Next(4))
            {
                case 0:
                    await CancelledAsync(client, random);
                    break;
                case 1:
                    await StreamAsync(client, random);
                    break;
                default:
                    var pair = new Pair(random.Next(1000), random.Next(1000));
                    Assert.Equal(pair.A + pair.B, await client.InvokeAsync("pair", pair, CamelJson.Default.Pair, CamelJson.Default.Int32, Stop));
                    break;
            }
        }
    }

    private static async Task CancelledAsync(RpcConnection client, Random random)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task call = client.InvokeAsync("wait", RpcNothing.Value, RpcNothing.TypeInfo, RpcNothing.TypeInfo, cancel.Token);
        if (random.Next(2) == 0)
        {
            // A call behind it on the same connection: the server has surely seen the first one then.
            await client.InvokeAsync("pair", new Pair(1, 1), CamelJson.Default.Pair, CamelJson.Default.Int32, Stop);
        }

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private static async Task StreamAsync(RpcConnection client, Random random)
    {
        int most = random.Next(1, 3000);
        int expected = 0;
        await foreach (int item in client.InvokeStreamAsync("count", new Pair(0, 2000), CamelJson.Default.Pair, CamelJson.Default.Int32, Stop))
        {
            Assert.Equal(expected++, item);
            if (expected == most)
            {
                break;
            }
        }

        Assert.Equal(Math.Min(most, 2000), expected);
    }

    private static async IAsyncEnumerable<int> CountAsync(Pair pair, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.Yield();
        for (int i = pair.A; i < pair.B; i++)
        {
            stop.ThrowIfCancellationRequested();
            yield return i;
        }
    }
}
