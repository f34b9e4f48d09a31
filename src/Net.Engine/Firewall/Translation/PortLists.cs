using Net.Contracts;
using PortRange = Net.Contracts.PortRange;

namespace Net.Engine.Firewall.Translation;

/// <summary>Port lists with the lists they are made of put in.</summary>
internal sealed class PortLists
{
    private readonly Dictionary<string, FirewallPortList> _lists = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, PortRange[]> _resolved = new(StringComparer.OrdinalIgnoreCase);

    public PortLists(FirewallPortList[] lists)
    {
        foreach (FirewallPortList list in lists)
        {
            _lists.TryAdd(list.Name, list);
        }
    }

    /// <summary>The ports of a list; null when there is no such list. Circles end where they close; validation refuses them.</summary>
    public PortRange[]? Find(string name)
    {
        if (_resolved.TryGetValue(name, out PortRange[]? known))
        {
            return known;
        }

        if (!_lists.ContainsKey(name))
        {
            return null;
        }

        var ports = new HashSet<PortRange>();
        Collect(name, ports, new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        return _resolved[name] = [.. ports.OrderBy(port => port.First).ThenBy(port => port.Last)];
    }

    private void Collect(string name, HashSet<PortRange> ports, HashSet<string> visited)
    {
        if (!visited.Add(name) || !_lists.TryGetValue(name, out FirewallPortList? list))
        {
            return;
        }

        ports.UnionWith(list.Port);
        foreach (string nested in list.List)
        {
            Collect(nested, ports, visited);
        }
    }
}
