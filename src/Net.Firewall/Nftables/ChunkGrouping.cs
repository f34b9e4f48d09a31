using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>Puts long runs of neighbouring chunks into groups.</summary>
/// <param name="direction">Direction of all chunks.</param>
internal sealed class ChunkGrouping(RuleDirection direction)
{
    /// <summary>Neighbouring chunks up to which each is led to by itself.</summary>
    private const int MaxUngrouped = ChunkGroup.TargetLength;

    private readonly HashSet<int> _taken = [];
    private int _free;

    /// <summary>Takes the numbers of groups that stand.</summary>
    /// <param name="groups">The groups.</param>
    public void Take(ImmutableArray<ChunkGroup> groups) => _taken.UnionWith(groups.Select(group => group.Number));

    /// <summary>The groups of a branch. Chunks never change their order, so neighbours stay neighbours: each stays in its group, and a new one joins the chunk before it.</summary>
    /// <param name="parts">Its parts.</param>
    /// <param name="before">Its groups before.</param>
    public ImmutableArray<ChunkGroup> Find(ImmutableArray<LayoutPart> parts, ImmutableArray<ChunkGroup> before)
    {
        Dictionary<int, ChunkGroup> groupOf = [];
        foreach (ChunkGroup group in before)
        {
            foreach (RuleChunk chunk in group.Chunks)
            {
                groupOf.Add(chunk.Number, group);
            }
        }

        ImmutableArray<ChunkGroup>.Builder groups = ImmutableArray.CreateBuilder<ChunkGroup>();
        HashSet<int> kept = [];
        for (int start = 0; start < parts.Length;)
        {
            int end = start;
            while (end < parts.Length && parts[end] is RuleChunk)
            {
                end++;
            }

            RuleChunk[] run = [.. parts.AsSpan(start, end - start).ToArray().Cast<RuleChunk>()];
            bool isGrouped = run.Any(chunk => groupOf.ContainsKey(chunk.Number));
            if (run.Length > (isGrouped ? MaxUngrouped / 2 : MaxUngrouped))
            {
                Group(run, groupOf, kept, groups);
            }

            start = Math.Max(end, start + 1);
        }

        return groups.DrainToImmutable();
    }

    private void Group(RuleChunk[] chunks, Dictionary<int, ChunkGroup> groupOf, HashSet<int> kept, ImmutableArray<ChunkGroup>.Builder groups)
    {
        int start = 0;
        while (start < chunks.Length)
        {
            ChunkGroup? old = groupOf.GetValueOrDefault(chunks[start].Number);
            int end = start + 1;
            while (end < chunks.Length && (!groupOf.TryGetValue(chunks[end].Number, out ChunkGroup? next) || next == old))
            {
                end++;
            }

            // A block that came between the chunks of a group leaves it to those in front.
            old = old is not null && kept.Add(old.Number) ? old : null;
            int length = end - start;
            int pieces = old is null ? (length + ChunkGroup.TargetLength - 1) / ChunkGroup.TargetLength : length > ChunkGroup.MaxLength ? length / ChunkGroup.TargetLength : 1;
            for (int piece = 0; piece < pieces; piece++)
            {
                int from = start + (int)((long)length * piece / pieces);
                int to = start + (int)((long)length * (piece + 1) / pieces);
                bool isOld = old is not null && piece == 0;
                var group = new ChunkGroup(direction, isOld ? old!.Number : NextFree(), [.. chunks[from..to]]);
                groups.Add(isOld ? group.WithWorkOf(old!) : group);
            }

            start = end;
        }
    }

    private int NextFree()
    {
        while (!_taken.Add(_free))
        {
            _free++;
        }

        return _free;
    }
}
