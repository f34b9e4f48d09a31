namespace Net.Firewall;

/// <summary>The way to the rules of a branch or group: guarded jumps and look-ups, in order.</summary>
internal sealed class JumpList
{
    private readonly List<JumpStep> _steps = [];

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<JumpStep> Steps => _steps;

    /// <summary>The way to the chunks of a group.</summary>
    /// <param name="group">The group.</param>
    public static JumpList To(ChunkGroup group)
    {
        var list = new JumpList();
        foreach (RuleChunk chunk in group.Chunks)
        {
            list._steps.Add(new JumpStep(chunk.Name, chunk.Guard, null));
        }

        return list;
    }

    /// <summary>The way to the parts of a branch.</summary>
    /// <param name="branch">The branch.</param>
    public static JumpList To(RuleBranch branch)
    {
        Dictionary<RuleChunk, ChunkGroup> groupOf = [];
        foreach (ChunkGroup group in branch.Groups)
        {
            foreach (RuleChunk chunk in group.Chunks)
            {
                groupOf.Add(chunk, group);
            }
        }

        var list = new JumpList();
        foreach (LayoutPart part in branch.Parts)
        {
            if (part is PagedBlock block)
            {
                foreach (PageMap map in block.Maps.Where(map => !map.Pages.IsEmpty))
                {
                    list._steps.Add(new JumpStep(block.Name, RuleGuard.None, map));
                    if (map.Overflow is { } overflow)
                    {
                        list._steps.Add(new JumpStep(overflow.Name, RuleGuard.None, null));
                    }
                }
            }
            else if (!groupOf.TryGetValue((RuleChunk)part, out ChunkGroup? group))
            {
                list._steps.Add(new JumpStep(part.Name, ((RuleChunk)part).Guard, null));
            }
            else if (ReferenceEquals(group.Chunks[0], part))
            {
                list._steps.Add(new JumpStep(group.Name, group.Guard, null));
            }
        }

        return list;
    }

    /// <summary>Whether both read the same.</summary>
    /// <param name="other">The other.</param>
    public bool ReadsLike(JumpList other)
    {
        bool same = _steps.Count == other._steps.Count;
        for (int i = 0; same && i < _steps.Count; i++)
        {
            same = _steps[i].ReadsLike(other._steps[i]);
        }

        return same;
    }

    /// <summary>Writes the steps.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(NftWriter writer)
    {
        foreach (JumpStep step in _steps)
        {
            if (step.Map is { } map)
            {
                GuardWriter.WriteLookup(writer, step.Target, map);
            }
            else
            {
                GuardWriter.WriteJumps(writer, step.Target, step.Guard);
            }
        }
    }
}
