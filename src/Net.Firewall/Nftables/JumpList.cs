namespace Net.Firewall;

/// <summary>Guarded jumps in order, as a group or a base chain has them.</summary>
internal sealed class JumpList
{
    private readonly List<(string Target, RuleGuard Guard)> _jumps = [];

    /// <summary>The chains led to, with their guards.</summary>
    public IReadOnlyList<(string Target, RuleGuard Guard)> Jumps => _jumps;

    /// <summary>The way to chunks; those without rules of their own have no chain.</summary>
    /// <param name="chunks">The chunks.</param>
    public static JumpList To(IEnumerable<RuleChunk> chunks)
    {
        var list = new JumpList();
        foreach (RuleChunk chunk in chunks)
        {
            if (chunk.Rules.Length > chunk.Hoisted)
            {
                list._jumps.Add((FirewallTable.ChunkChain(chunk.Direction, chunk.Number), chunk.Guard));
            }
        }

        return list;
    }

    /// <summary>The way to groups.</summary>
    /// <param name="groups">The groups.</param>
    public static JumpList To(IEnumerable<ChunkGroup> groups)
    {
        var list = new JumpList();
        foreach (ChunkGroup group in groups)
        {
            list._jumps.Add((FirewallTable.GroupChain(group.Direction, group.Number), group.Guard));
        }

        return list;
    }

    /// <summary>Whether both read the same.</summary>
    /// <param name="other">The other.</param>
    public bool ReadsLike(JumpList other)
    {
        bool same = _jumps.Count == other._jumps.Count;
        for (int i = 0; same && i < _jumps.Count; i++)
        {
            same = _jumps[i].Target == other._jumps[i].Target && _jumps[i].Guard.ReadsLike(other._jumps[i].Guard);
        }

        return same;
    }

    /// <summary>Writes the jumps.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(NftWriter writer)
    {
        foreach ((string target, RuleGuard guard) in _jumps)
        {
            GuardWriter.WriteJumps(writer, target, guard);
        }
    }
}
