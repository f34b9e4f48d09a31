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
    private readonly Dictionary<(string Interface, int Port), List<int>> _prefixes = [];
    private readonly Dictionary<string, List<int>> _prefixRanges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _prefixesOn = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<int>> _byPort = [];
    private readonly List<int> _allRanges = [];
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
        if (!destination.IsExact && portFrom == portTo)
        {
            AddMatching(_byPort.GetValueOrDefault(portFrom), wanted, found);
            AddMatching(_allRanges, wanted, found);
        }
        else if (!destination.IsExact)
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
            FindOnInterface(wanted, found);
            AddMatching(_patterns, wanted, found);
        }

        found.Sort();
    }

    private void FindOnInterface(in Entry wanted, List<int> found)
    {
        (string name, RelayAddress address) = (wanted.Interface, wanted.Destination.Address);
        if (wanted.PortFrom == wanted.PortTo)
        {
            AddMatching(_exact.GetValueOrDefault((name, address, wanted.PortFrom, wanted.Protocol)), wanted, found);
            AddMatching(_ranges.GetValueOrDefault((name, address)), wanted, found);
            AddMatching(_prefixes.GetValueOrDefault((name, wanted.PortFrom)), wanted, found);
            AddMatching(_prefixRanges.GetValueOrDefault(name), wanted, found);
            return;
        }

        AddMatching(_byDestination.GetValueOrDefault((name, address)), wanted, found);
        AddMatching(_prefixesOn.GetValueOrDefault(name), wanted, found);
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

        bool isRange = entry.PortFrom != entry.PortTo;
        if (isRange)
        {
            _allRanges.Add(index);
        }
        else
        {
            Add(_byPort, entry.PortFrom, index);
        }

        if (entry.IsPattern)
        {
            _patterns.Add(index);
        }
        else if (!isExactDestination)
        {
            Add(_prefixesOn, entry.Interface, index);
            if (isRange)
            {
                Add(_prefixRanges, entry.Interface, index);
            }
            else
            {
                Add(_prefixes, (entry.Interface, entry.PortFrom), index);
            }
        }
        else
        {
            Add(_byDestination, (entry.Interface, entry.Destination.Address), index);
            if (isRange)
            {
                Add(_ranges, (entry.Interface, entry.Destination.Address), index);
            }
            else
            {
                Add(_exact, (entry.Interface, entry.Destination.Address, entry.PortFrom, entry.Protocol), index);
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
