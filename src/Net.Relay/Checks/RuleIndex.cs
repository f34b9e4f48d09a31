using System.IO.Enumeration;

namespace Net.Relay;

/// <summary>Finds the rules that take certain packets, fast enough to ask it for each output of 10,000 rules.</summary>
internal sealed class RuleIndex
{
    private readonly Entry[] _entries;
    private readonly Dictionary<(string Interface, RelayAddress Destination, int Port, RelayProtocol Protocol), List<int>> _exact = [];
    private readonly Dictionary<(string Interface, RelayAddress Destination), List<int>> _ranges = [];
    private readonly Dictionary<(string Interface, RelayAddress Destination), List<int>> _byDestination = [];
    private readonly Dictionary<RelayAddress, List<int>> _byDestinationAnywhere = [];
    private readonly Dictionary<string, List<int>> _prefixes = new(StringComparer.Ordinal);
    private readonly List<int> _allPrefixes = [];
    private readonly List<int> _patterns = [];
    private readonly List<int> _all = [];

    /// <summary>Indexes rules; those not enabled are left out.</summary>
    /// <param name="rules">The rules; results are indexes of it.</param>
    public RuleIndex(IReadOnlyList<RelayRuleDefinition> rules)
    {
        _entries = new Entry[rules.Count];
        for (int index = 0; index < rules.Count; index++)
        {
            RelayRuleDefinition rule = rules[index];
            Entry entry = _entries[index] = new Entry(rule.Interface, IsPattern(rule.Interface), new MaskedPrefix(rule.Destination), rule.PortFrom, rule.PortTo, rule.Protocol);
            if (rule.IsEnabled)
            {
                _all.Add(index);
                Add(index, entry, rule.Destination.IsExact);
            }
        }
    }

    /// <summary>Whether a name of an interface stands for several.</summary>
    /// <param name="name">The name.</param>
    public static bool IsPattern(string name) => name.AsSpan().ContainsAny('*', '?');

    /// <summary>Finds rules that take packets with a destination and port of these on an interface.</summary>
    /// <param name="name">The interface, or a pattern.</param>
    /// <param name="destination">Destinations.</param>
    /// <param name="portFrom">First port.</param>
    /// <param name="portTo">Last port.</param>
    /// <param name="protocol">Protocol.</param>
    /// <param name="found">Receives indexes in rising order, each once; cleared first.</param>
    public void Find(string name, AddressPrefix destination, int portFrom, int portTo, RelayProtocol protocol, List<int> found)
    {
        found.Clear();
        var wanted = new Entry(name, IsPattern(name), new MaskedPrefix(destination), portFrom, portTo, protocol);
        RelayAddress address = wanted.Destination.Address;
        if (!destination.IsExact)
        {
            AddMatching(_all, wanted, found);
        }
        else if (wanted.IsPattern)
        {
            AddMatching(_byDestinationAnywhere.GetValueOrDefault(address), wanted, found);
            AddMatching(_allPrefixes, wanted, found);
        }
        else
        {
            if (portFrom == portTo)
            {
                AddMatching(_exact.GetValueOrDefault((name, address, portFrom, protocol)), wanted, found);
                AddMatching(_ranges.GetValueOrDefault((name, address)), wanted, found);
            }
            else
            {
                AddMatching(_byDestination.GetValueOrDefault((name, address)), wanted, found);
            }

            AddMatching(_prefixes.GetValueOrDefault(name), wanted, found);
            AddMatching(_patterns, wanted, found);
        }

        found.Sort();
    }

    private static void Add<TKey>(Dictionary<TKey, List<int>> lists, TKey key, int index)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out List<int>? list))
        {
            lists.Add(key, list = []);
        }

        list.Add(index);
    }

    private void Add(int index, in Entry entry, bool isExactDestination)
    {
        if (isExactDestination)
        {
            Add(_byDestinationAnywhere, entry.Destination.Address, index);
        }
        else
        {
            _allPrefixes.Add(index);
        }

        if (entry.IsPattern)
        {
            _patterns.Add(index);
        }
        else if (!isExactDestination)
        {
            Add(_prefixes, entry.Interface, index);
        }
        else
        {
            Add(_byDestination, (entry.Interface, entry.Destination.Address), index);
            if (entry.PortFrom == entry.PortTo)
            {
                Add(_exact, (entry.Interface, entry.Destination.Address, entry.PortFrom, entry.Protocol), index);
            }
            else
            {
                Add(_ranges, (entry.Interface, entry.Destination.Address), index);
            }
        }
    }

    private void AddMatching(List<int>? candidates, in Entry wanted, List<int> found)
    {
        if (candidates is null)
        {
            return;
        }

        foreach (int index in candidates)
        {
            if (_entries[index].Overlaps(wanted))
            {
                found.Add(index);
            }
        }
    }

    private readonly record struct Entry(string Interface, bool IsPattern, MaskedPrefix Destination, int PortFrom, int PortTo, RelayProtocol Protocol)
    {
        public bool Overlaps(in Entry other) =>
            Protocol == other.Protocol
            && PortFrom <= other.PortTo
            && other.PortFrom <= PortTo
            && (Destination.Length <= other.Destination.Length ? Destination.Contains(other.Destination.Address) : other.Destination.Contains(Destination.Address))
            && SharesInterface(other);

        // Two patterns may share an interface that does not exist yet; only equal ones surely do.
        private bool SharesInterface(in Entry other) => (IsPattern, other.IsPattern) switch
        {
            (true, false) => FileSystemName.MatchesSimpleExpression(Interface, other.Interface, ignoreCase: false),
            (false, true) => FileSystemName.MatchesSimpleExpression(other.Interface, Interface, ignoreCase: false),
            _ => Interface == other.Interface,
        };
    }
}
