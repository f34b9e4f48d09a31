using Net.Platform.Linux;

namespace Net.Worker.Overlay;

/// <summary>Finds a connection by the connection id in a packet. An id of ours is 8 bytes (RFC 9000 section 5.1): shard, index, a tag of the connection and
/// random bits; so that a lookup is an index and a comparison, and any shard's datagram can be told from its first id byte.</summary>
internal sealed class ConnectionTable(byte shard)
{
    private const int IndexBits = 24;

    private PeerConnection?[] _connections = new PeerConnection?[64];
    private ushort[] _tags = new ushort[64];
    private readonly Stack<int> _free = new();
    private int _used;

    /// <summary>Connections in the table.</summary>
    public int Count { get; private set; }

    /// <summary>The end of the places in use; places below it may be empty.</summary>
    public int End => _used;

    /// <summary>The connection at a place, or null.</summary>
    public PeerConnection? At(int index) => _connections[index];

    /// <summary>Gives a connection a place.</summary>
    /// <returns>The place; all ids made for it carry it.</returns>
    public int Add(PeerConnection connection)
    {
        if (!_free.TryPop(out int index))
        {
            index = _used++;
            if (index == _connections.Length)
            {
                Array.Resize(ref _connections, index * 2);
                Array.Resize(ref _tags, index * 2);
            }
        }

        _connections[index] = connection;
        _tags[index] = (ushort)KernelRandom.GetUInt64();
        Count++;
        return index;
    }

    /// <summary>Frees a place.</summary>
    public void Remove(int index)
    {
        _connections[index] = null;
        _free.Push(index);
        Count--;
    }

    /// <summary>A new id for the connection at a place.</summary>
    public ulong NewId(int index) =>
        ((ulong)shard << 56) | ((ulong)(uint)index << 32) | ((ulong)_tags[index] << 16) | (ushort)KernelRandom.GetUInt64();

    /// <summary>Finds the connection of an id.</summary>
    public PeerConnection? Find(ulong id)
    {
        int index = (int)((id >> 32) & ((1u << IndexBits) - 1));
        return (byte)(id >> 56) == shard && index < _used && _tags[index] == (ushort)(id >> 16) ? _connections[index] : null;
    }
}
