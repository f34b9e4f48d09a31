namespace Net.Firewall;

/// <summary>What differs between two tables, and the commands that lead from one to the other.</summary>
internal sealed class TableChange
{
    private readonly List<TableChain> _flushed = [];
    private readonly List<TableChain> _written = [];
    private readonly List<TableChain> _removedChains = [];
    private readonly HashSet<string> _newChains = [];
    private readonly List<NftSet> _removedSets = [];
    private readonly List<NftSet> _addedSets = [];
    private readonly List<(NftSet Before, NftSet After)> _keptSets = [];
    private readonly List<(bool IsNat, long Id)> _addedCounters = [];
    private readonly List<(bool IsNat, long Id)> _removedCounters = [];
    private readonly int _keptCounter;
    private readonly NftWriter _elements = new(256);
    private readonly NftWriter _goneFromMaps = new(256);
    private readonly NftWriter _addedToMaps = new(256);

    /// <summary>Compares two tables.</summary>
    /// <param name="previous">What stands.</param>
    /// <param name="next">What is to be.</param>
    public TableChange(CompiledFirewall previous, CompiledFirewall next)
    {
        CompareSets(previous.Plan, next.Plan);
        CompareChains(previous.Plan, next.Plan, RemadeLists(next.Model));
        CompareCounters(previous.Model, next.Model);
        _keptCounter = (next.Model.KeptSessions.IsEmpty ? 0 : 1) - (previous.Model.KeptSessions.IsEmpty ? 0 : 1);
        foreach ((NftSet before, NftSet after) in _keptSets)
        {
            after.WriteDifference(after.IsMap ? _goneFromMaps : _elements, _addedToMaps, before);
        }
    }

    /// <summary>Chunk chains that are written anew.</summary>
    public int ChunksWritten => _written.Count(chain => chain.IsChunk);

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => _written.Count + _removedChains.Count + _removedSets.Count + _addedSets.Count + _addedCounters.Count + _removedCounters.Count == 0
        && _keptCounter == 0 && _elements.Written.IsEmpty && _goneFromMaps.Written.IsEmpty && _addedToMaps.Written.IsEmpty;

    /// <summary>Writes the commands. What is deleted must not be referred to any more, so all that goes or changes is emptied first.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(NftWriter writer)
    {
        foreach (TableChain chain in _flushed.Concat(_removedChains))
        {
            writer.Constant("flush chain inet netmod "u8).Name(chain.Name).Constant("\n"u8);
        }

        // Maps and their elements hold on to chains, chains to sets.
        writer.Constant(_goneFromMaps.Written.Span);
        foreach (NftSet map in _removedSets.Where(set => set.IsMap))
        {
            writer.Constant("delete map inet netmod "u8).Name(map.Name).Constant("\n"u8);
        }

        foreach (TableChain chain in _removedChains)
        {
            writer.Constant("delete chain inet netmod "u8).Name(chain.Name).Constant("\n"u8);
        }

        foreach (NftSet set in _removedSets.Where(set => !set.IsMap))
        {
            writer.Constant("delete set inet netmod "u8).Name(set.Name).Constant("\n"u8);
        }

        foreach ((bool isNat, long id) in _removedCounters)
        {
            writer.Constant(isNat ? "delete counter inet netmod n"u8 : "delete counter inet netmod r"u8).Number((ulong)id).Constant("\n"u8);
        }

        writer.Constant(_keptCounter < 0 ? "delete counter inet netmod kept\n"u8 : []);
        writer.Constant(_elements.Written.Span);
        WriteAdditions(writer);
        writer.Constant(_addedToMaps.Written.Span);
    }

    private void WriteAdditions(NftWriter writer)
    {
        if (_addedCounters.Count + _addedSets.Count + _written.Count == 0 && _keptCounter <= 0)
        {
            return;
        }

        List<ReadOnlyMemory<byte>> chains = WriteChains();
        if (_addedSets.Count == 0 && !chains.Any(chain => chain.Span.Contains((byte)'@')))
        {
            WriteOneByOne(writer, chains);
            return;
        }

        writer.Constant("table inet netmod {\n"u8);
        foreach ((bool isNat, long id) in _addedCounters)
        {
            NftablesCompiler.WriteCounter(writer, isNat, id, counters: null);
        }

        writer.Constant(_keptCounter > 0 ? "\tcounter kept { }\n"u8 : []);
        foreach (NftSet set in _addedSets)
        {
            set.WriteDefinition(writer);
        }

        foreach (ReadOnlyMemory<byte> chain in chains)
        {
            writer.Constant(chain.Span);
        }

        writer.Constant("}\n"u8);
    }

    private List<ReadOnlyMemory<byte>> WriteChains()
    {
        List<ReadOnlyMemory<byte>> chains = [];
        foreach (TableChain chain in _written)
        {
            var text = new NftWriter(4096);
            chain.Write(text, _newChains.Contains(chain.Name));
            chains.Add(text.Written);
        }

        return chains;
    }

    // Single commands and not a block of the table: for a rule in such a block, or in "add rule", nft first reads every chain, set and counter of every table (40 ms with 10,000
    // counters); for a chain with its rules it reads the names of the tables (5 ms). What it has not read it does not know, so this is only for rules that name no set.
    private void WriteOneByOne(NftWriter writer, List<ReadOnlyMemory<byte>> chains)
    {
        foreach ((bool isNat, long id) in _addedCounters)
        {
            writer.Constant(isNat ? "add counter inet netmod n"u8 : "add counter inet netmod r"u8).Number((ulong)id).Constant("\n"u8);
        }

        writer.Constant(_keptCounter > 0 ? "add counter inet netmod kept\n"u8 : []);
        foreach (ReadOnlyMemory<byte> chain in chains)
        {
            writer.Constant("add chain inet netmod "u8).Constant(chain.Span["\tchain "u8.Length..]);
        }
    }

    private void CompareSets(TablePlan previous, TablePlan next)
    {
        foreach (NftSet set in next.Sets)
        {
            NftSet? before = previous.FindSet(set.Name);
            if (before is not null && set.IsDefinedLike(before))
            {
                _keptSets.Add((before, set));
                continue;
            }

            // Only a table made anew starts with elements in its dynamic sets.
            _addedSets.Add(set.IsDynamic ? set with { Start = [] } : set);
            if (before is not null)
            {
                _removedSets.Add(before);
            }
        }

        foreach (NftSet set in previous.Sets)
        {
            if (next.FindSet(set.Name) is null)
            {
                _removedSets.Add(set);
            }
        }
    }

    // A set that is made anew has to be let go first by rules that would not change otherwise.
    private HashSet<long> RemadeLists(FirewallModel next)
    {
        HashSet<string> names = [.. _removedSets.Select(set => set.Name)];
        return names.Count == 0 ? [] : [.. next.AddressLists.Where(list => names.Contains(FirewallTable.ListSet(list.Id, RuleAddressFamily.IPv4))).Select(list => list.Id)];
    }

    private void CompareChains(TablePlan previous, TablePlan next, HashSet<long> remadeLists)
    {
        foreach (TableChain chain in next.Chains)
        {
            TableChain? before = previous.FindChain(chain.Name);
            if (before is null)
            {
                _newChains.Add(chain.Name);
                _written.Add(chain);
            }
            else if (!chain.IsLike(before) || (remadeLists.Count > 0 && chain.Names(remadeLists)))
            {
                _flushed.Add(chain);
                _written.Add(chain);
            }
        }

        foreach (TableChain chain in previous.Chains)
        {
            if (next.FindChain(chain.Name) is null)
            {
                _removedChains.Add(chain);
            }
        }
    }

    private void CompareCounters(FirewallModel previous, FirewallModel next)
    {
        CompareCounters(isNat: false, previous.Rules.Length, i => previous.Rules[i].Id, next.Rules.Length, i => next.Rules[i].Id);
        CompareCounters(isNat: true, previous.NatRules.Length, i => previous.NatRules[i].Id, next.NatRules.Length, i => next.NatRules[i].Id);
    }

    private void CompareCounters(bool isNat, int before, Func<int, long> idBefore, int after, Func<int, long> idAfter)
    {
        // Most changes leave the ids as they are, at both ends at least.
        int start = 0;
        while (start < Math.Min(before, after) && idBefore(start) == idAfter(start))
        {
            start++;
        }

        int end = 0;
        while (end < Math.Min(before, after) - start && idBefore(before - end - 1) == idAfter(after - end - 1))
        {
            end++;
        }

        HashSet<long> gone = [.. Enumerable.Range(start, before - end - start).Select(idBefore)];
        foreach (long id in Enumerable.Range(start, after - end - start).Select(idAfter))
        {
            if (!gone.Remove(id))
            {
                _addedCounters.Add((isNat, id));
            }
        }

        _removedCounters.AddRange(Enumerable.Range(start, before - end - start).Select(idBefore).Where(gone.Contains).Select(id => (isNat, id)));
    }
}
