using Net.Overlay.Sharding;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <summary>Which shard has which peer of a model. Immutable.</summary>
internal sealed class PeerOwners
{
    private const byte Nobody = byte.MaxValue;
    private readonly byte[] _shards;

    private PeerOwners(byte[] shards) => _shards = shards;

    /// <summary>Those of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="shards">How many shards there are.</param>
    public static PeerOwners Of(OverlayModel model, int shards)
    {
        byte[] result = new byte[model.Peers.Length == 0 ? 0 : model.Peers.Max(peer => peer.Index) + 1];
        Array.Fill(result, Nobody);
        foreach (ModelPeer peer in model.Peers)
        {
            result[peer.Index] = shards == 1 ? (byte)0 : (byte)ShardSteering.ShardOf(ShardSteering.BucketOf(peer.PublicKey), shards);
        }

        return new PeerOwners(result);
    }

    /// <summary>The shard that has a peer.</summary>
    /// <param name="peer">The peer's index.</param>
    /// <returns>The shard; -1 when the model has no such peer.</returns>
    public int ShardOf(int peer) => (uint)peer < (uint)_shards.Length && _shards[peer] is not Nobody and byte shard ? shard : -1;
}
