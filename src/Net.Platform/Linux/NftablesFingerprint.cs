using System.Runtime.Versioning;
using static Net.Platform.Linux.Interop.NftablesApi;

namespace Net.Platform.Linux;

/// <summary>Hashes what an administrator can write into a table. Attributes are chosen, not excluded, so that a kernel that
/// reports something new (it did: a set's element count) changes no fingerprint.</summary>
[SupportedOSPlatform("linux")]
internal sealed class NftablesFingerprint
{
    private readonly NftablesReader _reader;
    private readonly FirewallTable _table;
    private readonly CanonicalBuffer _buffer = new();
    private readonly HashSet<string> _boundChains = new(StringComparer.Ordinal);

    // The kernel numbers anonymous sets (__set7) as they come; in rules their content stands for the name.
    private readonly Dictionary<string, byte[]> _anonymousSets = new(StringComparer.Ordinal);

    private NftablesFingerprint(NftablesReader reader, FirewallTable table)
    {
        _reader = reader;
        _table = table;
    }

    public static string? Compute(NftablesReader reader, FirewallTable table) => new NftablesFingerprint(reader, table).Compute();

    private string? Compute()
    {
        List<byte[]> tables = _reader.Dump<byte[]>(NFT_MSG_GETTABLE, _table.Family, [], HashTable);
        if (tables.Count == 0)
        {
            return null;
        }

        // Chains first: their names are needed for verdicts in set elements. Sets before rules: rules name them.
        var chains = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach ((string name, byte[] hash) in _reader.Dump<(string, byte[])>(NFT_MSG_GETCHAIN, _table.Family, [], HashChain))
        {
            chains[name] = hash;
        }

        SortedDictionary<string, byte[]> sets = HashSets();
        Dictionary<string, List<byte>> rules = HashRules();
        var objects = new UnorderedHash();
        _reader.Dump<byte[]>(NFT_MSG_GETOBJ, _table.Family, [(NFTA_OBJ_TABLE, _table.Name)], HashObject).ForEach(hash => objects.Add(hash));
        var flowtables = new UnorderedHash();
        _reader.Dump<byte[]>(NFT_MSG_GETFLOWTABLE, _table.Family, [], HashFlowtable).ForEach(hash => flowtables.Add(hash));

        _buffer.Clear();
        _buffer.Add(NFT_MSG_NEWTABLE, tables[0]);
        AddChains(chains, rules);
        foreach ((string name, byte[] hash) in sets)
        {
            _buffer.Add(NFTA_SET_NAME, name);
            _buffer.Add(NFT_MSG_NEWSET, hash);
        }

        _buffer.Add(NFT_MSG_NEWOBJ, objects.ToArray());
        _buffer.Add(NFT_MSG_NEWFLOWTABLE, flowtables.ToArray());
        return Convert.ToHexStringLower(_buffer.Hash());
    }

    private void AddChains(SortedDictionary<string, byte[]> chains, Dictionary<string, List<byte>> rules)
    {
        var bound = new UnorderedHash();
        foreach ((string name, byte[] hash) in chains)
        {
            byte[] content = rules.TryGetValue(name, out List<byte>? hashes) ? [.. hashes] : [];
            if (_boundChains.Contains(name))
            {
                // A chain written inside a rule has a name of the kernel's making: its rules count, not its name.
                bound.Add(CanonicalBuffer.Hash(content));
                continue;
            }

            _buffer.Add(NFTA_CHAIN_NAME, name);
            _buffer.Add(NFT_MSG_NEWCHAIN, hash);
            _buffer.Add(NFT_MSG_NEWRULE, content);
        }

        _buffer.Add(NFT_CHAIN_BINDING, bound.ToArray());
    }

    private bool IsOurs(in NetlinkMessage message, int kind) =>
        NftablesParser.KindOf(message) == kind && NftablesParser.TryParseOwner(message, out FirewallTable owner) && owner == _table;

    private bool HashTable(in NetlinkMessage message, out byte[] hash)
    {
        hash = [];
        if (!IsOurs(message, NFT_MSG_NEWTABLE))
        {
            return false;
        }

        _buffer.Clear();
        AddSelected(message.Attributes<nfgenmsg>(), [NFTA_TABLE_FLAGS, NFTA_TABLE_USERDATA]);
        hash = _buffer.Hash();
        return true;
    }

    private bool HashChain(in NetlinkMessage message, out (string Name, byte[] Hash) chain)
    {
        chain = default;
        NetlinkReader attributes = message.Attributes<nfgenmsg>();
        if (!IsOurs(message, NFT_MSG_NEWCHAIN) || !attributes.TryFind(NFTA_CHAIN_NAME, out NetlinkAttribute name))
        {
            return false;
        }

        if (attributes.TryFind(NFTA_CHAIN_FLAGS, out NetlinkAttribute flags) && (flags.UInt32BigEndian & NFT_CHAIN_BINDING) != 0)
        {
            _boundChains.Add(name.Text);
        }

        _buffer.Clear();
        AddSelected(attributes, [NFTA_CHAIN_HOOK, NFTA_CHAIN_POLICY, NFTA_CHAIN_TYPE, NFTA_CHAIN_FLAGS, NFTA_CHAIN_USERDATA]);
        chain = (name.Text, _buffer.Hash());
        return true;
    }

    private SortedDictionary<string, byte[]> HashSets()
    {
        var named = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        List<(string Name, uint Flags, byte[] Hash)> definitions =
            _reader.Dump<(string, uint, byte[])>(NFT_MSG_GETSET, _table.Family, [(NFTA_SET_TABLE, _table.Name)], HashSetDefinition);
        foreach ((string name, uint flags, byte[] definition) in definitions)
        {
            var elements = new UnorderedHash();

            // Packets add to and remove from dynamic sets; their content is nobody's configuration.
            if ((flags & NFT_SET_EVAL) == 0)
            {
                bool HashElements(in NetlinkMessage message, out int nothing)
                {
                    nothing = 0;
                    AddElements(message, elements);
                    return false;
                }

                _reader.Dump<int>(
                    NFT_MSG_GETSETELEM,
                    _table.Family,
                    [(NFTA_SET_ELEM_LIST_TABLE, _table.Name), (NFTA_SET_ELEM_LIST_SET, name)],
                    HashElements);
            }

            _buffer.Clear();
            _buffer.Add(NFT_MSG_NEWSET, definition);
            _buffer.Add(NFT_MSG_NEWSETELEM, elements.ToArray());
            ((flags & NFT_SET_ANONYMOUS) != 0 ? _anonymousSets : (IDictionary<string, byte[]>)named)[name] = _buffer.Hash();
        }

        return named;
    }

    private bool HashSetDefinition(in NetlinkMessage message, out (string Name, uint Flags, byte[] Hash) set)
    {
        set = default;
        NetlinkReader attributes = message.Attributes<nfgenmsg>();
        if (!IsOurs(message, NFT_MSG_NEWSET) || !attributes.TryFind(NFTA_SET_NAME, out NetlinkAttribute name))
        {
            return false;
        }

        _buffer.Clear();
        AddSelected(
            attributes,
            [
                NFTA_SET_FLAGS, NFTA_SET_KEY_TYPE, NFTA_SET_KEY_LEN, NFTA_SET_DATA_TYPE, NFTA_SET_DATA_LEN, NFTA_SET_POLICY, NFTA_SET_DESC, NFTA_SET_TIMEOUT,
                NFTA_SET_GC_INTERVAL, NFTA_SET_USERDATA, NFTA_SET_OBJ_TYPE,
            ]);
        AddExpressions(attributes, NFTA_SET_EXPR, NFTA_SET_EXPRESSIONS);
        set = (name.Text, attributes.TryFind(NFTA_SET_FLAGS, out NetlinkAttribute flags) ? flags.UInt32BigEndian : 0, _buffer.Hash());
        return true;
    }

    private void AddElements(in NetlinkMessage message, UnorderedHash hash)
    {
        if (NftablesParser.KindOf(message) != NFT_MSG_NEWSETELEM
            || !message.Attributes<nfgenmsg>().TryFind(NFTA_SET_ELEM_LIST_ELEMENTS, out NetlinkAttribute list))
        {
            return;
        }

        NetlinkReader elements = list.Nested;
        while (elements.TryRead(out NetlinkAttribute element))
        {
            // An element that expires goes by itself; its absence must not look like somebody's change.
            if (element.Nested.TryFind(NFTA_SET_ELEM_TIMEOUT, out _) || element.Nested.TryFind(NFTA_SET_ELEM_EXPIRATION, out _))
            {
                continue;
            }

            _buffer.Clear();
            AddSelected(element.Nested, [NFTA_SET_ELEM_KEY, NFTA_SET_ELEM_KEY_END, NFTA_SET_ELEM_FLAGS, NFTA_SET_ELEM_USERDATA, NFTA_SET_ELEM_OBJREF]);
            if (element.Nested.TryFind(NFTA_SET_ELEM_DATA, out NetlinkAttribute data))
            {
                AddData(data.Nested);
            }

            AddExpressions(element.Nested, NFTA_SET_ELEM_EXPR, NFTA_SET_ELEM_EXPRESSIONS);
            hash.Add(_buffer.Hash());
        }
    }

    private Dictionary<string, List<byte>> HashRules()
    {
        var chains = new Dictionary<string, List<byte>>(StringComparer.Ordinal);
        foreach ((string chain, byte[] hash) in _reader.Dump<(string, byte[])>(
            NFT_MSG_GETRULE, _table.Family, [(NFTA_RULE_TABLE, _table.Name)], HashRule))
        {
            if (!chains.TryGetValue(chain, out List<byte>? hashes))
            {
                chains.Add(chain, hashes = []);
            }

            hashes.AddRange(hash);
        }

        return chains;
    }

    private bool HashRule(in NetlinkMessage message, out (string Chain, byte[] Hash) rule)
    {
        rule = default;
        NetlinkReader attributes = message.Attributes<nfgenmsg>();
        if (!IsOurs(message, NFT_MSG_NEWRULE) || !attributes.TryFind(NFTA_RULE_CHAIN, out NetlinkAttribute chain))
        {
            return false;
        }

        _buffer.Clear();
        AddSelected(attributes, [NFTA_RULE_COMPAT, NFTA_RULE_USERDATA]);
        if (attributes.TryFind(NFTA_RULE_EXPRESSIONS, out NetlinkAttribute expressions))
        {
            AddExpressionList(expressions.Nested);
        }

        rule = (chain.Text, _buffer.Hash());
        return true;
    }

    private bool HashObject(in NetlinkMessage message, out byte[] hash)
    {
        hash = [];
        NetlinkReader attributes = message.Attributes<nfgenmsg>();
        if (!IsOurs(message, NFT_MSG_NEWOBJ) || !attributes.TryFind(NFTA_OBJ_TYPE, out NetlinkAttribute type))
        {
            return false;
        }

        _buffer.Clear();
        AddSelected(attributes, [NFTA_OBJ_NAME, NFTA_OBJ_TYPE, NFTA_OBJ_USERDATA]);
        if (type.UInt32BigEndian != NFT_OBJECT_COUNTER && attributes.TryFind(NFTA_OBJ_DATA, out NetlinkAttribute data))
        {
            bool isQuota = type.UInt32BigEndian == NFT_OBJECT_QUOTA;
            AddAll(data.Nested, isQuota ? NFTA_QUOTA_CONSUMED : 0);
        }

        hash = _buffer.Hash();
        return true;
    }

    private bool HashFlowtable(in NetlinkMessage message, out byte[] hash)
    {
        hash = [];
        if (!IsOurs(message, NFT_MSG_NEWFLOWTABLE))
        {
            return false;
        }

        _buffer.Clear();
        AddSelected(message.Attributes<nfgenmsg>(), [NFTA_FLOWTABLE_NAME, NFTA_FLOWTABLE_HOOK, NFTA_FLOWTABLE_FLAGS]);
        hash = _buffer.Hash();
        return true;
    }

    private void AddSelected(NetlinkReader attributes, ReadOnlySpan<int> types)
    {
        foreach (int type in types)
        {
            if (attributes.TryFind(type, out NetlinkAttribute attribute))
            {
                _buffer.Add(type, attribute.Value);
            }
        }
    }

    private void AddAll(NetlinkReader attributes, int except)
    {
        while (attributes.TryRead(out NetlinkAttribute attribute))
        {
            if (attribute.Type != except)
            {
                _buffer.Add(attribute.Type, attribute.Value);
            }
        }
    }

    private void AddExpressions(NetlinkReader attributes, int singleType, int listType)
    {
        if (attributes.TryFind(singleType, out NetlinkAttribute single))
        {
            AddExpression(single.Nested);
        }

        if (attributes.TryFind(listType, out NetlinkAttribute list))
        {
            AddExpressionList(list.Nested);
        }
    }

    private void AddExpressionList(NetlinkReader expressions)
    {
        while (expressions.TryRead(out NetlinkAttribute expression))
        {
            AddExpression(expression.Nested);
        }
    }

    private void AddExpression(NetlinkReader expression)
    {
        if (!expression.TryFind(NFTA_EXPR_NAME, out NetlinkAttribute name))
        {
            return;
        }

        _buffer.Open(NFTA_EXPR_NAME);
        _buffer.Add(NFTA_EXPR_NAME, name.Value);
        if (expression.TryFind(NFTA_EXPR_DATA, out NetlinkAttribute data))
        {
            AddExpressionData(name.Text, data.Nested);
        }

        _buffer.Close(NFTA_EXPR_NAME);
    }

    private void AddExpressionData(string name, NetlinkReader data)
    {
        switch (name)
        {
            case "counter" or "last":
                // Nothing in them is configuration.
                break;
            case "quota":
                AddAll(data, NFTA_QUOTA_CONSUMED);
                break;
            case "lookup":
                AddWithSet(data, NFTA_LOOKUP_SET, NFTA_LOOKUP_SET_ID);
                break;
            case "objref":
                AddWithSet(data, NFTA_OBJREF_SET_NAME, NFTA_OBJREF_SET_ID);
                break;
            case "dynset":
                AddWithSet(data, NFTA_DYNSET_SET_NAME, NFTA_DYNSET_SET_ID, NFTA_DYNSET_EXPR, NFTA_DYNSET_EXPRESSIONS);
                AddExpressions(data, NFTA_DYNSET_EXPR, NFTA_DYNSET_EXPRESSIONS);
                break;
            case "immediate":
                AddAll(data, NFTA_IMMEDIATE_DATA);
                if (data.TryFind(NFTA_IMMEDIATE_DATA, out NetlinkAttribute value))
                {
                    AddData(value.Nested);
                }

                break;
            default:
                AddAll(data, except: 0);
                break;
        }
    }

    private void AddWithSet(NetlinkReader data, int nameType, params ReadOnlySpan<int> skipped)
    {
        while (data.TryRead(out NetlinkAttribute attribute))
        {
            if (attribute.Type == nameType)
            {
                _buffer.Add(nameType, _anonymousSets.TryGetValue(attribute.Text, out byte[]? content) ? content : attribute.Value);
            }
            else if (!skipped.Contains(attribute.Type))
            {
                _buffer.Add(attribute.Type, attribute.Value);
            }
        }
    }

    private void AddData(NetlinkReader data)
    {
        while (data.TryRead(out NetlinkAttribute attribute))
        {
            if (attribute.Type != NFTA_DATA_VERDICT)
            {
                _buffer.Add(attribute.Type, attribute.Value);
                continue;
            }

            NetlinkReader verdict = attribute.Nested;
            while (verdict.TryRead(out NetlinkAttribute part))
            {
                bool isBound = part.Type == NFTA_VERDICT_CHAIN && _boundChains.Contains(part.Text);
                _buffer.Add(part.Type, isBound ? [] : part.Value);
            }
        }
    }
}
