using Net.Testing;

namespace Net.Rpc.Tests;

/// <summary>A connection under test with a raw peer at its far end and a clock that stands still.</summary>
internal sealed class Rig : IAsyncDisposable
{
    public Rig(RpcDispatcher? dispatcher = null, RpcConnectionOptions? options = null, int bytesHeld = 64 * 1024)
    {
        (DuplexStream near, DuplexStream far) = DuplexStream.CreatePair(bytesHeld);
        Connection = new RpcConnection(near, dispatcher ?? new RpcDispatcher(), (options ?? new RpcConnectionOptions()) with { TimeProvider = Clock });
        Peer = new RawPeer(far);
        Connection.Start();
    }

    public ManualTimeProvider Clock { get; } = new();

    public RpcConnection Connection { get; }

    public RawPeer Peer { get; }

    public Task<RpcCloseReason> ClosedAsync() => Connection.Completion.WaitAsync(RawPeer.Patience, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await Peer.DisposeAsync();
    }
}
