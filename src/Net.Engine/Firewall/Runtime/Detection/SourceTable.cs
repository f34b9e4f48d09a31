using System.Net;
using System.Net.Sockets;

namespace Net.Engine.Firewall.Runtime.Detection;

/// <summary>Records of sources, so many at most: a new one takes the place of the one that was quiet longest. IPv4 and IPv6 have a table each, so that somebody with a whole IPv6 prefix
/// cannot push IPv4 sources out. Hashes of addresses are seeded in each process, so that nobody can aim at one bucket.</summary>
/// <param name="capacity">Records of each IP version.</param>
internal sealed class SourceTable(int capacity)
{
    private readonly Part _ipv4 = new(capacity);
    private readonly Part _ipv6 = new(capacity);

    /// <summary>Records that are kept.</summary>
    public int Count => _ipv4.Count + _ipv6.Count;

    /// <summary>The record of a source, made if there is none.</summary>
    /// <param name="source">Its address.</param>
    public SourceRecord Of(IPAddress source) => (source.AddressFamily == AddressFamily.InterNetworkV6 ? _ipv6 : _ipv4).Of(source);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _ipv4.Clear();
        _ipv6.Clear();
    }

    private sealed class Part(int capacity)
    {
        private readonly Dictionary<IPAddress, LinkedListNode<SourceRecord>> _byAddress = [];
        private readonly LinkedList<SourceRecord> _byUse = new();

        public int Count => _byAddress.Count;

        public SourceRecord Of(IPAddress source)
        {
            if (_byAddress.TryGetValue(source, out LinkedListNode<SourceRecord>? node))
            {
                _byUse.Remove(node);
                _byUse.AddLast(node);
                return node.Value;
            }

            if (_byAddress.Count >= capacity)
            {
                SourceRecord quietest = _byUse.First!.Value;
                _byUse.RemoveFirst();
                _byAddress.Remove(quietest.Address);
            }

            var record = new SourceRecord(source);
            _byAddress[source] = _byUse.AddLast(record);
            return record;
        }

        public void Clear()
        {
            _byAddress.Clear();
            _byUse.Clear();
        }
    }
}
