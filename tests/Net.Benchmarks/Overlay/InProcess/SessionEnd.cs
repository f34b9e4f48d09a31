using Net.Platform.Linux;

namespace Net.Benchmarks.Overlay;

/// <summary>An end of a session that trusts one key, and hands datagrams to whoever wants them.</summary>
/// <param name="shard">Tells its connection ids from the other end's.</param>
/// <param name="trusted">The key.</param>
internal class SessionEnd(byte shard, byte[] trusted) : QuicConnectionEvents
{
    private ulong _lastId;

    public override bool VerifyPeer(ReadOnlySpan<byte> publicKey) => publicKey.SequenceEqual(trusted);

    public override void DatagramReceived(ReadOnlySpan<byte> data)
    {
    }

    public override ulong NewConnectionId() => ((ulong)shard << 56) | ++_lastId;
}
